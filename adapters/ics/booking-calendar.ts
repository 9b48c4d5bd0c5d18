/** A booking as an iCalendar file (RFC 5545), made safe around the `ics` package: no text of anybody can become a line or a parameter. */

import { createEvent } from "ics";
import type { EventAttributes, EventStatus } from "ics";
import type { Booking, BookingStatus } from "../../scheduling/booking.ts";
import { bookingText, calendarUid } from "./booking-text.ts";
import { foldLines } from "./fold.ts";

// A parameter cannot carry DQUOTE at all (RFC 5545 3.2), and needs none of the others.
const UNSAFE_IN_PARAMETER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029"\\;:,]/g;

/** `publicUrl`: where people reach this broker. `now` in epoch ms. */
export interface BookingCalendarContext {
  readonly publicUrl: string;
  readonly now: number;
}

/**
 * The booking as a file to hand out: one VEVENT with its stable UID and its SEQUENCE, times in UTC.
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function bookingCalendar(booking: Booking, context: BookingCalendarContext): string {
  const { hostname } = new URL(context.publicUrl);
  return calendarOf(booking, context, {
    // An address of the broker: the people's own are never put into a file that travels.
    organizer: {
      name: `@${booking.host.handle}`.replaceAll(UNSAFE_IN_PARAMETER, ""),
      email: `bookings@${hostname}`,
    },
  });
}

/**
 * The same as an object of a calendar server: without METHOD (RFC 4791 4.1), and without ORGANIZER, so that no server takes it for a meeting
 * about which it has to write to people (RFC 6638 3.1).
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function bookingCalendarObject(booking: Booking, context: BookingCalendarContext): string {
  // Lines of the calendar itself. No text of anybody is before the event, nor begins a line in it.
  return calendarOf(booking, context, {}).replaceAll(/^(?:METHOD|X-PUBLISHED-TTL):.*\r\n/gm, "");
}

function calendarOf(
  booking: Booking,
  context: BookingCalendarContext,
  more: Pick<EventAttributes, "organizer">,
): string {
  const { title, description, link, location } = bookingText(booking, context.publicUrl);
  // `timestamp` becomes DTSTAMP; the package reads it but does not declare it.
  const event: EventAttributes & { timestamp: number } = {
    uid: calendarUid(booking.uid, context.publicUrl),
    sequence: booking.sequence,
    timestamp: context.now,
    productId: "-//atproto Cal//EN",
    method: "PUBLISH",
    start: booking.start,
    startInputType: "utc",
    startOutputType: "utc",
    end: booking.end,
    endInputType: "utc",
    endOutputType: "utc",
    title,
    description,
    url: link,
    status: eventStatus(booking.status),
    ...more,
    ...(location !== undefined && { location }),
  };
  const made = createEvent(event);
  if (!made.value) {
    throw new Error("ics refused a booking", { cause: made.error });
  }
  return foldLines(made.value);
}

function eventStatus(status: BookingStatus): EventStatus {
  switch (status) {
    case "pending":
      return "TENTATIVE";
    case "confirmed":
      return "CONFIRMED";
    case "declined":
    case "cancelled":
    case "expired":
      return "CANCELLED";
  }
}
