/** What a booking says in somebody's calendar, whichever way it gets there. */

import type { Booking } from "../../scheduling/booking.ts";
import { safeText } from "./safe-text.ts";

export interface BookingText {
  readonly title: string;
  /** The booker's note and the link: plain text. */
  readonly description: string;
  /** The booking's own page. */
  readonly link: string;
  readonly location?: string;
}

/** Titles, notes and places are written by strangers; what is left of them cannot break a line. */
export function bookingText(booking: Booking, publicUrl: string): BookingText {
  const { meetingType, booker, host, note, location } = booking;
  const link = `${publicUrl}/bookings/${booking.uid}`;
  return {
    title: safeText(`${meetingType.title}: @${booker.handle} with @${host.handle}`),
    description: safeText([note, link].filter(Boolean).join("\n\n")),
    link,
    ...(location && { location: safeText(location.kind === "link" ? location.uri : location.text) }),
  };
}

/** The UID (RFC 5545 3.8.4.7) that a booking has in every calendar: its own uid, unique in the world. */
export function calendarUid(bookingUid: string, publicUrl: string): string {
  return `${bookingUid}@${new URL(publicUrl).hostname}`;
}
