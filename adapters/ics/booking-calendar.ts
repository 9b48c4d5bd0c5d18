/** A booking as an iCalendar file (RFC 5545), made safe around the `ics` package: no text of anybody can become a line or a parameter. */

import { createEvent } from "ics";
import type { EventAttributes, EventStatus } from "ics";
import type { Booking, BookingStatus } from "../../scheduling/booking.ts";
import { foldLines } from "./fold.ts";

const TEXT_MAX_LENGTH = 4000;
// Every C0 control but line feed, DEL, C1, and the two Unicode line separators some parsers split at.
const UNSAFE_IN_TEXT = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
// A parameter cannot carry DQUOTE at all (RFC 5545 3.2), and needs none of the others.
const UNSAFE_IN_PARAMETER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029"\\;:,]/g;

/**
 * The booking as one VEVENT with its stable UID and its SEQUENCE, times in UTC.
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function bookingCalendar(
  booking: Booking,
  context: { readonly publicUrl: string; readonly now: number },
): string {
  const { hostname } = new URL(context.publicUrl);
  const link = `${context.publicUrl}/bookings/${booking.uid}`;
  // `timestamp` becomes DTSTAMP; the package reads it but does not declare it.
  const event: EventAttributes & { timestamp: number } = {
    uid: `${booking.uid}@${hostname}`,
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
    title: safeText(`${booking.meetingType.title}: @${booking.booker.handle} with @${booking.host.handle}`),
    description: safeText([booking.note, link].filter(Boolean).join("\n\n")),
    url: link,
    status: eventStatus(booking.status),
    // An address of the broker: the people's own are never put into a file that travels.
    organizer: {
      name: `@${booking.host.handle}`.replaceAll(UNSAFE_IN_PARAMETER, ""),
      email: `bookings@${hostname}`,
    },
    ...(booking.location && {
      location: safeText(booking.location.kind === "link" ? booking.location.uri : booking.location.text),
    }),
  };
  const made = createEvent(event);
  if (!made.value) {
    throw new Error("ics refused a booking", { cause: made.error });
  }
  return foldLines(made.value);
}

function safeText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(UNSAFE_IN_TEXT, "")
    .slice(0, TEXT_MAX_LENGTH)
    .toWellFormed();
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
