/** What an Account keeps about e-mail, as rows: the address in use, and what goes with it. Texts come in and go out sealed. Never calls anybody. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { type LinkState, MailLinks } from "./mail-links.ts";
import { createMailSchema, hasMailSchema } from "./mail-schema.ts";
import { sealedOf, type SealedRow } from "./sealed-row.ts";

export interface StoredAddress {
  readonly addressHash: string;
  readonly sealed: Sealed;
  readonly isRefused: boolean;
}

/** The key of this Account's hashes, sealed, and whose it is. */
export interface StoredKey {
  readonly did: string;
  readonly sealed: Sealed;
}

export class MailStore {
  readonly links: MailLinks;
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.links = new MailLinks(storage.sql);
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
    this.links.deleteWaiting();
  }

  /** Nothing is mailed to it any more. False where it is not the address in use, or that was known. `now` in epoch ms. */
  markRefused(addressHash: string, now: number): boolean {
    const statement =
      "UPDATE mail_address SET refused_at = ? WHERE address_hash = ? AND refused_at IS NULL RETURNING only";
    return this.#rows(statement, now, addressHash).length > 0;
  }

  deleteAddress(): void {
    if (this.isThere) {
      this.sql.exec("DELETE FROM mail_address");
      this.links.deleteWaiting();
    }
  }

  /** What keeps another link from being owed to an address at `now` (epoch ms), if anything does. */
  standing(addressHash: string, now: number): "proved" | LinkState | undefined {
    const proved = this.address();
    if (proved?.addressHash === addressHash && !proved.isRefused) {
      return "proved";
    }
    return this.links.stateOf(addressHash, now);
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

  /** Nothing where there are no tables. */
  #rows<Row extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): Row[] {
    return this.isThere ? this.sql.exec<Row>(query, ...values).toArray() : [];
  }
}
