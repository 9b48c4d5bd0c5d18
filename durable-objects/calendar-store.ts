/** The calendars a host has connected, in the authority's SQLite: how each stands, its sealed secret, its busy time. No decisions. */

import type { Sealed } from "../adapters/atproto/sealing.ts";
import type { CalendarProblem } from "../scheduling/refusal.ts";
import { mergePeriods, type Period } from "../scheduling/period.ts";
import { busyOf, busyTouching, deleteBusy, replaceBusy } from "./busy-store.ts";

/** What is read from: an address for now. */
export type ConnectionKind = "feed";

/** `failing`: tried again by itself. `needs_reauth`: only its host can help. */
export type ConnectionState = "ok" | "failing" | "needs_reauth";

/** A connection as its host may see it. Instants are epoch ms. */
export interface Connection {
  readonly id: string;
  readonly kind: ConnectionKind;
  /** What its host calls it. */
  readonly label: string;
  readonly state: ConnectionState;
  /** Why it is not `ok`. */
  readonly problem?: CalendarProblem;
  /** When its busy time was last known to be right. */
  readonly asOf: number;
  /** Its busy time is known up to here. */
  readonly coversUntil: number;
  /** The zone in which its all-day events were read. */
  readonly timeZone: string;
  readonly events: number;
  readonly nextRefreshAt: number;
  /** How often a refresh failed in a row. */
  readonly attempts: number;
  /** Rises with each refresh that begins: what one brings is taken only while no later one has begun. */
  readonly generation: number;
  /** What the source said of itself last time. */
  readonly validators?: string;
}

export class CalendarStore {
  readonly #sql: SqlStorage;
  /** Up to when all connections are known; null without any; undefined until it was read. Most hosts have none, and then nothing is asked. */
  #coversUntil: number | null | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): Connection[] {
    return this.#sql
      .exec<ConnectionRow>("SELECT * FROM calendar_connections ORDER BY created_at, id")
      .toArray()
      .map(fromRow);
  }

  find(id: string): Connection | undefined {
    const [row] = this.#sql
      .exec<ConnectionRow>("SELECT * FROM calendar_connections WHERE id = ?", id)
      .toArray();
    return row && fromRow(row);
  }

  /** A reading begins: the connection with its next generation, which makes what earlier readings bring worthless. */
  beginReading(id: string): Connection | undefined {
    const [row] = this.#sql
      .exec<ConnectionRow>(
        "UPDATE calendar_connections SET generation = generation + 1 WHERE id = ? RETURNING *",
        id,
      )
      .toArray();
    return row && fromRow(row);
  }

  secretOf(id: string): Sealed | undefined {
    const [row] = this.#sql
      .exec<{ key_id: string; sealed: ArrayBuffer }>(
        "SELECT key_id, sealed FROM calendar_connections WHERE id = ?",
        id,
      )
      .toArray();
    return row && { keyId: row.key_id, bytes: new Uint8Array(row.sealed) };
  }

  add(connection: Connection, secret: Sealed, busy: readonly Period[], now: number): void {
    this.#sql.exec(
      `INSERT INTO calendar_connections (id, kind, label, key_id, sealed, created_at, state, as_of, covers_until,
         time_zone, events, next_refresh_at, attempts, generation)
       VALUES (?, ?, ?, ?, ?, ?, 'ok', 0, 0, '', 0, 0, 0, 0)`,
      connection.id,
      connection.kind,
      connection.label,
      secret.keyId,
      secret.bytes.buffer,
      now,
    );
    this.update(connection, busy);
  }

  /** Writes how it stands now, and its busy time where that is known anew. */
  update(connection: Connection, busy: readonly Period[] | undefined): void {
    this.#sql.exec(
      `UPDATE calendar_connections SET state = ?, problem = ?, as_of = ?, covers_until = ?, time_zone = ?, events = ?,
         next_refresh_at = ?, attempts = ?, validators = ? WHERE id = ?`,
      connection.state,
      connection.problem ?? null,
      connection.asOf,
      connection.coversUntil,
      connection.timeZone,
      connection.events,
      connection.nextRefreshAt,
      connection.attempts,
      connection.validators ?? null,
      connection.id,
    );
    if (busy) {
      replaceBusy(this.#sql, connection.id, busy);
    }
    this.#coversUntil = undefined;
  }

  remove(id: string): void {
    deleteBusy(this.#sql, id);
    this.#sql.exec("DELETE FROM calendar_connections WHERE id = ?", id);
    this.#coversUntil = undefined;
  }

  /** The busy time of one, merged. */
  busyOf(id: string): Period[] {
    return mergePeriods(busyOf(this.#sql, id));
  }

  /** Which is to be read next, of those that can be read by itself, and when, epoch ms. */
  nextToRead(): { readonly id: string; readonly at: number } | undefined {
    const [row] = this.#sql
      .exec<{ id: string; at: number }>(
        `SELECT id, next_refresh_at AS at FROM calendar_connections
         WHERE state <> 'needs_reauth' ORDER BY next_refresh_at LIMIT 1`,
      )
      .toArray();
    return row;
  }

  /**
   * What of the host's time is taken in `range`: busy time, merged, and all that lies beyond what a connected calendar was asked about.
   * Nobody knows of that whether it is free.
   */
  busyIn(range: Period): Period[] {
    const until = (this.#coversUntil ??= this.#readCoversUntil());
    if (until === null) {
      return [];
    }
    const unknown = until < range.end ? [{ start: until, end: range.end }] : [];
    return mergePeriods([...busyTouching(this.#sql, range), ...unknown]);
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#coversUntil = undefined;
  }

  #readCoversUntil(): number | null {
    return this.#sql
      .exec<{ until: number | null }>("SELECT min(covers_until) AS until FROM calendar_connections")
      .one().until;
  }
}

type ConnectionRow = {
  id: string;
  kind: ConnectionKind;
  label: string;
  state: ConnectionState;
  problem: CalendarProblem | null;
  as_of: number;
  covers_until: number;
  time_zone: string;
  events: number;
  next_refresh_at: number;
  attempts: number;
  generation: number;
  validators: string | null;
};

function fromRow(row: ConnectionRow): Connection {
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    state: row.state,
    ...(row.problem !== null && { problem: row.problem }),
    asOf: row.as_of,
    coversUntil: row.covers_until,
    timeZone: row.time_zone,
    events: row.events,
    nextRefreshAt: row.next_refresh_at,
    attempts: row.attempts,
    generation: row.generation,
    ...(row.validators !== null && { validators: row.validators }),
  };
}
