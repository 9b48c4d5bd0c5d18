/** The address of an Account's person and the links that wait for an answer, as rows. Texts come in and go out sealed. Never calls anybody. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { createMailSchema, hasMailSchema } from "./mail-schema.ts";
import { sealedOf, type SealedRow } from "./sealed-row.ts";

/** `owed`: its mail waits. `withheld`: there will be none, and nobody is told. `unwanted`: whoever got it wants no mail. */
export type LinkState = "owed" | "sent" | "withheld" | "unwanted";

export interface StoredAddress {
  readonly addressHash: string;
  readonly sealed: Sealed;
  readonly isRefused: boolean;
}

export interface StoredLink {
  /** SHA-256 of the link's secret. */
  readonly linkHash: string;
  readonly addressHash: string;
  readonly sealed: Sealed;
  /** Epoch ms. */
  readonly askedAt: number;
  readonly expiresAt: number;
}

/** The key of this Account's hashes, sealed, and whose it is. */
export interface StoredKey {
  readonly did: string;
  readonly sealed: Sealed;
}

const SEALED_TABLES = ["mail_address", "mail_links", "mail_outbox"] as const;

type SealedTable = (typeof SEALED_TABLES)[number];

export class MailStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  get sql(): SqlStorage {
    return this.#storage.sql;
  }

  transaction<Value>(work: () => Value): Value {
    return this.#storage.transactionSync(work);
  }

  /** Whether anything was ever written. Where not, every question has its answer without a table. */
  get isThere(): boolean {
    return hasMailSchema(this.sql);
  }

  key(): StoredKey | undefined {
    const [row] = this.#rows<SealedRow & { did: string }>("SELECT did, key_id, sealed FROM mail_key");
    return row && { did: row.did, sealed: sealedOf(row) };
  }

  /** Puts a key in the place of any other, and with it goes what was hashed under that. */
  putKey({ did, sealed }: StoredKey): void {
    createMailSchema(this.sql);
    this.sql.exec(
      "DELETE FROM mail_address; DELETE FROM mail_links; DELETE FROM mail_outbox WHERE kind = 'link'",
    );
    this.sql.exec(
      "INSERT OR REPLACE INTO mail_key (only, did, key_id, sealed) VALUES (1, ?, ?, ?)",
      did,
      sealed.keyId,
      sealed.bytes.buffer,
    );
  }

  /** Seals the key anew, unless it is another one by now. Each sealing has its own nonce, so equal bytes are the same one. */
  resealKey(before: Sealed, { keyId, bytes }: Sealed): void {
    this.sql.exec(
      "UPDATE mail_key SET key_id = ?, sealed = ? WHERE sealed = ?",
      keyId,
      bytes.buffer,
      before.bytes.buffer,
    );
  }

  /** Everything that is sealed about addresses, by the table it is in. */
  sealedTexts(): { readonly table: SealedTable; readonly sealed: Sealed }[] {
    return SEALED_TABLES.flatMap((table) =>
      this.#rows<SealedRow>(`SELECT key_id, sealed FROM ${table} WHERE sealed IS NOT NULL`).map((row) => ({
        table,
        sealed: sealedOf(row),
      })),
    );
  }

  /** Seals one of them anew, unless it has gone. */
  reseal(table: SealedTable, before: Sealed, { keyId, bytes }: Sealed): void {
    this.sql.exec(
      `UPDATE ${table} SET key_id = ?, sealed = ? WHERE sealed = ?`,
      keyId,
      bytes.buffer,
      before.bytes.buffer,
    );
  }

  address(): StoredAddress | undefined {
    const [row] = this.#rows<SealedRow & { address_hash: string; refused_at: number | null }>(
      "SELECT address_hash, key_id, sealed, refused_at FROM mail_address",
    );
    return (
      row && { addressHash: row.address_hash, sealed: sealedOf(row), isRefused: row.refused_at !== null }
    );
  }

  /** One address for each person: the last one that was proved. Every link that waits has lost its meaning then. */
  putAddress({ addressHash, sealed }: Pick<StoredAddress, "addressHash" | "sealed">): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO mail_address (only, address_hash, key_id, sealed) VALUES (1, ?, ?, ?)",
      addressHash,
      sealed.keyId,
      sealed.bytes.buffer,
    );
    this.deleteLinks();
  }

  /** Nothing is mailed to it any more. False where it is not the address in use, or that was known. `now` in epoch ms. */
  markRefused(addressHash: string, now: number): boolean {
    return this.#isChanged(
      "UPDATE mail_address SET refused_at = ? WHERE address_hash = ? AND refused_at IS NULL RETURNING only",
      now,
      addressHash,
    );
  }

  deleteAddress(): void {
    if (this.isThere) {
      this.sql.exec("DELETE FROM mail_address");
      this.deleteLinks();
    }
  }

  /** Those whose owner wants no mail stay known, until they expire. */
  deleteLinks(): void {
    this.sql.exec("DELETE FROM mail_links WHERE state <> 'unwanted'");
    this.sql.exec("DELETE FROM mail_outbox WHERE kind = 'link'");
  }

  /** What keeps another link from being owed to an address at `now` (epoch ms), if anything does. */
  standing(addressHash: string, now: number): "proved" | LinkState | undefined {
    const proved = this.address();
    if (proved?.addressHash === addressHash && !proved.isRefused) {
      return "proved";
    }
    return this.#rows<{ state: LinkState }>(
      "SELECT state FROM mail_links WHERE address_hash = ? AND expires_at > ?",
      addressHash,
      now,
    )[0]?.state;
  }

  /** How many links were asked for after an instant (epoch ms), whatever has become of them. */
  linksSince(instant: number): number {
    const query = "SELECT count(*) AS count FROM mail_link_times WHERE asked_at > ?";
    return this.#rows<{ count: number }>(query, instant)[0]?.count ?? 0;
  }

  putLink({ linkHash, addressHash, sealed, askedAt, expiresAt }: StoredLink): void {
    // One that has expired and was not deleted yet must not stand beside it.
    this.sql.exec("DELETE FROM mail_links WHERE address_hash = ?", addressHash);
    this.sql.exec(
      "INSERT INTO mail_links (link_hash, address_hash, state, key_id, sealed, asked_at, expires_at) VALUES (?, ?, 'owed', ?, ?, ?, ?)",
      linkHash,
      addressHash,
      sealed.keyId,
      sealed.bytes.buffer,
      askedAt,
      expiresAt,
    );
    this.sql.exec("INSERT INTO mail_link_times (asked_at) VALUES (?)", askedAt);
  }

  /** The link with this hash, if it is good at `now` (epoch ms). */
  link(linkHash: string, now: number): (StoredLink & { readonly state: LinkState }) | undefined {
    return this.#links("link_hash = ? AND expires_at > ?", linkHash, now)[0];
  }

  /** The last address that was asked for and waits for an answer, as far as anybody can tell. */
  lastAsked(now: number): StoredLink | undefined {
    return this.#links("state <> 'unwanted' AND expires_at > ? ORDER BY asked_at DESC LIMIT 1", now)[0];
  }

  /** False where it has become something else meanwhile. */
  setLinkState(linkHash: string, from: readonly LinkState[], to: LinkState): boolean {
    return this.#isChanged(
      "UPDATE mail_links SET state = ? WHERE link_hash = ? AND state IN (SELECT value FROM json_each(?)) RETURNING link_hash",
      to,
      linkHash,
      JSON.stringify(from),
    );
  }

  /** As if it had not been asked for. */
  deleteLink(linkHash: string): void {
    this.sql.exec("DELETE FROM mail_links WHERE link_hash = ?", linkHash);
  }

  /** Whether reminders are mailed: true unless they said no. */
  wantsReminders(): boolean {
    return this.#rows<{ reminders: number }>("SELECT reminders FROM mail_wishes")[0]?.reminders !== 0;
  }

  setReminders(isWanted: boolean): void {
    if (!isWanted) {
      createMailSchema(this.sql);
      this.sql.exec("INSERT OR REPLACE INTO mail_wishes (only, reminders) VALUES (1, 0)");
    } else if (this.isThere) {
      this.sql.exec("DELETE FROM mail_wishes");
    }
  }

  /** Drops what has expired. True when nothing is left that anybody would miss. `now` in epoch ms. */
  prune(now: number): boolean {
    if (!this.isThere) {
      return true;
    }
    this.sql.exec("DELETE FROM mail_links WHERE expires_at <= ?", now);
    this.sql.exec(
      "DELETE FROM mail_outbox WHERE kind = 'link' AND id NOT IN (SELECT link_hash FROM mail_links WHERE state = 'owed')",
    );
    this.sql.exec("DELETE FROM mail_link_times WHERE asked_at <= ?", now - DAY);
    const tables = ["mail_address", "mail_links", "mail_wishes", "mail_link_times", "mail_outbox"];
    return tables.every((table) => this.#rows(`SELECT 1 FROM ${table} LIMIT 1`).length === 0);
  }

  /** When the next row expires, epoch ms. */
  nextExpiry(): number | undefined {
    const query = `SELECT min(at) AS at FROM (
      SELECT min(expires_at) AS at FROM mail_links UNION ALL SELECT min(asked_at) + ${DAY} FROM mail_link_times)`;
    return this.#rows<{ at: number | null }>(query)[0]?.at ?? undefined;
  }

  #links(where: string, ...values: SqlStorageValue[]) {
    return this.#rows<LinkRow>(`SELECT * FROM mail_links WHERE ${where}`, ...values).map((row) => ({
      linkHash: row.link_hash,
      addressHash: row.address_hash,
      state: row.state,
      sealed: sealedOf(row),
      askedAt: row.asked_at,
      expiresAt: row.expires_at,
    }));
  }

  #isChanged(statement: string, ...values: SqlStorageValue[]): boolean {
    return this.#rows(statement, ...values).length > 0;
  }

  /** Nothing where there are no tables. */
  #rows<Row extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): Row[] {
    return this.isThere ? this.sql.exec<Row>(query, ...values).toArray() : [];
  }
}

interface LinkRow extends SealedRow {
  link_hash: string;
  address_hash: string;
  state: LinkState;
  asked_at: number;
  expires_at: number;
}
