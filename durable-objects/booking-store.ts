/** Bookings in the authority's SQLite. Columns carry what decides and what the overlap guard needs; the rest is JSON. No decisions. */

import type { Booking } from "../scheduling/booking.ts";
import type { Period } from "../scheduling/period.ts";
import type { BlockingBooking } from "../scheduling/slot-question.ts";
import { MINUTE } from "../scheduling/time-zone.ts";

/** The booking with this uid as it was last decided. */
export function findBooking(sql: SqlStorage, uid: string): Booking | undefined {
  const [row] = sql
    .exec<{ booking_json: string }>("SELECT booking_json FROM bookings WHERE uid = ?", uid)
    .toArray();
  return row && parseBooking(row.booking_json);
}

/** Writes a booking as decided, and returns its JSON. The overlap guard throws if it would touch another that blocks time. */
export function saveBooking(sql: SqlStorage, booking: Booking): string {
  const json = JSON.stringify(booking);
  sql.exec(
    `INSERT INTO bookings
       (uid, sequence, status, start_at, end_at, buffer_before_ms, buffer_after_ms, booker_did, booking_json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (uid) DO UPDATE SET
       sequence = excluded.sequence, status = excluded.status, start_at = excluded.start_at,
       end_at = excluded.end_at, buffer_before_ms = excluded.buffer_before_ms,
       buffer_after_ms = excluded.buffer_after_ms, booking_json = excluded.booking_json`,
    booking.uid,
    booking.sequence,
    booking.status,
    booking.start,
    booking.end,
    booking.bufferBeforeMinutes * MINUTE,
    booking.bufferAfterMinutes * MINUTE,
    booking.booker.did,
    json,
  );
  return json;
}

/**
 * Every booking that may conflict with a slot whose padded period lies in `range`: what blocks time in and near it, as of `now`. A
 * pending one that has expired does not, even if no alarm has said so yet.
 */
export function blockingBookings(sql: SqlStorage, range: Period, now: number): BlockingBooking[] {
  return sql
    .exec<{
      uid: string;
      meeting_type_rkey: string;
      start_at: number;
      end_at: number;
      buffer_before_ms: number;
      buffer_after_ms: number;
    }>(
      `SELECT uid, meeting_type_rkey, start_at, end_at, buffer_before_ms, buffer_after_ms FROM bookings
       WHERE status IN ('pending', 'confirmed') AND (status = 'confirmed' OR expires_at > CAST(? AS INTEGER))
         AND start_at > CAST(? AS INTEGER) - (SELECT ms FROM reach)
         AND start_at < CAST(? AS INTEGER) + (SELECT ms FROM reach)
       ORDER BY start_at`,
      now,
      range.start,
      range.end,
    )
    .toArray()
    .map((row) => ({
      uid: row.uid,
      meetingTypeRkey: row.meeting_type_rkey,
      start: row.start_at,
      end: row.end_at,
      bufferBeforeMinutes: row.buffer_before_ms / MINUTE,
      bufferAfterMinutes: row.buffer_after_ms / MINUTE,
    }));
}

/** How many requests of a booker wait, as of `now`, besides one. */
export function countPending(sql: SqlStorage, bookerDid: string, exceptUid: string, now: number): number {
  return sql
    .exec<{ pending: number }>(
      `SELECT count(*) AS pending FROM bookings
       WHERE booker_did = ? AND status = 'pending' AND expires_at > CAST(? AS INTEGER) AND uid <> ?`,
      bookerDid,
      now,
      exceptUid,
    )
    .one().pending;
}

/** Pending bookings that have expired: nobody can confirm them any more. */
export function lapsedBookings(sql: SqlStorage, now: number): Booking[] {
  return sql
    .exec<{ booking_json: string }>(
      "SELECT booking_json FROM bookings WHERE status = 'pending' AND expires_at <= CAST(? AS INTEGER)",
      now,
    )
    .toArray()
    .map((row) => parseBooking(row.booking_json));
}

/** When the next pending booking will expire, epoch ms. */
export function nextLapse(sql: SqlStorage): number | undefined {
  const [row] = sql
    .exec<{ next: number | null }>("SELECT min(expires_at) AS next FROM bookings WHERE status = 'pending'")
    .toArray();
  return row?.next ?? undefined;
}

/** What is confirmed and not over, as of `now`. */
export function upcomingConfirmed(sql: SqlStorage, now: number): Booking[] {
  return sql
    .exec<{ booking_json: string }>(
      "SELECT booking_json FROM bookings WHERE status = 'confirmed' AND end_at > CAST(? AS INTEGER) ORDER BY start_at",
      now,
    )
    .toArray()
    .map((row) => parseBooking(row.booking_json));
}

/** Bookings by uid, those after `afterUid`, at most `limit`. */
export function bookingsAfter(sql: SqlStorage, afterUid: string, limit: number): Booking[] {
  return sql
    .exec<{ booking_json: string }>(
      "SELECT booking_json FROM bookings WHERE uid > ? ORDER BY uid LIMIT CAST(? AS INTEGER)",
      afterUid,
      limit,
    )
    .toArray()
    .map((row) => parseBooking(row.booking_json));
}

/** Whether there is any. */
export function hasBookings(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM bookings LIMIT 1").toArray().length > 0;
}

/** Takes bookings out of the authority, with all that is kept about them. What was written of them into a calendar stays there. */
export function deleteBookings(sql: SqlStorage, uids: readonly string[]): void {
  const list = JSON.stringify(uids);
  sql.exec("DELETE FROM bookings WHERE uid IN (SELECT value FROM json_each(?))", list);
  for (const table of ["written_bookings", "reminders", "invited", "webhook_deliveries"]) {
    sql.exec(`DELETE FROM ${table} WHERE booking_uid IN (SELECT value FROM json_each(?))`, list);
  }
}

function parseBooking(json: string): Booking {
  // Written by saveBooking of this or an earlier version; fields are only ever added.
  return JSON.parse(json) as Booking;
}
