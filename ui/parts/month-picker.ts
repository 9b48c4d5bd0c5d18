/** One month of days, of which only those with free times can be chosen; arrow keys walk it (ARIA grid). Fetches nothing. */

import { html } from "htm/preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { longDate, monthName } from "../clock-format.ts";
import { addMonths, firstDateOf, monthGrid, monthOf, moveByKey } from "../local-date.ts";
import { WEEKDAYS, WEEKDAY_NAMES } from "../weekly-hours.ts";

interface MonthPickerProps {
  month: string;
  /** First and last month that may be shown. */
  minMonth: string;
  maxMonth: string;
  /** Dates with free times. */
  enabled: ReadonlySet<string>;
  selected: string | undefined;
  today: string;
  loading: boolean;
  onMonth: (month: string) => void;
  onSelect: (date: string) => void;
}

export function MonthPicker(props: MonthPickerProps) {
  const { month, minMonth, maxMonth, enabled, selected, today, loading, onMonth, onSelect } = props;
  const [focused, setFocused] = useState<string | undefined>();
  const wantsFocus = useRef(false);
  const table = useRef<HTMLTableElement>(null);
  const firstWeekday = firstWeekdayOfReader();

  const candidates = [focused, selected, ...enabled].filter(
    (date) => date !== undefined && monthOf(date) === month,
  );
  const tabStop = candidates[0] ?? (monthOf(today) === month ? today : firstDateOf(month));

  // Before the next key can arrive: an Enter that follows an arrow must meet the day it moved to.
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    table.current?.querySelector<HTMLElement>(`[data-date="${tabStop}"]`)?.focus();
  }, [tabStop, month]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = moveByKey(tabStop, event.key, firstWeekday);
    if (next === undefined) return;
    event.preventDefault();
    const wanted = monthOf(next);
    if (wanted < minMonth || wanted > maxMonth) return;
    wantsFocus.current = true;
    setFocused(next);
    if (wanted !== month) onMonth(wanted);
  };
  const page = (months: number): void => {
    setFocused(undefined);
    onMonth(addMonths(month, months));
  };
  const choose = (date: string): void => {
    if (!enabled.has(date)) return;
    setFocused(date);
    onSelect(date);
  };

  const day = (date: string) => {
    const free = enabled.has(date);
    return html`<button
      type="button"
      class=${`day ${free ? "day-free" : ""} ${date === today ? "day-today" : ""}`}
      data-date=${date}
      aria-label=${longDate(date)}
      aria-disabled=${free ? undefined : "true"}
      aria-pressed=${date === selected}
      aria-current=${date === today ? "date" : undefined}
      tabindex=${date === tabStop ? 0 : -1}
      onClick=${() => choose(date)}
    >
      ${Number(date.slice(8))}
    </button>`;
  };

  return html`<div class="month">
    <div class="month-head">
      <h2 id="month-name" tabindex="-1" aria-live="polite">${monthName(month)}</h2>
      <div class="month-paging">
        <button
          type="button"
          class="icon-button icon-back"
          aria-label="Previous month"
          disabled=${month <= minMonth}
          onClick=${() => page(-1)}
        ></button>
        <button
          type="button"
          class="icon-button icon-forward"
          aria-label="Next month"
          disabled=${month >= maxMonth}
          onClick=${() => page(1)}
        ></button>
      </div>
    </div>
    <table ref=${table} role="grid" aria-labelledby="month-name" aria-busy=${loading} onKeyDown=${onKeyDown}>
      <thead>
        <tr>
          ${weekdaysFrom(firstWeekday).map((name) => html`<th key=${name} scope="col" abbr=${name}>${name.slice(0, 2)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${monthGrid(month, firstWeekday).map(
          (week, row) =>
            html`<tr key=${row}>
              ${week.map((date, column) => html`<td key=${column}>${date && day(date)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function weekdaysFrom(firstWeekday: number): string[] {
  return WEEKDAYS.map((_, index) => WEEKDAY_NAMES[WEEKDAYS[(index + firstWeekday) % 7] ?? "mo"]);
}

/** 0 is Monday. Browsers that do not say get Monday, the ISO week. */
function firstWeekdayOfReader(): number {
  try {
    const locale = new Intl.Locale(navigator.language) as Intl.Locale & {
      getWeekInfo?: () => { firstDay: number };
    };
    return ((locale.getWeekInfo?.().firstDay ?? 1) + 6) % 7;
  } catch {
    return 0;
  }
}
