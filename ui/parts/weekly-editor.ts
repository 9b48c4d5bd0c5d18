/** Seven days, each with its windows, and copying one day's windows to others. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { WEEKDAYS, WEEKDAY_NAMES, nextWindow, type WeekdayCode, type WeeklyHours } from "../weekly-hours.ts";
import { WindowList } from "./window-list.ts";

interface WeeklyEditorProps {
  hours: WeeklyHours;
  onChange: (hours: WeeklyHours) => void;
}

export function WeeklyEditor({ hours, onChange }: WeeklyEditorProps) {
  const [copying, setCopying] = useState<WeekdayCode | undefined>();
  return html`<fieldset class="week">
    <legend>Weekly hours</legend>
    ${WEEKDAYS.map((day, index) => {
      const name = WEEKDAY_NAMES[day];
      const after = WEEKDAY_NAMES[WEEKDAYS[(index + 1) % 7] ?? "mo"];
      const windows = hours[day];
      return html`<div
        key=${day}
        class=${`week-day ${windows.length === 0 ? "week-day-off" : ""}`}
        role="group"
        aria-label=${name}
      >
        <label class="week-name">
          <input
            type="checkbox"
            checked=${windows.length > 0}
            onChange=${(event: { currentTarget: HTMLInputElement }) =>
              onChange({ ...hours, [day]: event.currentTarget.checked ? [nextWindow([])] : [] })}
          />
          ${name}
        </label>
        ${
          windows.length === 0
            ? html`<span class="week-off">Unavailable</span>`
            : html`<${WindowList}
                day=${name}
                nextDay=${`on ${after}`}
                windows=${windows}
                onChange=${(next: WeeklyHours["mo"]) => onChange({ ...hours, [day]: next })}
              />`
        }
        ${
          windows.length > 0 &&
          html`<button
            type="button"
            class="link-button week-copy"
            aria-expanded=${copying === day}
            onClick=${() => setCopying(copying === day ? undefined : day)}
          >
            Copy to…<span class="visually-hidden">${` (from ${name})`}</span>
          </button>`
        }
        ${
          copying === day &&
          html`<${CopyPanel}
            from=${day}
            onCopy=${(to: readonly WeekdayCode[]) => {
              onChange({ ...hours, ...Object.fromEntries(to.map((each) => [each, [...windows]])) });
              setCopying(undefined);
            }}
            onClose=${() => setCopying(undefined)}
          />`
        }
      </div>`;
    })}
  </fieldset>`;
}

interface CopyPanelProps {
  from: WeekdayCode;
  onCopy: (to: readonly WeekdayCode[]) => void;
  onClose: () => void;
}

function CopyPanel({ from, onCopy, onClose }: CopyPanelProps) {
  const [to, setTo] = useState<readonly WeekdayCode[]>([]);
  const others = WEEKDAYS.filter((day) => day !== from);
  const toggle = (day: WeekdayCode): void =>
    setTo(to.includes(day) ? to.filter((each) => each !== day) : [...to, day]);
  return html`<div class="copy-panel" role="group" aria-label=${`Copy ${WEEKDAY_NAMES[from]} to`}>
    <div class="copy-days">
      ${others.map(
        (day) =>
          html`<label key=${day} class="chip">
            <input
              type="checkbox"
              checked=${to.includes(day)}
              onChange=${() => toggle(day)}
            />${WEEKDAY_NAMES[day]}
          </label>`,
      )}
    </div>
    <div class="actions">
      <button
        type="button"
        class="button button-small"
        disabled=${to.length === 0}
        onClick=${() => onCopy(to)}
      >
        Copy hours
      </button>
      <button type="button" class="button button-small" onClick=${() => onCopy(others)}>
        Copy to all days
      </button>
      <button type="button" class="link-button" onClick=${onClose}>Close</button>
    </div>
  </div>`;
}
