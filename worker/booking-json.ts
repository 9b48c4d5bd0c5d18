/** A booking as HTTP shows it. */

import type { Booking } from "../scheduling/booking.ts";
import { bookingAsJson } from "../scheduling/booking-json.ts";
import type { BookingJson } from "./wire.ts";

/** For its two people only: see bookingAsJson. */
export function bookingJson(booking: Booking, viewerDid: string): BookingJson {
  return bookingAsJson(booking, viewerDid);
}
