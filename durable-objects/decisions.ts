/** Writing a decision: the booking, its row in the log, what is owed because of it, and the timers it needs, in the caller's transaction. */

import { type Booking, type Decision, expiryOf } from "../scheduling/booking.ts";
import { decideExpiry } from "../scheduling/booking-decisions.ts";
import { effectsOf } from "../scheduling/effect.ts";
import { lapsedBookings, saveBooking } from "./booking-store.ts";
import type { Desk } from "./desk.ts";
import { owe, oweAndRelay } from "./outbox-store.ts";
import { mailOwed } from "./mail/owing-mail.ts";
import { setReminders } from "./reminders.ts";
import { tellWebhooks } from "./webhooks/owing-webhooks.ts";
import { calendarEntryOwed } from "./calendars/writing-calendars.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Writes what `actorDid` (undefined: time) has just decided, and all it entails. Call inside a transaction of the desk. */
export function recordDecision(
  desk: Desk,
  decision: Decision,
  actorDid: string | undefined,
  now: number,
): void {
  const { booking, event } = decision;
  const json = saveBooking(desk.sql, booking);
  desk.log.append(booking, json, event, actorDid, now);
  owe(desk.sql, effectsOf(decision, actorDid, now), now);
  oweAndRelay(desk, [...calendarEntryOwed(desk, booking), ...mailOwed(desk, decision, actorDid)], now);
  tellWebhooks(desk, decision, now);
  desk.timers.setNoLaterThan("relay-outbox", desk.pace.dueAt(now));
  if (desk.timers.state("reconcile") === undefined) {
    desk.timers.setNoLaterThan("reconcile", nextReconciliation(now));
  }
  if (booking.status === "pending") {
    desk.timers.setNoLaterThan("expire-pending", expiryOf(booking));
  }
  setReminders(desk, booking, now);
  announceDecision(desk, decision);
}

/** Pending bookings whose time has come become `expired`. Runs before every decision, since alarms can be late. */
export function expireLapsed(desk: Desk, now: number): void {
  const timer = desk.timers.state("expire-pending");
  // It stands no later than the first of them, unless it backs off.
  if (timer === undefined || (timer.attempts === 0 && now < timer.dueAt)) {
    return;
  }
  for (const booking of lapsedBookings(desk.sql, now)) {
    const decision = decideExpiry(booking, now);
    if (decision) {
      recordDecision(desk, decision, undefined, now);
    }
  }
}

/** About a day from now. Hosts have no common hour, so that D1 is not asked about all of them at once. `now` in epoch ms. */
export function nextReconciliation(now: number): number {
  return now + Math.round(DAY_MS * (1 + Math.random() / 4));
}

function announceDecision(desk: Desk, { booking, event }: Decision): void {
  switch (event) {
    case "requested":
      desk.announce("taken", booking);
      return;
    case "confirmed":
      // Whoever waits for an answer has the slot already.
      if (booking.sequence === 0) {
        desk.announce("taken", booking);
      }
      return;
    case "rescheduled":
      desk.announce("freed", previousPeriod(booking));
      desk.announce("taken", booking);
      return;
    case "declined":
    case "cancelled":
    case "expired":
      desk.announce("freed", booking);
  }
}

function previousPeriod({ previousStart = 0, start, end }: Booking) {
  return { start: previousStart, end: previousStart + end - start };
}
