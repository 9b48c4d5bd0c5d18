/** Every decision about a booking as one row that is never changed: each carries the hash of the one before. Reads nothing else. */

import { createHash } from "node:crypto";
import type { Booking, BookingEvent } from "../scheduling/booking.ts";

/** One decision, without anything its two people wrote: `content` is the SHA-256 of the booking as it was decided. */
export interface LogEntry {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly event: BookingEvent;
  /** DID of whoever decided; absent where time did. */
  readonly by?: string;
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  readonly start: number;
  readonly end: number;
  readonly content: string;
}

/** A row as it is stored and exported. `hash` is the SHA-256, in hex, of the hash before it, a line feed and `entry`. */
export interface LogRow {
  /** JSON of a LogEntry, byte for byte as it was hashed. */
  readonly entry: string;
  readonly hash: string;
}

/** How many rows are read at once, at most. */
export const LOG_PAGE = 1000;

/** What stands before the first row. */
export const FIRST_HASH = "0".repeat(64);

export class DecisionLog {
  readonly #sql: SqlStorage;
  /** The last row as stored; undefined until it was read. Spares every decision a statement. */
  #last: { readonly seq: number; readonly hash: string } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds a decision. Call inside the transaction that writes it; `json` is the booking as it is stored. */
  append(booking: Booking, json: string, event: BookingEvent, by: string | undefined, at: number): void {
    const last = (this.#last ??= this.#readLast());
    const entry: LogEntry = {
      seq: last.seq + 1,
      at,
      event,
      ...(by !== undefined && { by }),
      uid: booking.uid,
      sequence: booking.sequence,
      status: booking.status,
      start: booking.start,
      end: booking.end,
      content: sha256(json),
    };
    const written = JSON.stringify(entry);
    const hash = sha256(`${last.hash}\n${written}`);
    this.#sql.exec("INSERT INTO log (seq, entry_json, hash) VALUES (?, ?, ?)", entry.seq, written, hash);
    this.#last = { seq: entry.seq, hash };
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#last = undefined;
  }

  #readLast(): { seq: number; hash: string } {
    const [row] = this.#sql
      .exec<{ seq: number; hash: string }>("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1")
      .toArray();
    return row ?? { seq: 0, hash: FIRST_HASH };
  }
}

/** Rows after `seq`, in order, at most LOG_PAGE. */
export function readLog(sql: SqlStorage, seq: number): LogRow[] {
  return sql
    .exec<{ entry_json: string; hash: string }>(
      "SELECT entry_json, hash FROM log WHERE seq > CAST(? AS INTEGER) ORDER BY seq LIMIT CAST(? AS INTEGER)",
      seq,
      LOG_PAGE,
    )
    .toArray()
    .map((row) => ({ entry: row.entry_json, hash: row.hash }));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
