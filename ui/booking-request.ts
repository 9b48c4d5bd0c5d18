/** Sends one booking request until it is answered; every repeat carries the same requestId. Shows nothing. */

import type { BookingInput, BookingJson } from "../worker/wire.ts";
import { call, type Answer } from "./api.ts";
import { untilAnswered } from "./until-answered.ts";

/** Answers the booking or a refusal; a failure that may be repeated only after every attempt was in vain. */
export async function requestBooking(
  input: BookingInput,
  pauses?: readonly number[],
): Promise<Answer<{ booking: BookingJson }>> {
  return untilAnswered(() => call<{ booking: BookingJson }>("POST", "/api/bookings", input), pauses);
}
