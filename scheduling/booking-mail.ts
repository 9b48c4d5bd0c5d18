/** What is mailed to the two people of a booking. No I/O. */

import type { Booking, BookingEvent } from "./booking.ts";
import type { ReminderLead } from "./reminders.ts";

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
