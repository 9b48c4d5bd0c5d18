/** A titled list of bookings with its loading, empty and failed states. */

import { html } from "htm/preact";
import type { BookingJson, BookingListJson } from "../../worker/wire.ts";
import type { Loaded } from "../load.ts";
import { BookingRow } from "./booking-row.ts";
import { ErrorNotice, focusHeading, Loading } from "./notice.ts";

interface BookingListProps {
  title: string;
  /** Shown beside the title when something is to be done. */
  count?: number;
  loaded: Loaded<BookingListJson>;
  bookings: readonly BookingJson[];
  did: string;
  empty: string;
  onChanged: (booking: BookingJson) => void;
}

export function BookingList({ title, count, loaded, bookings, did, empty, onChanged }: BookingListProps) {
  const id = `list-${title.toLowerCase().replaceAll(" ", "-")}`;
  return html`<section class="list-section" aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}${count ? html` <span class="count">${count}</span>` : ""}</h2>
    ${loaded.loading && html`<${Loading} label="Loading bookings" />`}
    ${loaded.failure && html`<${ErrorNotice} message=${loaded.failure.message} onRetry=${loaded.reload} />`}
    ${loaded.value && bookings.length === 0 && html`<p class="empty-line">${empty}</p>`}
    ${
      bookings.length > 0 &&
      html`<ul class="booking-list">
        ${bookings.map(
          (each) =>
            html`<${BookingRow}
              key=${each.uid}
              booking=${each}
              did=${did}
              onChanged=${(changed: BookingJson) => {
                onChanged(changed);
                focusHeading(() => document.getElementById(id));
              }}
              onStale=${loaded.reload}
            />`,
        )}
      </ul>`
    }
  </section>`;
}
