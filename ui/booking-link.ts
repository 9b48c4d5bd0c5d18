/** What a link in a mail wants done with a booking: `/bookings/<uid>#cancel`, `#reschedule` and `#answer`. Pure. */

import type { BookingJson } from "../worker/wire.ts";
import { isStanding, sideOf } from "./booking-standing.ts";

export type LinkedAction = "cancel" | "decline" | "answer" | "move";

/**
 * What to open for the reader; undefined where there is nothing (any more) that they may do. `hash` with its `#`, `now` in epoch ms. A host who
 * has not answered yet declines instead of cancelling.
 */
export function linkedAction(
  hash: string,
  booking: BookingJson,
  did: string,
  now: number,
): LinkedAction | undefined {
  if (!isStanding(booking, now)) return undefined;
  const mayAnswer = booking.status === "pending" && sideOf(booking, did) === "host";
  switch (hash) {
    case "#cancel":
      return mayAnswer ? "decline" : "cancel";
    case "#reschedule":
      return "move";
    case "#answer":
      return mayAnswer ? "answer" : undefined;
    default:
      return undefined;
  }
}
