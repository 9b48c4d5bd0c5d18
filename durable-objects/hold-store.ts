/** Holds in the authority's SQLite. Expired ones block nothing even while they are still there. No decisions. */

import type { GivenHold } from "../scheduling/hold-decision.ts";
import type { Period } from "../scheduling/period.ts";
import type { Hold } from "../scheduling/slot-question.ts";
import { MINUTE } from "../scheduling/time-zone.ts";

/** Live holds that may conflict with a slot whose padded period lies in `range`, or start in it. */
export function liveHolds(sql: SqlStorage, range: Period, now: number): Hold[] {
  return sql
    .exec<HoldRow>(
      `SELECT * FROM holds WHERE expires_at > CAST(? AS INTEGER)
         AND start_at - buffer_before_ms < CAST(? AS INTEGER) AND end_at + buffer_after_ms > CAST(? AS INTEGER)`,
      now,
      range.end,
      range.start,
    )
    .toArray()
    .map(fromRow);
}

/** One booker's live holds, the oldest first. */
export function liveHoldsOf(sql: SqlStorage, bookerDid: string, now: number): GivenHold[] {
  return sql
    .exec<HoldRow>(
      "SELECT * FROM holds WHERE booker_did = ? AND expires_at > CAST(? AS INTEGER) ORDER BY expires_at, id",
      bookerDid,
      now,
    )
    .toArray()
    .map(fromRow);
}

export function saveHold(sql: SqlStorage, hold: GivenHold): void {
  sql.exec(
    `INSERT INTO holds
       (id, booker_did, meeting_type_rkey, start_at, end_at, buffer_before_ms, buffer_after_ms, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    hold.id,
    hold.bookerDid,
    hold.meetingTypeRkey,
    hold.start,
    hold.end,
    hold.bufferBeforeMinutes * MINUTE,
    hold.bufferAfterMinutes * MINUTE,
    hold.expiresAt,
  );
}

export function deleteHold(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM holds WHERE id = ?", id);
}

/** Takes away those that have run out, and returns their periods. */
export function deleteExpiredHolds(sql: SqlStorage, now: number): Period[] {
  return sql
    .exec<{ start_at: number; end_at: number }>(
      "DELETE FROM holds WHERE expires_at <= CAST(? AS INTEGER) RETURNING start_at, end_at",
      now,
    )
    .toArray()
    .map((row) => ({ start: row.start_at, end: row.end_at }));
}

/** When the next hold runs out, epoch ms. */
export function nextHoldExpiry(sql: SqlStorage): number | undefined {
  const [row] = sql.exec<{ next: number | null }>("SELECT min(expires_at) AS next FROM holds").toArray();
  return row?.next ?? undefined;
}

type HoldRow = {
  id: string;
  booker_did: string;
  meeting_type_rkey: string;
  start_at: number;
  end_at: number;
  buffer_before_ms: number;
  buffer_after_ms: number;
  expires_at: number;
};

function fromRow(row: HoldRow): GivenHold {
  return {
    id: row.id,
    bookerDid: row.booker_did,
    meetingTypeRkey: row.meeting_type_rkey,
    start: row.start_at,
    end: row.end_at,
    bufferBeforeMinutes: row.buffer_before_ms / MINUTE,
    bufferAfterMinutes: row.buffer_after_ms / MINUTE,
    expiresAt: row.expires_at,
  };
}
