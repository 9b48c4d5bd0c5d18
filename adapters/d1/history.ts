/** The rows of one host's bookings in D1, as their authority asks about them: are they there, are they right, are there others? */

import { and, asc, eq, gt, inArray, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { union } from "drizzle-orm/sqlite-core";
import { bookings, notifications, userSettings } from "../../migrations/schema.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { bookingOf, type BookingRow, bookingRow } from "./booking-rows.ts";
import { inTime } from "./deadline.ts";

/** What D1 has of a booking. */
export interface RowState {
  readonly sequence: number;
  /** Whether the row says exactly what the booking says. */
  readonly isSame: boolean;
}

/** A row without its content. */
export interface RowName {
  readonly uid: string;
  readonly start: number;
}

export type History = ReturnType<typeof d1History>;

/** D1 as the history of one host. Every question @throws NoAnswerInTime, or whatever D1 refuses with. */
export function d1History(db: D1Database, hostDid: string) {
  // Made with every alarm, and most of them ask nothing.
  const orm = () => drizzle(db);
  return {
    hostDid,

    /** What D1 has of these bookings, by uid; those without a row are missing. */
    async compare(expected: readonly Booking[]): Promise<ReadonlyMap<string, RowState>> {
      const uids = JSON.stringify(expected.map(({ uid }) => uid));
      const rows = await inTime(
        orm()
          .select()
          .from(bookings)
          .where(inArray(bookings.id, sql`(SELECT value FROM json_each(${uids}))`)),
      );
      const found = new Map(rows.map((row) => [row.id, row]));
      return new Map(
        expected.flatMap((booking) => {
          const row = found.get(booking.uid);
          return row ? [[booking.uid, { sequence: row.sequence, isSame: isRowOf(booking, row) }]] : [];
        }),
      );
    },

    /** The host's rows that start at `from` (epoch ms) or later, by start, those after `last`, at most `limit`. */
    async rowsFrom(from: number, last: RowName | undefined, limit: number): Promise<RowName[]> {
      const { id, hostDid: host, startTime } = bookings;
      const after = last ?? { start: from - 1, uid: "" };
      return inTime(
        orm()
          .select({ uid: id, start: startTime })
          .from(bookings)
          .where(
            and(
              eq(host, hostDid),
              or(gt(startTime, after.start), and(eq(startTime, after.start), gt(id, after.uid))),
            ),
          )
          .orderBy(asc(startTime), asc(id))
          .limit(limit),
      );
    },

    /** The host's booking of this uid. */
    async find(uid: string): Promise<Booking | undefined> {
      const [row] = await inTime(
        orm()
          .select()
          .from(bookings)
          .where(and(eq(bookings.id, uid), eq(bookings.hostDid, hostDid))),
      );
      return row && bookingOf(row);
    },
  };
}

/** The hosts of whom D1 has rows, by DID, those after `afterDid`, at most `limit`. */
export async function hostsWithRows(db: D1Database, afterDid: string, limit: number): Promise<string[]> {
  const rows = await drizzle(db)
    .selectDistinct({ did: bookings.hostDid })
    .from(bookings)
    .where(gt(bookings.hostDid, afterDid))
    .orderBy(asc(bookings.hostDid))
    .limit(limit);
  return rows.map(({ did }) => did);
}

/** Everybody of whom D1 has rows of any kind, by DID, those after `afterDid`, at most `limit`. */
export async function peopleWithRows(db: D1Database, afterDid: string, limit: number): Promise<string[]> {
  const orm = drizzle(db);
  const { hostDid, bookerDid } = bookings;
  const { recipientDid } = notifications;
  const rows = await union(
    orm.select({ did: hostDid }).from(bookings).where(gt(hostDid, afterDid)),
    orm.select({ did: bookerDid }).from(bookings).where(gt(bookerDid, afterDid)),
    orm.select({ did: recipientDid }).from(notifications).where(gt(recipientDid, afterDid)),
    orm.select({ did: userSettings.did }).from(userSettings).where(gt(userSettings.did, afterDid)),
  )
    .orderBy(sql`1`)
    .limit(limit);
  return rows.map(({ did }) => did);
}

/** When a row was written says nothing about what it says. */
function isRowOf(booking: Booking, row: BookingRow): boolean {
  const expected = Object.entries({ ...bookingRow(booking, row.updatedAt) });
  return expected.every(([name, value]) => Reflect.get(row, name) === value);
}
