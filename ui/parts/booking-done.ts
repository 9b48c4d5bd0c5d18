/** What a booker sees when the request was taken: its state, the calendar file, where to find it again. */

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import type { BookingJson } from "../../worker/wire.ts";
import { deadlineSentence } from "../booking-sentence.ts";
import { clockRange, longDay, zoneLabel } from "../clock-format.ts";
import { segment } from "../router.ts";
import { useViewerTime } from "../viewer-time.ts";
import { OtherZone } from "./other-zone.ts";
import { StatusBadge } from "./status-badge.ts";

export function BookingDone({ booking }: { booking: BookingJson }) {
  const { zone, hourCycle } = useViewerTime();
  const heading = useRef<HTMLHeadingElement>(null);
  const startAt = Date.parse(booking.start);
  const endAt = Date.parse(booking.end);
  const deadline = deadlineSentence(booking, "booker", { zone, hourCycle, now: Date.now() });
  const isConfirmed = booking.status === "confirmed";
  useEffect(() => heading.current?.focus(), []);
  return html`<div class="done">
    <span class="done-mark" aria-hidden="true"></span>
    <h2 ref=${heading} tabindex="-1">${isConfirmed ? "You are booked" : "Your request is sent"}</h2>
    <p role="status">
      ${
        isConfirmed
          ? html`<bdi>@${booking.host.handle}</bdi> expects you.`
          : html`The time is held for you while <bdi>@${booking.host.handle}</bdi> decides.
              ${deadline && ` ${deadline}`} You will see the answer here.`
      }
    </p>
    <div class="done-card">
      <p class="done-title">${booking.meetingType.title} <${StatusBadge} status=${booking.status} /></p>
      <p>${longDay(startAt, zone)}</p>
      <p>${clockRange(startAt, endAt, zone, hourCycle)}</p>
      <p class="muted chosen-zone">
        <span>${zoneLabel(zone, startAt)}</span>
        <${OtherZone} startAt=${startAt} endAt=${endAt} timeZone=${booking.timeZone}>For the host<//>
      </p>
    </div>
    <div class="actions">
      <a class="button button-primary" href=${`/bookings/${segment(booking.uid)}`}>View booking</a>
      <a class="button" href=${`/api/bookings/${segment(booking.uid)}.ics`} download>Add to calendar</a>
    </div>
  </div>`;
}
