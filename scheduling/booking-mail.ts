/** What is mailed to the two people of a booking, and when it is still worth sending. No I/O. */

import type { Booking, BookingEvent } from "./booking.ts";
import type { ReminderLead } from "./reminders.ts";
import { stillReminds } from "./reminders.ts";

/** What a mail tells. `invitation`: they proved an address just now, and have a booking that stands in no calendar of theirs. */
export type BookingNews =
  | { readonly kind: BookingEvent | "invitation" }
  | { readonly kind: "reminder"; readonly lead: ReminderLead };

/** A mail that is owed to one of the two. */
export interface BookingMail {
  /** As it was decided. */
  readonly booking: Booking;
  readonly news: BookingNews;
  readonly to: "host" | "booker";
  /** Who decided; absent: time did, or nobody. */
  readonly by?: "host" | "booker";
}

/** Of the last calendar object that went to their address: RFC 5545 SEQUENCE. */
export interface LastInvite {
  readonly sequence: number;
}

/** A mail to be sent, with or without a calendar object (RFC 5546). */
export interface PlannedMail {
  readonly invite?: "REQUEST" | "CANCEL";
}

/**
 * What is to be sent, if anything. Whatever changes an entry in their calendar goes to both, whoever decided; other news only to whoever
 * does not know yet. Nothing goes out about what is over, and no entry is put back to an earlier state.
 * @param last what went to the address that they have now
 * @param now epoch ms
 */
export function planMail(
  { booking, news, to, by }: BookingMail,
  last: LastInvite | undefined,
  now: number,
): PlannedMail | undefined {
  if (news.kind === "reminder") {
    return stillReminds(booking, booking.start, now) ? {} : undefined;
  }
  const isKnown = last !== undefined && last.sequence >= booking.sequence;
  if (isKnown || booking.end <= now) {
    return undefined;
  }
  const invite = inviteFor(booking, last !== undefined);
  if (invite !== undefined) {
    return { invite };
  }
  return to === by || news.kind === "invitation" ? undefined : {};
}

/** An entry that stands is moved and taken away; one that does not is only made of what is confirmed. */
function inviteFor({ status }: Booking, stands: boolean): PlannedMail["invite"] {
  switch (status) {
    case "confirmed":
      return "REQUEST";
    case "pending":
      return stands ? "REQUEST" : undefined;
    case "declined":
    case "cancelled":
    case "expired":
      return stands ? "CANCEL" : undefined;
  }
}
