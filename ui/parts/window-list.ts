/** The windows of one day: from–to pairs that can be added and removed. Allows every pair: an early end means the next day. */

import { html } from "htm/preact";
import type { WindowJson } from "../../worker/wire.ts";
import { wallTimeLabel } from "../clock-format.ts";
import { useViewerTime } from "../viewer-time.ts";
import { nextWindow, overnightLabel, timeChoices } from "../weekly-hours.ts";

interface WindowListProps {
  /** The day's name for labels: `Monday`. */
  day: string;
  /** What the day after is called: `on Tuesday`, `the next day`. */
  nextDay: string;
  windows: readonly WindowJson[];
  onChange: (windows: readonly WindowJson[]) => void;
}

export function WindowList({ day, nextDay, windows, onChange }: WindowListProps) {
  const { hourCycle } = useViewerTime();
  const replace = (index: number, next: WindowJson): void =>
    onChange(windows.map((each, at) => (at === index ? next : each)));
  return html`<ul class="windows">
    ${windows.map((window, index) => {
      const nth = windows.length > 1 ? ` ${index + 1}` : "";
      const overnight = overnightLabel(window, nextDay, (time) => wallTimeLabel(time, hourCycle));
      return html`<li key=${index} class="window">
        <${TimeSelect}
          label=${`${day}${nth} from`}
          value=${window.start}
          onValue=${(start: string) => replace(index, { ...window, start })}
        />
        <span aria-hidden="true">–</span>
        <${TimeSelect}
          label=${`${day}${nth} to`}
          value=${window.end}
          isEnd
          onValue=${(end: string) => replace(index, { ...window, end })}
        />
        <button
          type="button"
          class="icon-button icon-remove"
          aria-label=${`Remove ${day}${nth} hours`}
          onClick=${() => onChange(windows.filter((_, at) => at !== index))}
        ></button>
        ${overnight && html`<span class="hint window-hint" role="status">${overnight}</span>`}
      </li>`;
    })}
    <li>
      <button
        type="button"
        class="link-button add"
        aria-label=${`Add hours on ${day}`}
        onClick=${() => onChange([...windows, nextWindow(windows)])}
      >
        Add hours
      </button>
    </li>
  </ul>`;
}

interface TimeSelectProps {
  label: string;
  value: string;
  isEnd?: boolean;
  onValue: (value: string) => void;
}

function TimeSelect({ label, value, isEnd = false, onValue }: TimeSelectProps) {
  const { hourCycle } = useViewerTime();
  return html`<select
    class="time-select"
    aria-label=${label}
    value=${value}
    onChange=${(event: { currentTarget: HTMLSelectElement }) => onValue(event.currentTarget.value)}
  >
    ${timeChoices(value, isEnd).map(
      (time) =>
        html`<option key=${time} value=${time} selected=${time === value}>
          ${wallTimeLabel(time, hourCycle)}
        </option>`,
    )}
  </select>`;
}
