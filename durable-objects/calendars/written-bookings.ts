/** Which bookings stand in which of the host's own calendars, as of which sequence. No decisions. */

import type { Booking } from "../../scheduling/booking.ts";

/** Where a booking was written, and which version of it. */
export interface WrittenBooking {
  readonly calendarId: string;
  readonly sequence: number;
}

export function writtenBooking(sql: SqlStorage, uid: string): WrittenBooking | undefined {
  const [row] = sql
    .exec<{ calendar_id: string; sequence: number }>(
      "SELECT calendar_id, sequence FROM written_bookings WHERE booking_uid = ?",
      uid,
    )
    .toArray();
  return row && { calendarId: row.calendar_id, sequence: row.sequence };
}

export function saveWritten(
  sql: SqlStorage,
  calendarId: string,
  { uid, sequence, start, end }: Booking,
): void {
  sql.exec(
    `INSERT INTO written_bookings (booking_uid, calendar_id, sequence, start_at, end_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (booking_uid) DO UPDATE SET calendar_id = excluded.calendar_id, sequence = excluded.sequence,
       start_at = excluded.start_at, end_at = excluded.end_at`,
    uid,
    calendarId,
    sequence,
    start,
    end,
  );
}

export function forgetWritten(sql: SqlStorage, uid: string): void {
  sql.exec("DELETE FROM written_bookings WHERE booking_uid = ?", uid);
}

/** A calendar is gone: what was written there is its host's own from now on. */
export function forgetWrittenIn(sql: SqlStorage, calendarId: string): void {
  sql.exec("DELETE FROM written_bookings WHERE calendar_id = ?", calendarId);
}

/** Whether a booking stands in a calendar, or may stand in one before long. */
export function isWrittenOrOwed(sql: SqlStorage, uid: string): boolean {
  return (
    sql
      .exec(
        `SELECT 1 FROM written_bookings WHERE booking_uid = ?1
         UNION ALL SELECT 1 FROM outbox WHERE channel = 'calendar' AND booking_uid = ?1 LIMIT 1`,
        uid,
      )
      .toArray().length > 0
  );
}

/** The calendars in which bookings of ours stand, or may come to stand. */
export function calendarsWithBookings(sql: SqlStorage): ReadonlySet<string> {
  const rows = sql
    .exec<{ id: string }>(
      "SELECT calendar_id AS id FROM written_bookings UNION SELECT id FROM calendars WHERE takes_bookings = 1",
    )
    .toArray();
  return new Set(rows.map(({ id }) => id));
}
