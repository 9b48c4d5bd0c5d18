/** A booking as JSON, for its two people and for programs that act for its host. Pure. Instants are RFC 3339. */

import { type Booking, expiryOf } from "./booking.ts";
import { rfc3339 } from "./time-zone.ts";

/**
 * For its two people only: it carries the note and the booker's e-mail address. What was known of the host's calendars is for `viewerDid`
 * only where that is the host.
 */
export function bookingAsJson(booking: Booking, viewerDid: string) {
  const { calendarsSeen } = booking;
  return {
    uid: booking.uid,
    sequence: booking.sequence,
    status: booking.status,
    host: booking.host,
    booker: booking.booker,
    meetingType: booking.meetingType,
    start: rfc3339(booking.start),
    end: rfc3339(booking.end),
    timeZone: booking.timeZone,
    ...(booking.note !== undefined && { note: booking.note }),
    ...(booking.email !== undefined && { email: booking.email }),
    ...(booking.location !== undefined && { location: booking.location }),
    createdAt: rfc3339(booking.createdAt),
    ...(booking.status === "pending" && { expiresAt: rfc3339(expiryOf(booking)) }),
    ...(booking.rescheduledAt !== undefined && { rescheduledAt: rfc3339(booking.rescheduledAt) }),
    ...(booking.rescheduledBy !== undefined && { rescheduledBy: booking.rescheduledBy }),
    ...(booking.previousStart !== undefined && { previousStart: rfc3339(booking.previousStart) }),
    ...(booking.confirmedAt !== undefined && { confirmedAt: rfc3339(booking.confirmedAt) }),
    ...(booking.cancelledAt !== undefined && { cancelledAt: rfc3339(booking.cancelledAt) }),
    ...(booking.cancelledBy !== undefined && { cancelledBy: booking.cancelledBy }),
    ...(booking.reason !== undefined && { reason: booking.reason }),
    ...(calendarsSeen &&
      viewerDid === booking.host.did && {
        calendarsSeen: { asOf: rfc3339(calendarsSeen.asOf), isCurrent: calendarsSeen.isCurrent },
      }),
  };
}
