/** Writing a decision: the booking, what is owed because of it, and the timers it needs, all in the caller's transaction. */

import { type Booking, effectiveStatus } from "../scheduling/booking.ts";
import { effectsOf } from "../scheduling/effect.ts";
import { lapsedBookings, saveBooking } from "./booking-store.ts";
import { owe } from "./outbox.ts";
import type { Timers } from "./timers.ts";

/** Effects of decisions made close together go to D1 in one batch. */
const RELAY_DELAY_MS = 100;

/** Writes `booking` as just decided by `actorDid`, and all it entails. Call inside `transactionSync`. */
export function recordDecision(
  sql: SqlStorage,
  timers: Timers,
  booking: Booking,
  actorDid: string,
  now: number,
): void {
  saveBooking(sql, booking);
  owe(sql, effectsOf(booking, actorDid, now));
  timers.setNoLaterThan("relay-outbox", now + RELAY_DELAY_MS);
  if (booking.status === "pending") {
    timers.setNoLaterThan("expire-pending", booking.start);
  }
}

/** Pending bookings whose start has come become `expired`. Runs before every decision, since alarms can be late. */
export function expireLapsed(sql: SqlStorage, timers: Timers, now: number): void {
  if (now < (timers.dueAt("expire-pending") ?? Infinity)) {
    return;
  }
  for (const booking of lapsedBookings(sql, now)) {
    const expired = { ...booking, status: effectiveStatus(booking, now), sequence: booking.sequence + 1 };
    recordDecision(sql, timers, expired, "", now);
  }
}
