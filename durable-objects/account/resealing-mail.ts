/** What an Account keeps of addresses, sealed under the active key and counted, so that an operator can take earlier keys away. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { NOTHING_SEALED, type Resealing } from "../calendars/resealing.ts";
import { type AccountMail, boundTo } from "./account-mail.ts";
import { mailKeyBoundTo } from "./mail-key.ts";
import { sealedOf, type SealedRow } from "./sealed-row.ts";

/** The key of its hashes, the address, the links that wait, and mails that have not left. */
const TABLES = ["mail_key", "mail_address", "mail_links", "mail_outbox"] as const;

/** All of it. What is taken away or replaced meanwhile stays as it is then. */
export async function resealMail(mail: AccountMail): Promise<Resealing> {
  const counts = { ...NOTHING_SEALED };
  const { sealer, store } = mail;
  for (const table of store.isThere ? TABLES : []) {
    const owner = table === "mail_key" ? mailKeyBoundTo(mail.did) : boundTo(mail);
    for (const sealed of sealedIn(store.sql, table)) {
      const text = await sealer.open(sealed, owner);
      if (text === undefined) {
        counts.lost += 1;
      } else if (sealed.keyId === sealer.activeKeyId) {
        counts.current += 1;
      } else {
        exchange(store.sql, table, sealed, await sealer.seal(text, owner));
        counts.resealed += 1;
      }
    }
  }
  return counts;
}

function sealedIn(sql: SqlStorage, table: (typeof TABLES)[number]): Sealed[] {
  const query = `SELECT key_id, sealed FROM ${table} WHERE sealed IS NOT NULL`;
  return sql.exec<SealedRow>(query).toArray().map(sealedOf);
}

/** Each sealing has its own nonce, so equal bytes are the same one. */
function exchange(
  sql: SqlStorage,
  table: (typeof TABLES)[number],
  before: Sealed,
  { keyId, bytes }: Sealed,
): void {
  sql.exec(
    `UPDATE ${table} SET key_id = ?, sealed = ? WHERE sealed = ?`,
    keyId,
    bytes.buffer,
    before.bytes.buffer,
  );
}
