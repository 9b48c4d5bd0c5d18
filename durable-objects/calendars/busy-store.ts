/** Busy time of the host's own calendars in the authority's SQLite: periods, and nothing about what they are. No decisions. */

import type { Period } from "../../scheduling/period.ts";
import { DAY } from "../../scheduling/time-zone.ts";

/** Replaces all periods of one calendar; `busy` is merged. Writes what differs only: rows written cost most. Call inside a transaction. */
export function replaceBusy(sql: SqlStorage, calendarId: string, busy: readonly Period[]): void {
  const pieces = JSON.stringify(busy.flatMap(inDays).map(({ start, end }) => [start, end]));
  sql.exec(
    `DELETE FROM busy WHERE connection_id = ?
       AND (start_at, end_at) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    calendarId,
    pieces,
  );
  sql.exec(
    `INSERT OR IGNORE INTO busy (connection_id, start_at, end_at)
     SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)`,
    calendarId,
    pieces,
  );
}

export function deleteBusy(sql: SqlStorage, calendarId: string): void {
  sql.exec("DELETE FROM busy WHERE connection_id = ?", calendarId);
}

/** All periods of one calendar, in pieces. */
export function busyOf(sql: SqlStorage, calendarId: string): Period[] {
  return select(sql, "connection_id = ?", calendarId);
}

/** Busy periods that touch `range`, in no order, and in pieces. */
export function busyTouching(sql: SqlStorage, range: Period): Period[] {
  return select(
    sql,
    "start_at > CAST(? AS INTEGER) AND start_at < CAST(? AS INTEGER) AND end_at > CAST(? AS INTEGER)",
    range.start - DAY - 1,
    range.end,
    range.start,
  );
}

function select(sql: SqlStorage, condition: string, ...values: (string | number)[]): Period[] {
  return sql
    .exec<{ start_at: number; end_at: number }>(
      `SELECT start_at, end_at FROM busy WHERE ${condition}`,
      ...values,
    )
    .toArray()
    .map((row) => ({ start: row.start_at, end: row.end_at }));
}

/** Pieces of a day at most: so a narrow range of the index is looked at, however long somebody is away. */
function inDays({ start, end }: Period): Period[] {
  const pieces: Period[] = [];
  for (let from = start; from < end; from += DAY) {
    pieces.push({ start: from, end: Math.min(end, from + DAY) });
  }
  return pieces;
}
