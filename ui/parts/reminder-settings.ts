/** Whether a person is reminded of confirmed bookings, saved with their account. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { SettingsJson } from "../../worker/wire.ts";
import { useSettingsSaving } from "../settings-saving.ts";
import { useSavedSettings } from "../viewer-time.ts";
import { SaveSettings } from "./save-settings.ts";

type ReminderChoice = NonNullable<SettingsJson["reminders"]>;

const BOTH: ReminderChoice = { dayBefore: true, hourBefore: true };

export function ReminderSettings() {
  const saved = useSavedSettings();
  const [changes, setChanges] = useState<Partial<ReminderChoice>>({});
  const saving = useSettingsSaving();
  const reminders: ReminderChoice = { ...BOTH, ...saved?.reminders, ...changes };

  const change = (next: Partial<ReminderChoice>): void => {
    setChanges({ ...changes, ...next });
    saving.touch();
  };
  const save = (event: Event): void => {
    event.preventDefault();
    void saving.save({ reminders });
  };
  const choice = (name: keyof ReminderChoice, label: string) =>
    html`<label class="check">
      <input
        type="checkbox"
        checked=${reminders[name]}
        onChange=${(event: { currentTarget: HTMLInputElement }) => change({ [name]: event.currentTarget.checked })}
      />
      <span>${label}</span>
    </label>`;

  return html`<section class="card" aria-labelledby="reminders-heading">
    <h2 id="reminders-heading">Reminders</h2>
    <p class="muted">
      In the bell, and by mail where you are mailed, for every confirmed booking, as host and as booker.
    </p>
    <form class="form-stack" onSubmit=${save}>
      ${choice("dayBefore", "Remind me a day before")} ${choice("hourBefore", "Remind me an hour before")}
      <${SaveSettings} saving=${saving} label="Save reminders" />
    </form>
  </section>`;
}
