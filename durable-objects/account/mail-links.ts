/** Links to addresses that wait for an answer, as rows. Texts come in and go out sealed. Never calls anybody. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { hasMailSchema } from "./mail-schema.ts";
import { sealedOf, type SealedRow } from "./sealed-row.ts";

/** `owed`: its mail waits. `withheld`: there will be none, and nobody is told. `unwanted`: whoever got it wants no mail. */
export type LinkState = "owed" | "sent" | "withheld" | "unwanted";

export interface StoredLink {
  /** SHA-256 of the link's secret. */
  readonly linkHash: string;
  readonly addressHash: string;
  readonly sealed: Sealed;
  /** Epoch ms. */
  readonly askedAt: number;
  readonly expiresAt: number;
}

interface LinkRow extends SealedRow {
  link_hash: string;
  address_hash: string;
  state: LinkState;
  asked_at: number;
  expires_at: number;
}

/** The tables come with the first link; where there are none, there are no links. */
export class MailLinks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  put({ linkHash, addressHash, sealed, askedAt, expiresAt }: StoredLink): void {
    // One that has expired and was not deleted yet must not stand beside it.
    this.#sql.exec("DELETE FROM mail_links WHERE address_hash = ?", addressHash);
    this.#sql.exec(
      "INSERT INTO mail_links (link_hash, address_hash, state, key_id, sealed, asked_at, expires_at) VALUES (?, ?, 'owed', ?, ?, ?, ?)",
      linkHash,
      addressHash,
      sealed.keyId,
      sealed.bytes.buffer,
      askedAt,
      expiresAt,
    );
    this.#sql.exec("INSERT INTO mail_link_times (asked_at) VALUES (?)", askedAt);
  }

  /** The link with this hash, if it is good at `now` (epoch ms). */
  find(linkHash: string, now: number): (StoredLink & { readonly state: LinkState }) | undefined {
    return this.#links("link_hash = ? AND expires_at > ?", linkHash, now)[0];
  }

  /** How the link to an address stands at `now` (epoch ms), if there is one. */
  stateOf(addressHash: string, now: number): LinkState | undefined {
    return this.#links("address_hash = ? AND expires_at > ?", addressHash, now)[0]?.state;
  }

  /** The last address that was asked for and waits for an answer, as far as anybody can tell. */
  lastAsked(now: number): StoredLink | undefined {
    return this.#links("state <> 'unwanted' AND expires_at > ? ORDER BY asked_at DESC LIMIT 1", now)[0];
  }

  /** How many were asked for after an instant (epoch ms), whatever has become of them. */
  countSince(instant: number): number {
    const query = "SELECT count(*) AS count FROM mail_link_times WHERE asked_at > ?";
    return this.#rows<{ count: number }>(query, instant)[0]?.count ?? 0;
  }

  /** False where it has become something else meanwhile. */
  setState(linkHash: string, from: readonly LinkState[], to: LinkState): boolean {
    const statement =
      "UPDATE mail_links SET state = ? WHERE link_hash = ? AND state IN (SELECT value FROM json_each(?)) RETURNING link_hash";
    return this.#rows(statement, to, linkHash, JSON.stringify(from)).length > 0;
  }

  /** As if it had not been asked for. */
  delete(linkHash: string): void {
    this.#sql.exec("DELETE FROM mail_links WHERE link_hash = ?", linkHash);
  }

  /** Those whose owner wants no mail stay known, until they expire. */
  deleteWaiting(): void {
    this.#sql.exec("DELETE FROM mail_links WHERE state <> 'unwanted'");
    this.#sql.exec("DELETE FROM mail_outbox WHERE kind = 'link'");
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

  #rows<Row extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): Row[] {
    return hasMailSchema(this.#sql) ? this.#sql.exec<Row>(query, ...values).toArray() : [];
  }
}
