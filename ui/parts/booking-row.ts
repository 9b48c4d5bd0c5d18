/** One booking in a list: when, what, with whom, its status, and what can be done at once. */

import { html } from "htm/preact";
import type { BookingJson } from "../../worker/wire.ts";
import { deadlineSentence, expirySentence, movedSentence, unseenSentence } from "../booking-sentence.ts";
import { sideOf } from "../booking-standing.ts";
import { clockRange, listDay } from "../clock-format.ts";
import { segment } from "../router.ts";
import { useViewerTime } from "../viewer-time.ts";
import { BookingActions } from "./booking-actions.ts";
import { StatusBadge } from "./status-badge.ts";

interface BookingRowProps {
  booking: BookingJson;
  did: string;
  /** Over: it is shown with how it ended, and nothing can be done. */
  isPast?: boolean;
  onChanged?: (booking: BookingJson) => void;
  onStale?: () => void;
}

export function BookingRow({ booking, did, isPast = false, onChanged, onStale }: BookingRowProps) {
  const { zone, hourCycle } = useViewerTime();
  const startAt = Date.parse(booking.start);
  const side = sideOf(booking, did);
  const other = side === "host" ? booking.booker : booking.host;
  const needsAnswer = side === "host" && !isPast && booking.status === "pending";
  const time = { zone, hourCycle, now: Date.now() };
  const news = isPast
    ? []
    : [
        movedSentence(booking, side, time),
        deadlineSentence(booking, side, time),
        expirySentence(booking.status, side),
        unseenSentence(booking, side, time),
      ];
  return html`<li class=${`booking-row ${needsAnswer ? "booking-row-waiting" : ""}`}>
    <div class="booking-when">
      <strong>${listDay(startAt, zone, time.now)}</strong>
      <span>${clockRange(startAt, Date.parse(booking.end), zone, hourCycle)}</span>
    </div>
    <div class="booking-what">
      <a href=${`/bookings/${segment(booking.uid)}`}>${booking.meetingType.title}</a>
      <span class="muted">with <bdi>@${other.handle}</bdi></span>
      ${needsAnswer && booking.note && html`<p class="booking-note">${booking.note}</p>`}
      ${news.map((text) => text && html`<span key=${text} class="hint">${text}</span>`)}
    </div>
    <div class="booking-side">
      ${
        needsAnswer
          ? html`<${BookingActions}
              booking=${booking}
              did=${did}
              onChanged=${onChanged}
              onStale=${onStale}
              compact
            />`
          : html`<${StatusBadge} status=${booking.status} />`
      }
    </div>
  </li>`;
}
