/** Confirmed bookings that something in the host's own calendars lies upon. Reads only. */

import type { Booking } from "../../scheduling/booking.ts";
import { overlaps, type Period } from "../../scheduling/period.ts";
import { DAY } from "../../scheduling/time-zone.ts";

/** More are not looked at in one go. */
const MOST = 200;

/** Those not over yet on which busy time lies, the next one first. `now` in epoch ms. */
export function conflicts(sql: SqlStorage, now: number): Booking[] {
  return sql
    .exec<{ booking_json: string }>(
      `SELECT booking_json FROM bookings
       WHERE status = 'confirmed' AND end_at > CAST(?1 AS INTEGER)
         AND start_at > CAST(?1 AS INTEGER) - (SELECT ms FROM reach)
         AND EXISTS (
           SELECT 1 FROM busy
           WHERE busy.start_at > bookings.start_at - ${DAY} - 1 AND busy.start_at < bookings.end_at
             AND busy.end_at > bookings.start_at)
       ORDER BY start_at LIMIT ${MOST}`,
      now,
    )
    .toArray()
    .map((row) => JSON.parse(row.booking_json) as Booking);
}

/** Those among them upon which these periods lie. */
export function confirmedUpon(sql: SqlStorage, periods: readonly Period[], now: number): Booking[] {
  return periods.length === 0
    ? []
    : conflicts(sql, now).filter((booking) => periods.some((period) => overlaps(period, booking)));
}
