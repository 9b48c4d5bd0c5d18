/** The accounts whose calendars a host has connected, in the authority's SQLite: how each stands, and its sealed secret. No decisions. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import type { SourceKind } from "../../adapters/calendars/source.ts";
import type { CalendarProblem } from "../../scheduling/refusal.ts";

/** `failing`: tried again by itself. `needs_reauth`: only its host can help. */
export type ConnectionState = "ok" | "failing" | "needs_reauth";

/** A connection. Instants are epoch ms. */
export interface Connection {
  readonly id: string;
  readonly kind: SourceKind;
  /** What its host calls it. */
  readonly label: string;
  readonly state: ConnectionState;
  /** Why it is not `ok`. */
  readonly problem?: CalendarProblem;
  readonly nextRefreshAt: number;
  /** How often a refresh failed in a row. */
  readonly attempts: number;
  /** Rises with each refresh that begins: what one brings is taken only while no later one has begun. */
  readonly generation: number;
}

export class ConnectionStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The oldest first. */
  all(): Connection[] {
    return this.#select("1 = 1 ORDER BY created_at, id");
  }

  find(id: string): Connection | undefined {
    return this.#select("id = ?", id)[0];
  }

  /** A reading begins: the connection with its next generation, which makes what earlier readings bring worthless. */
  beginReading(id: string): Connection | undefined {
    this.#sql.exec("UPDATE calendar_connections SET generation = generation + 1 WHERE id = ?", id);
    return this.find(id);
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

  add(connection: Connection, secret: Sealed, now: number): void {
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
    this.update(connection);
  }

  /** Writes how it stands now. */
  update(connection: Connection): void {
    this.#sql.exec(
      "UPDATE calendar_connections SET state = ?, problem = ?, next_refresh_at = ?, attempts = ? WHERE id = ?",
      connection.state,
      connection.problem ?? null,
      connection.nextRefreshAt,
      connection.attempts,
      connection.id,
    );
  }

  /** Keeps another secret, unless there is another one than `before` by now; false then. Each sealing has its own nonce, so equal bytes are the same one. */
  exchangeSecret(id: string, before: Sealed, { keyId, bytes }: Sealed): boolean {
    const exchanged = this.#sql.exec(
      "UPDATE calendar_connections SET key_id = ?, sealed = ? WHERE id = ? AND sealed = ? RETURNING id",
      keyId,
      bytes.buffer,
      id,
      before.bytes.buffer,
    );
    return exchanged.toArray().length === 1;
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM calendar_connections WHERE id = ?", id);
  }

  /** Which is to be read next, of those that can be read by themselves and have calendars that block, and when, epoch ms. */
  nextToRead(): { readonly id: string; readonly at: number } | undefined {
    const [row] = this.#sql
      .exec<{ id: string; at: number }>(
        `SELECT id, next_refresh_at AS at FROM calendar_connections
         WHERE state <> 'needs_reauth'
           AND id IN (SELECT connection_id FROM calendars WHERE blocks = 1)
         ORDER BY next_refresh_at LIMIT 1`,
      )
      .toArray();
    return row;
  }

  #select(condition: string, ...values: string[]): Connection[] {
    return this.#sql
      .exec<ConnectionRow>(
        `SELECT id, kind, label, state, problem, next_refresh_at, attempts, generation
         FROM calendar_connections WHERE ${condition}`,
        ...values,
      )
      .toArray()
      .map(fromRow);
  }
}

type ConnectionRow = {
  id: string;
  kind: SourceKind;
  label: string;
  state: ConnectionState;
  problem: CalendarProblem | null;
  next_refresh_at: number;
  attempts: number;
  generation: number;
};

function fromRow(row: ConnectionRow): Connection {
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    state: row.state,
    ...(row.problem !== null && { problem: row.problem }),
    nextRefreshAt: row.next_refresh_at,
    attempts: row.attempts,
    generation: row.generation,
  };
}
