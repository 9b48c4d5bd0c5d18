/** At which address a person is mailed, and how it is proved to be theirs. Nothing is sent from here: what is owed is relayed by the alarm. */

import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import { addressLetter } from "../../adapters/mail/letters/address-letter.ts";
import { sha256Hex } from "../../adapters/sha-256.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { formatAddressToken, newSecret } from "./address-token.ts";
import { openMailKey, withMailKey } from "./mail-key.ts";
import { owe } from "./mail-outbox-store.ts";
import type { AskOutcome, GivenAddress, MailRecipient, MailStanding } from "./mail-recipient.ts";
import type { MailStore } from "./mail-store.ts";

/** How long a link is good. */
const LINK_LIFE_MS = 7 * DAY;

/** So many links somebody can have sent in a day. */
const MAX_LINKS_A_DAY = 5;

/** Whose mail, where it is kept, and what it is made with. */
export interface AccountMail {
  readonly did: string;
  readonly store: MailStore;
  readonly sealer: Sealer;
  readonly publicUrl: string;
  /** Whether this broker sends mail. */
  readonly isOffered: boolean;
  /** The alarm rings soon. Call inside the transaction that owes something. */
  readonly wake: () => void;
}

/** A mail with a link, as it is sealed: put together once, and the same at every try. */
export interface LinkMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where to write to; undefined where nothing is proved, or mail there was refused. Asking leaves no trace. */
export async function mailRecipient(mail: AccountMail): Promise<MailRecipient | undefined> {
  const { did, store, sealer, publicUrl } = mail;
  const stored = store.address();
  if (stored === undefined || stored.isRefused) {
    return undefined;
  }
  const kept = await opened(mail, stored.sealed);
  const key = await openMailKey(store, sealer, did);
  if (kept === undefined || key === undefined) {
    return undefined;
  }
  const token = formatAddressToken({ did, secret: await key.unsubscribeSecret() });
  return {
    address: kept.address,
    ...(kept.timeZone !== undefined && { timeZone: kept.timeZone }),
    reminders: store.wantsReminders(),
    unsubscribeUrl: `${publicUrl}/api/email/unsubscribe/${token}`,
  };
}

/** Owes one link to an address, unless there is one. `now` in epoch ms. */
export async function askForAddress(
  mail: AccountMail,
  given: GivenAddress,
  now: number,
): Promise<AskOutcome> {
  const { did, store, sealer, publicUrl, isOffered, wake } = mail;
  if (!isOffered) {
    return "not-offered";
  }
  const secret = newSecret();
  const link = `${publicUrl}/email/confirm#${formatAddressToken({ did, secret })}`;
  const letter = addressLetter({ handle: given.handle, link, publicUrl });
  const message = { to: given.address, ...letter } satisfies LinkMail;
  return withMailKey(
    mail,
    async (key) => ({
      addressHash: await key.hash(given.address),
      linkHash: await sha256Hex(secret),
      sealed: await sealer.seal(JSON.stringify(given), boundTo(mail)),
      sealedMail: await sealer.seal(JSON.stringify(message), boundTo(mail)),
    }),
    ({ addressHash, linkHash, sealed, sealedMail }) => {
      const standing = store.standing(addressHash, now);
      if (standing !== undefined) {
        return standing === "unwanted" ? "unwanted" : "known";
      }
      if (store.links.countSince(now - DAY) >= MAX_LINKS_A_DAY) {
        return "limited";
      }
      store.links.put({ linkHash, addressHash, sealed, askedAt: now, expiresAt: now + LINK_LIFE_MS });
      owe(store.sql, { id: linkHash, kind: "link", sealed: sealedMail }, now);
      wake();
      return "asked";
    },
  );
}

/** Who asked for which address with the link that has this secret; undefined where it is good no more. `now` in epoch ms. */
export async function lookAtLink(
  mail: AccountMail,
  secret: string,
  now: number,
): Promise<GivenAddress | undefined> {
  const link = mail.store.links.find(await sha256Hex(secret), now);
  return link === undefined || link.state === "unwanted" ? undefined : opened(mail, link.sealed);
}

/** Its owner says yes: it is used from now on, in the place of any other. Undefined where the link is good no more. */
export async function confirmLink(
  mail: AccountMail,
  secret: string,
  now: number,
): Promise<GivenAddress | undefined> {
  const linkHash = await sha256Hex(secret);
  const given = await lookAtLink(mail, secret, now);
  const { store } = mail;
  const isDone =
    given !== undefined &&
    store.transaction(() => {
      const link = store.links.find(linkHash, now);
      if (link === undefined || link.state === "unwanted") {
        return false; // It was answered meanwhile.
      }
      use(mail, link, now);
      return true;
    });
  return isDone ? given : undefined;
}

