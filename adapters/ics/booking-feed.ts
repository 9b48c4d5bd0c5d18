/** A person's own bookings as one calendar to subscribe to (RFC 5545, RFC 7986). Pure: the same bookings are the same bytes. */

import { effectiveStatus } from "../../scheduling/booking.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { eventStatus } from "./booking-calendar.ts";
import { calendarText, eventOfBooking } from "./safe-calendar.ts";
import type { SafeEvent } from "./safe-calendar.ts";
import { escapeText, safeText } from "./safe-text.ts";

/** How often subscribers should come. Many come when they like: Google asks every few hours. */
const REFRESH = "PT15M";

/** `publicUrl`: where people reach this broker. `now` in epoch ms: pending bookings nobody can answer any more are gone. */
export interface BookingFeedContext {
  readonly publicUrl: string;
  /** What the calendar is called where it is subscribed to. */
  readonly name: string;
  readonly now: number;
}

/**
 * One VEVENT for each booking that takes its time, pending ones TENTATIVE; the others are left out, since a subscriber drops what is no
 * longer there. In order of their start whatever order they come in, and stamped with their last change instead of now, so that
 * an ETag over the text changes only with what it says. No METHOD (a subscription is no message, RFC 5546 1.4), no ORGANIZER, nobody's
 * address.
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function bookingFeed(bookings: readonly Booking[], context: BookingFeedContext): string {
  const { publicUrl, name, now } = context;
  const title = escapeText(safeText(name).replaceAll("\n", " "));
  return calendarText(
    bookings.toSorted(byStart).flatMap((booking) => eventsOf(booking, publicUrl, now)),
    [
      // What RFC 7986 names them, and what calendars understood before it.
      `NAME:${title}`,
      `X-WR-CALNAME:${title}`,
      `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
      `X-PUBLISHED-TTL:${REFRESH}`,
    ],
  );
}

function eventsOf(booking: Booking, publicUrl: string, now: number): SafeEvent[] {
  const status = eventStatus(effectiveStatus(booking, now));
  return status === "CANCELLED"
    ? []
    : [{ ...eventOfBooking(booking, publicUrl, changedAt(booking)), status }];
}

/** DTSTAMP of an object that is no message is when it was last changed (RFC 5545 3.8.7.2). */
function changedAt({ createdAt, confirmedAt = 0, rescheduledAt = 0 }: Booking): number {
  return Math.max(createdAt, confirmedAt, rescheduledAt);
}

function byStart(a: Booking, b: Booking): number {
  return a.start - b.start || (a.uid < b.uid ? -1 : 1);
}
