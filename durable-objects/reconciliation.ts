/** Holds every booking against its row in D1, owes again what differs, and lets go of what has long been over. Decides nothing. */

import type { RowName, RowState } from "../adapters/d1/history.ts";
import type { Booking } from "../scheduling/booking.ts";
import { bookingEffect } from "../scheduling/effect.ts";
import { bookingsAfter, deleteBookings, findBooking } from "./booking-store.ts";
import type { Desk } from "./desk.ts";
import { bookingsInOutbox, oweAndRelay } from "./outbox-store.ts";
import type { Work } from "./work.ts";

/** How many bookings are compared at once. */
const PAGE = 200;

/** How many unexplained bookings are named. */
const MAX_NAMED = 20;

const DAY_MS = 24 * 60 * 60_000;

/** Bookings that ended so long ago are kept in D1 only. No limit, no overlap and no change looks back so far. */
const KEPT_AFTER_END_MS = 90 * DAY_MS;

/** How a reconciliation went, in numbers of bookings. */
export interface Reconciliation {
  readonly checked: number;
  /** Their rows were missing, older or wrong: they are owed again. */
  readonly mended: number;
  /** Their rows differ because D1 refuses them: they are parked. */
  readonly parked: number;
  /** Left the authority. */
  readonly pruned: number;
  /** D1 has a later one than its authority, or one that its authority does not know. Nobody but a person can tell why. */
  readonly unexplained: number;
  /** The uids of some of the unexplained. */
  readonly unexplainedUids: readonly string[];
}

export const NOTHING_COMPARED: Reconciliation = {
  checked: 0,
  mended: 0,
  parked: 0,
  pruned: 0,
  unexplained: 0,
  unexplainedUids: [],
};

/** Compares all bookings of a host. Safe to break off, to repeat and to run beside anything. `now` in epoch ms. */
export async function reconcile(work: Work, now: number): Promise<Reconciliation> {
  const { desk, history, transaction } = work;
  const total = { checked: 0, mended: 0, parked: 0, pruned: 0 };
  const unexplained: string[] = [];
  let page: readonly Booking[] = [];
  do {
    page = bookingsAfter(desk.sql, page.at(-1)?.uid ?? "", PAGE);
    const { waiting } = bookingsInOutbox(desk.sql);
    // Of those that are still under way nobody can say yet whether they arrived.
    const settled = page.filter(({ uid }) => !waiting.has(uid));
    const rows = await history.compare(settled);
    const found = transaction(() => settle(desk, settled, rows, now));
    total.checked += settled.length;
    total.mended += found.mended;
    total.parked += found.parked;
    total.pruned += found.pruned;
    unexplained.push(...found.unexplained);
  } while (page.length === PAGE);
  unexplained.push(...(await unknownRows(work, now)));
  return {
    ...total,
    unexplained: unexplained.length,
    unexplainedUids: unexplained.slice(0, MAX_NAMED),
  };
}

/** Whether a booking may have left its authority by now. A day of grace, since clocks are set back at times. */
export function mayBePruned(booking: Booking, now: number): boolean {
  return booking.end <= now - KEPT_AFTER_END_MS + DAY_MS;
}

/** What follows from the rows of bookings that had nothing under way when D1 was asked for them. Call inside a transaction. */
function settle(desk: Desk, bookings: readonly Booking[], rows: ReadonlyMap<string, RowState>, now: number) {
  const owed = bookingsInOutbox(desk.sql);
  const mended: Booking[] = [];
  const unexplained: string[] = [];
  const pruned: string[] = [];
  let parked = 0;
  for (const booking of bookings) {
    const { uid } = booking;
    const row = rows.get(uid);
    const isUnchanged = findBooking(desk.sql, uid)?.sequence === booking.sequence;
    if (!isUnchanged) {
      continue; // Decided upon meanwhile: its row is on its way.
    }
    if (row && row.sequence > booking.sequence) {
      unexplained.push(uid);
    } else if (row?.isSame !== true) {
      parked += Number(owed.parked.has(uid));
      mended.push(...(owed.parked.has(uid) ? [] : [booking]));
    } else if (isLongOver(booking, now) && !owed.waiting.has(uid) && !owed.parked.has(uid)) {
      pruned.push(uid);
    }
  }
  if (mended.length > 0) {
    oweAndRelay(desk, mended.map(bookingEffect), now);
  }
  deleteBookings(desk.sql, pruned);
  return { mended: mended.length, parked, pruned: pruned.length, unexplained };
}

/** One that waited for an answer becomes `expired` first, which both its people are told. */
function isLongOver(booking: Booking, now: number): boolean {
  return booking.status !== "pending" && booking.end <= now - KEPT_AFTER_END_MS;
}

/** Rows of bookings that the authority does not know, though they are too young to have left it. */
async function unknownRows({ desk, history }: Work, now: number): Promise<string[]> {
  const unknown: string[] = [];
  const from = now - KEPT_AFTER_END_MS + DAY_MS;
  let page: readonly RowName[] = [];
  do {
    page = await history.rowsFrom(from, page.at(-1), PAGE);
    unknown.push(...page.map(({ uid }) => uid).filter((uid) => findBooking(desk.sql, uid) === undefined));
  } while (page.length === PAGE);
  return unknown;
}
