/** The choice between the 12- and the 24-hour clock. */

import { html } from "htm/preact";
import type { HourCycle } from "../clock-format.ts";

interface ClockToggleProps {
  value: HourCycle;
  onValue: (value: HourCycle) => void;
}

export function ClockToggle({ value, onValue }: ClockToggleProps) {
  const choice = (cycle: HourCycle, label: string) =>
    html`<button type="button" aria-pressed=${value === cycle} onClick=${() => onValue(cycle)}>
      ${label}
    </button>`;
  return html`<div class="segmented" role="group" aria-label="Clock format">
    ${choice("h12", "12-hour")}${choice("h23", "24-hour")}
  </div>`;
}
