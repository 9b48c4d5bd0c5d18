/** How long a meeting takes, and the other lengths its booker may pick: typed, or set by a tap on a common one. */

import { html } from "htm/preact";
import { durationLabel } from "../clock-format.ts";
import { namesDuration, toggleDuration } from "../duration-list.ts";
import type { FieldErrors, MeetingTypeForm } from "../meeting-type-form.ts";
import { TextField } from "./field.ts";

interface DurationFieldsProps {
  form: MeetingTypeForm;
  errors: FieldErrors;
  onChange: (form: MeetingTypeForm) => void;
}

const COMMON = [15, 30, 45, 60, 90];

export function DurationFields({ form, errors, onChange }: DurationFieldsProps) {
  const { durationMinutes, moreDurations } = form;
  const others = COMMON.filter((each) => String(each) !== durationMinutes.trim());
  return html`<div class="duration-row">
      <${TextField}
        id="meeting-durationMinutes"
        label="Duration"
        inputmode="numeric"
        unit="min"
        value=${durationMinutes}
        error=${errors.durationMinutes}
        onValue=${(typed: string) => onChange({ ...form, durationMinutes: typed })}
      />
      <div class="presets" role="group" aria-label="Common lengths">
        ${COMMON.map((each) => {
          const pick = (): void => onChange({ ...form, durationMinutes: String(each) });
          return chip(each, durationMinutes.trim() === String(each), pick);
        })}
      </div>
    </div>
    <div class="duration-row">
      <${TextField}
        id="meeting-moreDurations"
        label="Other lengths (optional)"
        hint="The booker then picks a length. In minutes, with commas between."
        value=${moreDurations}
        error=${errors.moreDurations}
        onValue=${(typed: string) => onChange({ ...form, moreDurations: typed })}
      />
      <div class="presets" role="group" aria-label="Add a common one">
        ${others.map((each) => {
          const toggle = (): void =>
            onChange({ ...form, moreDurations: toggleDuration(moreDurations, each) });
          return chip(each, namesDuration(moreDurations, each), toggle);
        })}
      </div>
    </div>`;
}

function chip(minutes: number, isOn: boolean, onClick: () => void) {
  return html`<button
    type="button"
    key=${minutes}
    class="chip-button"
    aria-pressed=${isOn}
    onClick=${onClick}
  >
    ${durationLabel(minutes)}
  </button>`;
}
