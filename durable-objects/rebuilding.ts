/** Owing D1 everything again that the authority can still say: every booking, and every notification that its log speaks of. */

import type { Booking } from "../scheduling/booking.ts";
import { bookingEffect, type Effect, effectsOf } from "../scheduling/effect.ts";
import { bookingsAfter, findBooking } from "./booking-store.ts";
import { type LogEntry, readLog } from "./decision-log.ts";
import { oweAndRelay } from "./outbox-store.ts";
import type { Work } from "./work.ts";

/** How many bookings are owed in one transaction. */
const PAGE = 200;

/** How much is owed again. */
export interface Rebuilding {
  readonly bookings: number;
  readonly notifications: number;
}

export const NOTHING_OWED: Rebuilding = { bookings: 0, notifications: 0 };

/** Owes all of it, page by page. What D1 has already stays, read marks included: rows are versioned, notifications have stable ids. */
export async function rebuild({ desk, transaction }: Work, now: number): Promise<Rebuilding> {
  const total = { bookings: 0, notifications: 0 };
  let page: readonly Booking[] = [];
  do {
    page = bookingsAfter(desk.sql, page.at(-1)?.uid ?? "", PAGE);
    transaction(() => oweAndRelay(desk, page.map(bookingEffect), now));
    total.bookings += page.length;
    await scheduler.wait(0);
  } while (page.length === PAGE);
  let rows = readLog(desk.sql, 0);
  for (let seq = 0; rows.length > 0; rows = readLog(desk.sql, seq)) {
    const told = rows.flatMap(({ entry }) => notificationsOf(desk.sql, JSON.parse(entry) as LogEntry));
    transaction(() => oweAndRelay(desk, told, now));
    total.notifications += told.length;
    seq += rows.length;
    await scheduler.wait(0);
  }
  return total;
}

/** What a decision of the log told its people; nothing where the booking has left the authority, which would know their names. */
function notificationsOf(sql: SqlStorage, entry: LogEntry): Effect[] {
  const { uid, sequence, status, start, end, event, by, at } = entry;
  const booking = findBooking(sql, uid);
  if (booking === undefined) {
    return [];
  }
  // Of what changes in a booking's life, a notification says these only.
  const asDecided = { ...booking, sequence, status: status as Booking["status"], start, end };
  return effectsOf({ booking: asDecided, event }, by, at).filter(({ kind }) => kind === "notify");
}
