/** How long requests wait for a host's answer before they expire. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { noticeLabel } from "../clock-format.ts";
import { DEFAULT_PENDING_HOURS, pendingHoursFrom } from "../pending-hours.ts";
import { useSettingsSaving } from "../settings-saving.ts";
import { useSavedSettings, useViewerTime } from "../viewer-time.ts";
import { TextField } from "./field.ts";
import { SaveSettings } from "./save-settings.ts";

export function PendingHours() {
  // Asks for the saved settings.
  useViewerTime();
  const saved = useSavedSettings();
  const [typed, setTyped] = useState<string | undefined>();
  const saving = useSettingsSaving();
  const [error, setError] = useState<string | undefined>();
  const shown = typed ?? String(saved?.pendingHours ?? DEFAULT_PENDING_HOURS);
  const hours = pendingHoursFrom(shown);

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    saving.touch();
    setError(hours.ok ? undefined : hours.error);
    if (!hours.ok) {
      document.getElementById("pending-hours")?.focus();
      return;
    }
    if (await saving.save({ pendingHours: hours.value })) setTyped(undefined);
  };

  return html`<section class="card" aria-labelledby="requests-heading">
    <h2 id="requests-heading">Requests</h2>
    <form class="form-stack" novalidate onSubmit=${save}>
      <div class="narrow-field">
        <${TextField}
          id="pending-hours"
          label="Requests wait for an answer"
          hint=${error === undefined ? hintFor(hours) : undefined}
          inputmode="numeric"
          unit="hours"
          value=${shown}
          error=${error}
          onValue=${(value: string) => {
            setTyped(value);
            setError(undefined);
            saving.touch();
          }}
        />
      </div>
      <${SaveSettings} saving=${saving} about="how long requests wait" />
    </form>
  </section>`;
}

function hintFor(hours: ReturnType<typeof pendingHoursFrom>): string {
  if (!hours.ok) return "From 1 to 336.";
  return `After ${noticeLabel(hours.value * 60)}, or when the meeting would begin, a request expires and its time is free again.`;
}
