/** Single dates with hours of their own, or none: holidays, trips, one long evening. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { AvailabilityInput, WindowJson } from "../../worker/wire.ts";
import { longDate } from "../clock-format.ts";
import { TextField } from "./field.ts";
import { WindowList } from "./window-list.ts";

type Overrides = NonNullable<AvailabilityInput["overrides"]>;

interface OverridesEditorProps {
  overrides: Overrides;
  /** `YYYY-MM-DD` of today; earlier dates cannot be added. */
  today: string;
  onChange: (overrides: Overrides) => void;
}

export function OverridesEditor({ overrides, today, onChange }: OverridesEditorProps) {
  const [date, setDate] = useState("");
  const isKnown = overrides.some((each) => each.date === date);
  const add = (): void => {
    if (date === "" || isKnown) return;
    onChange([...overrides, { date, windows: [] }].toSorted((a, b) => a.date.localeCompare(b.date)));
    setDate("");
  };
  const replace = (changed: string, windows: readonly WindowJson[]): void =>
    onChange(
      overrides.map((each) => (each.date === changed ? { date: changed, windows: [...windows] } : each)),
    );

  return html`<fieldset class="overrides">
    <legend>Dates that differ</legend>
    <p class="hint">Days off, holidays or unusual hours. They replace the weekly hours of that date.</p>
    ${overrides.map(
      (each) =>
        html`<div key=${each.date} class="override" role="group" aria-label=${longDate(each.date)}>
          <div class="override-head">
            <strong>${longDate(each.date)}</strong>
            ${each.windows.length === 0 && html`<span class="week-off">Unavailable all day</span>`}
            <button
              type="button"
              class="link-button"
              aria-label=${`Remove date ${longDate(each.date)}`}
              onClick=${() => onChange(overrides.filter((other) => other !== each))}
            >
              Remove date
            </button>
          </div>
          <${WindowList}
            day=${longDate(each.date)}
            nextDay="the next day"
            windows=${each.windows}
            onChange=${(windows: readonly WindowJson[]) => replace(each.date, windows)}
          />
        </div>`,
    )}
    <div class="override-add">
      <${TextField}
        id="override-date"
        label="Date"
        type="date"
        min=${today}
        value=${date}
        onValue=${setDate}
      />
      <button type="button" class="button" disabled=${date === "" || isKnown} onClick=${add}>Add date</button>
    </div>
    ${isKnown && html`<p class="field-error">This date is in the list already.</p>`}
  </fieldset>`;
}
