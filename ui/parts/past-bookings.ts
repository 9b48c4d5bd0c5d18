/** What is over, latest first: closed until somebody asks for it, then a page at a time. Changes nothing. */

import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import type { BookingJson, BookingListJson } from "../../worker/wire.ts";
import { call, query, type Failure } from "../api.ts";
import { forgetSession } from "../session.ts";
import { BookingRow } from "./booking-row.ts";
import { Announce, ErrorNotice, focusHeading, Loading } from "./notice.ts";

interface PastBookingsProps {
  /** On the button that opens the list. */
  title: string;
  role: "host" | "booker";
  did: string;
}

const PAGE_SIZE = "20";

interface Past {
  readonly bookings: readonly BookingJson[];
  /** Absent when the last page is here. */
  readonly cursor?: string | undefined;
}

export function PastBookings({ title, role, did }: PastBookingsProps) {
  const [open, setOpen] = useState(false);
  const [past, setPast] = useState<Past | undefined>();
  const [failure, setFailure] = useState<Failure | undefined>();
  const [loading, setLoading] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  // All pages are about what had begun when the list was opened.
  const openedAt = useRef(0);
  const id = `past-${role}`;

  const load = async (before: Past | undefined): Promise<void> => {
    if (loading) return;
    setLoading(true);
    setFailure(undefined);
    const to = new Date(openedAt.current).toISOString();
    const cursor = before?.cursor;
    const path = `/api/bookings${query({ role, order: "desc", to, limit: PAGE_SIZE, cursor })}`;
    const answer = await call<BookingListJson>("GET", path);
    setLoading(false);
    if (!answer.ok) {
      if (answer.failure.status === 401) forgetSession();
      setFailure(answer.failure);
      return;
    }
    const shown = before?.bookings ?? [];
    // What has begun and still runs is listed above.
    const over = answer.value.bookings.filter((each) => Date.parse(each.end) <= openedAt.current);
    setPast({ bookings: [...shown, ...over], cursor: answer.value.cursor });
    if (before) focusHeading(() => list.current?.children[shown.length]?.querySelector("a"));
  };
  const toggle = (): void => {
    setOpen(!open);
    if (open) return;
    openedAt.current = Date.now();
    setPast(undefined);
    void load(undefined);
  };

  const isEmpty = past !== undefined && past.bookings.length === 0 && past.cursor === undefined;
  return html`<section class="list-section" aria-label=${title}>
    <button
      type="button"
      class="link-button disclosure"
      aria-expanded=${open}
      aria-controls=${id}
      onClick=${toggle}
    >
      ${title}
    </button>
    <div id=${id} class="list-section" hidden=${!open}>
      ${isEmpty && html`<p class="empty-line">Nothing here yet.</p>`}
      ${
        past !== undefined &&
        past.bookings.length > 0 &&
        html`<ul class="booking-list" ref=${list}>
          ${past.bookings.map(
            (each) => html`<${BookingRow} key=${each.uid} booking=${each} did=${did} isPast />`,
          )}
        </ul>`
      }
      <${Announce} text=${past && !isEmpty ? `${past.bookings.length} bookings shown` : ""} />
      ${loading && html`<${Loading} label="Loading bookings" />`}
      ${failure && html`<${ErrorNotice} message=${failure.message} onRetry=${() => load(past)} />`}
      ${
        past?.cursor !== undefined &&
        !loading &&
        !failure &&
        html`<button type="button" class="button button-small show-more" onClick=${() => load(past)}>
          Show more
        </button>`
      }
    </div>
  </section>`;
}