/** Its owner wants no mail, on account of nobody. False where the link is good no more. */
export async function refuseLink(mail: AccountMail, secret: string, now: number): Promise<boolean> {
  const linkHash = await sha256Hex(secret);
  const given = await lookAtLink(mail, secret, now);
  if (given === undefined) {
    return false;
  }
  const { store, sealer, wake } = mail;
  const sealed = await sealer.seal(given.address, boundTo(mail));
  return store.transaction(() => {
    const link = store.links.find(linkHash, now);
    if (link === undefined || !store.links.setState(linkHash, ["owed", "sent", "withheld"], "unwanted")) {
      return false;
    }
    if (store.address()?.addressHash === link.addressHash) {
      store.deleteAddress();
    }
    owe(store.sql, { id: `unwanted ${linkHash}`, kind: "unwanted", sealed }, now);
    wake();
    return true;
  });
}

/**
 * An address that the person has confirmed at their own PDS, which they let us read, is used from now on. False where its owner said never on
 * account of this person; what they said on account of others, D1 knows. `now` in epoch ms.
 */
export async function takeConfirmedAddress(
  mail: AccountMail,
  given: GivenAddress,
  now: number,
): Promise<boolean> {
  const before = mail.store.address();
  // A PDS says no zone: the one that is known stays.
  const kept = { ...(before && (await opened(mail, before.sealed))), ...given };
  return withMailKey(
    mail,
    async (key) => ({
      addressHash: await key.hash(given.address),
      sealed: await mail.sealer.seal(JSON.stringify(kept), boundTo(mail)),
    }),
    (address) => {
      const isUnwanted = mail.store.links.stateOf(address.addressHash, now) === "unwanted";
      if (!isUnwanted) {
        use(mail, address, now);
      }
      return !isUnwanted;
    },
  );
}

/** Mail to this address was refused for good: it is used no more. False where it is not the one in use, or this is no news. */
export async function addressRefused(mail: AccountMail, address: string, now: number): Promise<boolean> {
  const key = await openMailKey(mail.store, mail.sealer, mail.did);
  const addressHash = await key?.hash(address);
  return addressHash !== undefined && mail.store.transaction(() => mail.store.markRefused(addressHash, now));
}

/** No reminders by mail any more, where the secret is the one in the person's mails. */
export async function unsubscribe(mail: AccountMail, secret: string): Promise<boolean> {
  const key = await openMailKey(mail.store, mail.sealer, mail.did);
  // Both are digests of a secret: comparing them digit by digit tells nothing of use.
  const isTheirs =
    key !== undefined && (await sha256Hex(await key.unsubscribeSecret())) === (await sha256Hex(secret));
  if (isTheirs) {
    mail.store.transaction(() => mail.store.setReminders(false));
  }
  return isTheirs;
}

/** How the person stands, for their own eyes. `now` in epoch ms. */
export async function mailStanding(mail: AccountMail, now: number): Promise<MailStanding> {
  const { store } = mail;
  const proved = store.address();
  const waiting = store.links.lastAsked(now);
  const address = proved && (await opened(mail, proved.sealed))?.address;
  const asked = waiting && (await opened(mail, waiting.sealed))?.address;
  return {
    ...(address !== undefined && { address }),
    isRefused: address !== undefined && proved?.isRefused === true,
    ...(waiting && asked !== undefined && { asked: { address: asked, at: waiting.askedAt } }),
    reminders: store.wantsReminders(),
  };
}

/** What is sealed about addresses is bound to this. */
export function boundTo({ did }: Pick<AccountMail, "did">): string {
  return `${did} mail`;
}

/** Call inside a transaction. */
function use(
  { store, wake }: AccountMail,
  address: { readonly addressHash: string; readonly sealed: Sealed },
  now: number,
): void {
  store.putAddress(address);
  owe(store.sql, { id: "catch-up", kind: "catch-up" }, now);
  wake();
}

/** What is sealed of an address, whether it waits or is proved. */
async function opened(mail: AccountMail, sealed: Sealed): Promise<GivenAddress | undefined> {
  const text = await mail.sealer.open(sealed, boundTo(mail));
  // Sealed by this or an earlier version; fields are only ever added.
  return text === undefined ? undefined : (JSON.parse(text) as GivenAddress);
}
