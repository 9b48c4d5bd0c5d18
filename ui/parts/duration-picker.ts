/** The choice between the lengths of a meeting, as one row of radio buttons. Shows nothing where there is no choice. */

import { html } from "htm/preact";
import { durationLabel } from "../clock-format.ts";

interface DurationPickerProps {
  /** Minutes, the shortest first. */
  durations: readonly number[];
  value: number;
  onValue: (minutes: number) => void;
}

export function DurationPicker({ durations, value, onValue }: DurationPickerProps) {
  if (durations.length < 2) return null;
  return html`<fieldset class="field">
    <legend>How long?</legend>
    <div class="segmented segmented-radios">
      ${durations.map(
        (each) =>
          html`<label key=${each}>
            <input
              type="radio"
              name="duration"
              value=${each}
              checked=${each === value}
              onChange=${() => onValue(each)}
            />
            <span>${durationLabel(each)}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}
