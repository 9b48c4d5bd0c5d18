/** The key of one Account's mail: by it two addresses are told to be the same without either being readable, and unsubscribing is proved. */

import { base64url } from "jose";
import type { Sealer } from "../../adapters/atproto/sealing.ts";
import { newSecret } from "./address-token.ts";
import type { MailStore } from "./mail-store.ts";

export interface MailKey {
  /** Case does not count: no mail server in use tells addresses apart by it. */
  hash(address: string): Promise<string>;
  /** What a link says that ends reminders by mail: the same for as long as the key is. */
  unsubscribeSecret(): Promise<string>;
}

/** The key, if there is one and it opens. */
export async function openMailKey(
  store: MailStore,
  sealer: Sealer,
  did: string,
): Promise<MailKey | undefined> {
  const stored = store.key();
  const text = stored && (await sealer.open(stored.sealed, boundTo(did)));
  return text === undefined ? undefined : mailKey(text);
}

/** The key; a new one where there is none, or the one there is does not open any more, and everything under it is lost. */
export async function mailKeyOf(store: MailStore, sealer: Sealer, did: string): Promise<MailKey> {
  const before = await openMailKey(store, sealer, did);
  if (before) {
    return before;
  }
  const text = newSecret();
  const lost = store.key()?.sealed.bytes;
  const sealed = await sealer.seal(text, boundTo(did));
  // Somebody else may have made one while this one was being sealed.
  const isFirst = store.transaction(() => {
    const stored = store.key()?.sealed.bytes;
    const isStill = stored?.join() === lost?.join();
    if (isStill) {
      store.putKey({ did, sealed });
    }
    return isStill;
  });
  return isFirst ? mailKey(text) : mailKeyOf(store, sealer, did);
}

/** Seals the key under the active one. */
export async function resealMailKey(
  store: MailStore,
  sealer: Sealer,
  did: string,
): Promise<"resealed" | "current" | "lost" | undefined> {
  const stored = store.key();
  if (stored === undefined) {
    return undefined;
  }
  const text = await sealer.open(stored.sealed, boundTo(did));
  if (text === undefined) {
    return "lost";
  }
  if (stored.sealed.keyId === sealer.activeKeyId) {
    return "current";
  }
  const sealed = await sealer.seal(text, boundTo(did));
  store.resealKey(stored.sealed, sealed);
  return "resealed";
}

function boundTo(did: string): string {
  return `${did} mail key`;
}

function mailKey(text: string): MailKey {
  const mac = async (about: string): Promise<string> => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(text), algorithm, false, [
      "sign",
    ]);
    const signed = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(about));
    return base64url.encode(new Uint8Array(signed));
  };
  return {
    hash: (address) => mac(`address ${address.toLowerCase()}`),
    unsubscribeSecret: () => mac("unsubscribe"),
  };
}
