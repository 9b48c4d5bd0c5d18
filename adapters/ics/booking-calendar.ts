/** A booking as an iCalendar file (RFC 5545) to hand out, and as an object of a calendar server (RFC 4791). */

import type { EventStatus } from "ics";
import type { Booking, BookingStatus } from "../../scheduling/booking.ts";
import { calendarText, eventOfBooking } from "./safe-calendar.ts";
import { safeName } from "./safe-text.ts";

/** `publicUrl`: where people reach this broker. `now` in epoch ms. */
export interface BookingCalendarContext {
  readonly publicUrl: string;
  readonly now: number;
}

/**
 * The booking as a file to hand out: one VEVENT with its stable UID and its SEQUENCE, times in UTC.
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function bookingCalendar(booking: Booking, { publicUrl, now }: BookingCalendarContext): string {
  const { hostname } = new URL(publicUrl);
  const event = {
    ...eventOfBooking(booking, publicUrl, now),
    status: eventStatus(booking.status),
    // An address of the broker: the people's own are never put into a file that travels.
    organizer: { name: safeName(`@${booking.host.handle}`), email: `bookings@${hostname}` },
  };
  return calendarText([event], ["METHOD:PUBLISH", "X-PUBLISHED-TTL:PT1H"]);
}

/**
 * The same as an object of a calendar server: without METHOD (RFC 4791 4.1), and without ORGANIZER, so that no server takes it for a meeting
 * about which it has to write to people (RFC 6638 3.1).
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function bookingCalendarObject(booking: Booking, { publicUrl, now }: BookingCalendarContext): string {
  return calendarText(
    [{ ...eventOfBooking(booking, publicUrl, now), status: eventStatus(booking.status) }],
    [],
  );
}

/** RFC 5545 3.8.1.11. */
export function eventStatus(status: BookingStatus): EventStatus {
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
