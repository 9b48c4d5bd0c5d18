/** The key of one Account's mail: by it two addresses are told to be the same without either being readable, and unsubscribing is proved. */

import { base64url } from "jose";
import { hmacSha256 } from "../../adapters/hmac-sha-256.ts";
import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import { newSecret } from "./address-token.ts";
import type { MailStore } from "./mail-store.ts";

export interface MailKey {
  /** Case does not count: no mail server in use tells addresses apart by it. */
  hash(address: string): Promise<string>;
  /** What a link says that ends reminders by mail: the same for as long as the key is. */
  unsubscribeSecret(): Promise<string>;
  /** Whether it still is the one of this Account: hashes of another one are no use. Ask inside the transaction that keeps such a hash. */
  isStill(): boolean;
}

/** The key, if there is one and it opens. */
export async function openMailKey(
  store: MailStore,
  sealer: Sealer,
  did: string,
): Promise<MailKey | undefined> {
  const stored = store.key()?.sealed;
  const text = stored && (await sealer.open(stored, mailKeyBoundTo(did)));
  return stored === undefined || text === undefined ? undefined : mailKey(text, () => isKeyOf(store, stored));
}

/** The key; a new one where there is none, or the one there is does not open any more, and everything under it is lost. */
async function mailKeyOf(store: MailStore, sealer: Sealer, did: string): Promise<MailKey> {
  const before = await openMailKey(store, sealer, did);
  if (before) {
    return before;
  }
  const text = newSecret();
  const lost = store.key()?.sealed;
  const sealed = await sealer.seal(text, mailKeyBoundTo(did));
  // Somebody else may have made one while this one was being sealed.
  const isFirst = store.transaction(() => {
    const isStill = isKeyOf(store, lost);
    if (isStill) {
      store.putKey({ did, sealed });
    }
    return isStill;
  });
  return isFirst ? mailKey(text, () => isKeyOf(store, sealed)) : mailKeyOf(store, sealer, did);
}

/**
 * Prepares and then commits with a key that is the Account's own at that moment: while something was prepared, the clean-up may have taken
 * everything away. `commit` runs inside the transaction.
 */
export async function withMailKey<Prepared, Value>(
  { store, sealer, did }: { readonly store: MailStore; readonly sealer: Sealer; readonly did: string },
  prepare: (key: MailKey) => Promise<Prepared>,
  commit: (prepared: Prepared) => Value,
): Promise<Value> {
  for (;;) {
    const key = await mailKeyOf(store, sealer, did);
    const prepared = await prepare(key);
    const done = store.transaction(() => (key.isStill() ? { value: commit(prepared) } : undefined));
    if (done) {
      return done.value;
    }
  }
}

/** What the sealed key is bound to. */
export function mailKeyBoundTo(did: string): string {
  return `${did} mail key`;
}

/** Each sealing has its own nonce, so equal bytes are the same key. */
function isKeyOf(store: MailStore, sealed: Sealed | undefined): boolean {
  return store.key()?.sealed.bytes.join() === sealed?.bytes.join();
}

function mailKey(text: string, isStill: () => boolean): MailKey {
  const mac = async (about: string): Promise<string> =>
    base64url.encode(await hmacSha256(new TextEncoder().encode(text), about));
  return {
    hash: (address) => mac(`address ${address.toLowerCase()}`),
    unsubscribeSecret: () => mac("unsubscribe"),
    isStill,
  };
}
