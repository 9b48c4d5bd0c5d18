/** The zone and the clock in which a person wants to see times, saved with their account. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { SettingsJson } from "../../worker/wire.ts";
import { browserHourCycle, browserZone } from "../clock-format.ts";
import { useSettingsSaving } from "../settings-saving.ts";
import { useSavedSettings } from "../viewer-time.ts";
import { RadioCards } from "./field.ts";
import { SaveSettings } from "./save-settings.ts";
import { ZoneSelect } from "./zone-select.ts";

type TimeChoice = Pick<SettingsJson, "timeZone" | "hourCycle">;

export function TimeSettings() {
  const saved = useSavedSettings();
  const [changes, setChanges] = useState<TimeChoice>({});
  const saving = useSettingsSaving();
  const timeZone = changes.timeZone ?? saved?.timeZone ?? browserZone();
  const hourCycle = changes.hourCycle ?? saved?.hourCycle ?? browserHourCycle();

  const change = (next: TimeChoice): void => {
    setChanges({ ...changes, ...next });
    saving.touch();
  };
  const save = (event: Event): void => {
    event.preventDefault();
    void saving.save({ timeZone, hourCycle });
  };

  return html`<section class="card" aria-labelledby="time-heading">
    <h2 id="time-heading">How you see times</h2>
    <form class="form-stack" onSubmit=${save}>
      <${ZoneSelect}
        id="settings-zone"
        label="My time zone"
        value=${timeZone}
        onValue=${(zone: string) => change({ timeZone: zone })}
        hint="Only how times are shown to you. Your bookable hours have a zone of their own."
      />
      <${RadioCards}
        legend="Clock format"
        name="hour-cycle"
        value=${hourCycle}
        choices=${[
          { value: "h23", label: "24-hour", hint: "14:30" },
          { value: "h12", label: "12-hour", hint: "2:30 pm" },
        ]}
        onValue=${(value: string) => change({ hourCycle: value === "h12" ? "h12" : "h23" })}
      />
      <${SaveSettings} saving=${saving} label="Save time settings" />
    </form>
  </section>`;
}
