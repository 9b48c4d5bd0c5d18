/** What a month without free times says, and the way on to the next. */

import { html } from "htm/preact";
import { monthName } from "../clock-format.ts";
import { addMonths } from "../local-date.ts";

interface EmptyMonthProps {
  month: string;
  /** The last month in which times are offered. */
  maxMonth: string;
  /** Whether every month was looked at, and none had a free time. */
  nothingAtAll: boolean;
  hasOtherLengths: boolean;
  onMonth: (month: string) => void;
}

export function EmptyMonth({ month, maxMonth, nothingAtAll, hasOtherLengths, onMonth }: EmptyMonthProps) {
  const next = addMonths(month, 1);
  const what = hasOtherLengths ? "free times of this length" : "free times";
  const advice = nothingAtAll
    ? "Come back later, or ask the host."
    : "This is as far ahead as times are offered.";
  return html`<div class="empty empty-small" role="status">
    <p class="empty-title">
      ${nothingAtAll ? `There are no ${what} at the moment.` : `No ${what} in ${monthName(month)}.`}
    </p>
    ${
      month < maxMonth
        ? html`<button type="button" class="button button-small" onClick=${() => onMonth(next)}>
            Try ${monthName(next)}
          </button>`
        : html`<p>${hasOtherLengths ? "Choose another length, or come back later." : advice}</p>`
    }
  </div>`;
}
