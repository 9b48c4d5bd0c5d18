/** What an Account keeps of addresses, sealed under the active key and counted, so that an operator can take earlier keys away. */

import { NOTHING_SEALED, type Resealing } from "../calendars/resealing.ts";
import { type AccountMail, boundTo } from "./account-mail.ts";
import { resealMailKey } from "./mail-key.ts";

/** The key of its hashes, the address, the links that wait, and mails that have not left. */
export async function resealMail(mail: AccountMail): Promise<Resealing> {
  const { did, store, sealer } = mail;
  const counts = { ...NOTHING_SEALED };
  const key = await resealMailKey(store, sealer, did);
  if (key !== undefined) {
    counts[key] += 1;
  }
  for (const { table, sealed } of store.sealedTexts()) {
    const text = await sealer.open(sealed, boundTo(mail));
    if (text === undefined) {
      counts.lost += 1;
    } else if (sealed.keyId === sealer.activeKeyId) {
      counts.current += 1;
    } else {
      store.reseal(table, sealed, await sealer.seal(text, boundTo(mail)));
      counts.resealed += 1;
    }
  }
  return counts;
}
