/** Holds in the authority's SQLite. Expired ones block nothing even while they are still there. No decisions. */

import type { GivenHold } from "../scheduling/hold-decision.ts";
import type { Period } from "../scheduling/period.ts";
import { MINUTE } from "../scheduling/time-zone.ts";

export class HoldStore {
  readonly #sql: SqlStorage;
  /** No stored hold lives longer; undefined until it was read. Most decisions meet no hold, and then ask nothing. */
  #latestExpiry: number | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Live holds that may conflict with a slot whose padded period lies in `range`, or start in it. */
  liveIn(range: Period, now: number): GivenHold[] {
    return this.#noneLive(now)
      ? []
      : this.#select(
          "start_at - buffer_before_ms < CAST(? AS INTEGER) AND end_at + buffer_after_ms > CAST(? AS INTEGER)",
          now,
          range.end,
          range.start,
        );
  }

  /** One booker's live holds, the oldest first. */
  liveOf(bookerDid: string, now: number): GivenHold[] {
    return this.#noneLive(now) ? [] : this.#select("booker_did = ?", now, bookerDid);
  }

  save(hold: GivenHold): void {
    this.#sql.exec(
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
    this.#latestExpiry = Math.max(this.#readLatestExpiry(), hold.expiresAt);
  }

  delete(id: string): void {
    this.#sql.exec("DELETE FROM holds WHERE id = ?", id);
  }

  /** Takes away those that have run out, and returns their periods. */
  deleteExpired(now: number): Period[] {
    return this.#sql
      .exec<{ start_at: number; end_at: number }>(
        "DELETE FROM holds WHERE expires_at <= CAST(? AS INTEGER) RETURNING start_at, end_at",
        now,
      )
      .toArray()
      .map((row) => ({ start: row.start_at, end: row.end_at }));
  }

  /** When the next hold runs out, epoch ms. */
  nextExpiry(): number | undefined {
    const [row] = this.#sql
      .exec<{ next: number | null }>("SELECT min(expires_at) AS next FROM holds")
      .toArray();
    return row?.next ?? undefined;
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#latestExpiry = undefined;
  }

  #noneLive(now: number): boolean {
    this.#latestExpiry ??= this.#readLatestExpiry();
    return this.#latestExpiry <= now;
  }

  #readLatestExpiry(): number {
    return (
      this.#latestExpiry ??
      this.#sql.exec<{ latest: number | null }>("SELECT max(expires_at) AS latest FROM holds").one().latest ??
      0
    );
  }

  #select(condition: string, now: number, ...values: (string | number)[]): GivenHold[] {
    return this.#sql
      .exec<HoldRow>(
        `SELECT * FROM holds WHERE ${condition} AND expires_at > CAST(? AS INTEGER) ORDER BY expires_at, id`,
        ...values,
        now,
      )
      .toArray()
      .map(fromRow);
  }
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
