/** Sends one booking request until it is answered; every repeat carries the same requestId. Shows nothing. */

import type { BookingInput, BookingJson } from "../worker/wire.ts";
import { call, mayRepeat, type Answer } from "./api.ts";

/** Pauses between attempts, milliseconds: three repeats within about eight seconds. */
const PAUSES_MS = [1000, 2500, 5000];

/** Answers the booking or a refusal; a failure that may be repeated only after every attempt was in vain. */
export async function requestBooking(
  input: BookingInput,
  pauses: readonly number[] = PAUSES_MS,
): Promise<Answer<{ booking: BookingJson }>> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await call<{ booking: BookingJson }>("POST", "/api/bookings", input);
    const pause = pauses[attempt];
    if (answer.ok || !mayRepeat(answer.failure) || pause === undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Refusals after which another time or another length can be chosen. */
const OTHER_TIME = new Set([
  "SlotTaken",
  "OutsideAvailability",
  "TooSoon",
  "BeyondHorizon",
  "LimitReached",
  "DurationNotOffered",
]);

/** Whether the refusal is about this time or length only. */
export function asksForAnotherTime(code: string): boolean {
  return OTHER_TIME.has(code);
}
