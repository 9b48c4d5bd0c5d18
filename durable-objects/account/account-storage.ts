/** The tables of an Account: OAuth states, the OAuth session, used tokens. Secrets come in and go out sealed. Never calls anybody. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { sealedOf, type SealedRow } from "./sealed-row.ts";

/** A sealed OAuth session, whose it is, and the scope it was granted, which is no secret. */
interface StoredSession {
  readonly did: string;
  readonly sealed: Sealed;
  readonly scope: string;
}

const STATE_LIFE_MS = 10 * 60_000;
/** Beyond these, the oldest goes: beginning over and over must not fill somebody's Account, nor lock them out. */
const MAX_STATES = 100;
/** Beyond these, further tokens are refused until some expire: forgetting one would let it be used again. */
const MAX_USED_TOKENS = 10_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS oauth_states (
    state TEXT PRIMARY KEY,
    browser_key_hash TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS oauth_session (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    scope TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS session_owner (only INTEGER PRIMARY KEY CHECK (only = 1), did TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS used_tokens (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS used_tokens_by_expiry ON used_tokens (expires_at);
`;

/** Nothing is written, not even a schema, before the first write: asking about a DID leaves no trace of it. */
export class AccountStorage {
  readonly #storage: DurableObjectStorage;
  #hasSchema: boolean | undefined;
  /** Whether tables that came later are there as well. */
  #isUpToDate = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Keeps what belongs to a sign-in that began, for ten minutes and for the browser that began it. `now` in epoch ms. */
  putState(state: string, browserKeyHash: string, sealed: Sealed, now: number): void {
    this.#createSchema();
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(
        "INSERT INTO oauth_states (state, browser_key_hash, key_id, sealed, expires_at) VALUES (?, ?, ?, ?, ?)",
        state,
        browserKeyHash,
        sealed.keyId,
        sealed.bytes.buffer,
        now + STATE_LIFE_MS,
      );
      this.#storage.sql.exec(
        "DELETE FROM oauth_states WHERE state IN (SELECT state FROM oauth_states ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
        MAX_STATES,
      );
    });
  }

  /** Takes a state out: it is good once, and only for the browser that began. Anybody else takes nothing. */
  takeState(state: string, browserKeyHash: string, now: number): Sealed | undefined {
    if (!this.#schemaExists()) {
      return undefined;
    }
    const [row] = this.#storage.sql
      .exec<SealedRow>(
        "DELETE FROM oauth_states WHERE state = ? AND browser_key_hash = ? AND expires_at > ? RETURNING key_id, sealed",
        state,
        browserKeyHash,
        now,
      )
      .toArray();
    return row && sealedOf(row);
  }

  /** Those that are good at `now` (epoch ms). */
  states(now: number): { readonly state: string; readonly sealed: Sealed }[] {
    if (!this.#schemaExists()) {
      return [];
    }
    return this.#storage.sql
      .exec<SealedRow & { state: string }>(
        "SELECT state, key_id, sealed FROM oauth_states WHERE expires_at > ?",
        now,
      )
      .toArray()
      .map((row) => ({ state: row.state, sealed: sealedOf(row) }));
  }

  /** Seals a state anew; false where it was taken meanwhile. */
  exchangeState(state: string, before: Sealed, { keyId, bytes }: Sealed): boolean {
    const exchanged = this.#storage.sql.exec(
      "UPDATE oauth_states SET key_id = ?, sealed = ? WHERE state = ? AND sealed = ? RETURNING state",
      keyId,
      bytes.buffer,
      state,
      before.bytes.buffer,
    );
    return exchanged.toArray().length === 1;
  }

  session(): Omit<StoredSession, "did"> | undefined {
    if (!this.#schemaExists()) {
      return undefined;
    }
    const [row] = this.#storage.sql
      .exec<SealedRow & { scope: string }>("SELECT scope, key_id, sealed FROM oauth_session")
      .toArray();
    return row && { scope: row.scope, sealed: sealedOf(row) };
  }

  putSession({ did, sealed, scope }: StoredSession): void {
    this.#createSchema();
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(
        "INSERT OR REPLACE INTO oauth_session (only, scope, key_id, sealed) VALUES (1, ?, ?, ?)",
        scope,
        sealed.keyId,
        sealed.bytes.buffer,
      );
      this.#storage.sql.exec("INSERT OR REPLACE INTO session_owner (only, did) VALUES (1, ?)", did);
    });
  }

  /** Seals the session anew; false where it is another one by now. Each sealing has its own nonce, so equal bytes are the same one. */
  exchangeSession(before: Sealed, after: StoredSession): boolean {
    const stored = this.#storage.sql.exec(
      "SELECT 1 FROM oauth_session WHERE sealed = ?",
      before.bytes.buffer,
    );
    const isStill = stored.toArray().length === 1;
    if (isStill) {
      this.putSession(after);
    }
    return isStill;
  }

  deleteSession(): void {
    if (this.#schemaExists()) {
      this.#createSchema();
      this.#storage.sql.exec("DELETE FROM oauth_session; DELETE FROM session_owner");
    }
  }

  /** Whose session is kept, for whoever knows this object by its id only. */
  owner(): string | undefined {
    if (!this.#schemaExists()) {
      return undefined;
    }
    this.#createSchema();
    return this.#storage.sql.exec<{ did: string }>("SELECT did FROM session_owner").toArray()[0]?.did;
  }

  /** Remembers a token until it expires. False when it was used before, or when too many are remembered to take another. */
  useToken(jti: string, expiresAt: number, now: number): boolean {
    this.#createSchema();
    return this.#storage.transactionSync(() => {
      this.#storage.sql.exec("DELETE FROM used_tokens WHERE expires_at <= ?", now);
      const { count } = this.#storage.sql
        .exec<{ count: number }>("SELECT count(*) AS count FROM used_tokens")
        .one();
      if (count >= MAX_USED_TOKENS) {
        return false;
      }
      const added = this.#storage.sql.exec(
        "INSERT INTO used_tokens (jti, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING jti",
        jti,
        expiresAt,
      );
      return added.toArray().length === 1;
    });
  }

  /** Drops what has expired. True when nothing at all is left. */
  prune(now: number): boolean {
    if (!this.#schemaExists()) {
      return true;
    }
    this.#storage.sql.exec("DELETE FROM oauth_states WHERE expires_at <= ?", now);
    this.#storage.sql.exec("DELETE FROM used_tokens WHERE expires_at <= ?", now);
    const { left } = this.#storage.sql
      .exec<{ left: number }>(
        "SELECT (SELECT count(*) FROM oauth_states) + (SELECT count(*) FROM used_tokens) + (SELECT count(*) FROM oauth_session) AS left",
      )
      .one();
    return left === 0;
  }

  /** True while something is kept that will expire. */
  hasExpiring(): boolean {
    const query = "SELECT EXISTS (SELECT 1 FROM oauth_states) OR EXISTS (SELECT 1 FROM used_tokens) AS found";
    return this.#schemaExists() && this.#storage.sql.exec<{ found: number }>(query).one().found === 1;
  }

  /** Leaves the object as if it had never been written to. */
  async deleteAll(): Promise<void> {
    this.#hasSchema = false;
    this.#isUpToDate = false;
    await this.#storage.deleteAll();
  }

  #schemaExists(): boolean {
    this.#hasSchema ??=
      this.#storage.sql
        .exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'oauth_session'")
        .toArray().length === 1;
    return this.#hasSchema;
  }

  #createSchema(): void {
    if (!this.#isUpToDate) {
      this.#storage.sql.exec(SCHEMA);
      this.#hasSchema = true;
      this.#isUpToDate = true;
    }
  }
}
