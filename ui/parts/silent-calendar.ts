/** What becomes of a request while a host's calendars cannot be read. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { SettingsJson } from "../../worker/wire.ts";
import { useSettingsSaving } from "../settings-saving.ts";
import { useSavedSettings, useViewerTime } from "../viewer-time.ts";
import { RadioCards } from "./field.ts";
import { SaveSettings } from "./save-settings.ts";

type Answer = NonNullable<SettingsJson["onSilentCalendar"]>;

const CHOICES: readonly { value: Answer; label: string; hint: string }[] = [
  { value: "ask", label: "Ask me", hint: "The request waits for your answer." },
  { value: "refuse", label: "Refuse", hint: "Nobody can book until it can be read again." },
  { value: "trust", label: "Trust what was last read", hint: "It is booked as usual, and may clash." },
];

export function SilentCalendar() {
  // Asks for the saved settings.
  useViewerTime();
  const saved = useSavedSettings();
  const [chosen, setChosen] = useState<Answer | undefined>();
  const saving = useSettingsSaving();
  const value = chosen ?? saved?.onSilentCalendar ?? "ask";
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await saving.save({ onSilentCalendar: value })) setChosen(undefined);
  };
  return html`<section class="card" aria-labelledby="silent-heading">
    <h2 id="silent-heading">When a calendar cannot be read</h2>
    <form class="form-stack" onSubmit=${save}>
      <${RadioCards}
        legend="What happens to a new request"
        name="silent-calendar"
        value=${value}
        choices=${CHOICES}
        onValue=${(next: string) => {
          setChosen(CHOICES.find((each) => each.value === next)?.value);
          saving.touch();
        }}
      />
      <${SaveSettings} saving=${saving} about="what happens when a calendar cannot be read" />
    </form>
  </section>`;
}
