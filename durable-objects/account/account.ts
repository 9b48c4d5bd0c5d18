/**
 * One per DID that signs in (`getByName(did)`): the only home of its OAuth session, and the writer to its PDS. Tokens never leave it.
 * RPC methods take and return plain data; refusals are values.
 */

import { DurableObject } from "cloudflare:workers";

import type { OAuthClientSettings } from "../../adapters/atproto/oauth-client.ts";
import type { RecordWrite, WriteResult } from "../../adapters/atproto/pds-writer.ts";
import { createSealer } from "../../adapters/atproto/sealing.ts";
import {
  type AccountMail,
  addressRefused,
  askForAddress,
  confirmLink,
  lookAtLink,
  mailStanding,
  refuseLink,
  unsubscribe,
} from "./account-mail.ts";
import { recipientToday, takeFromPds } from "./address-of-all.ts";
import { nextMailAt } from "./mail-outbox-store.ts";
import type { AskOutcome, GivenAddress, MailRecipient, MailStanding } from "./mail-recipient.ts";
import { MailStore } from "./mail-store.ts";
import { relayMail } from "./relaying-mail.ts";
import { resealMail } from "./resealing-mail.ts";
import { resealAccount } from "./account-secrets.ts";
import type { AccountSecrets } from "./account-secrets.ts";
import { AccountSignIn } from "./account-sign-in.ts";
import type { BeginSignIn, FinishSignIn } from "./account-sign-in.ts";
import { AccountStorage } from "./account-storage.ts";
import type { BeginResult, FinishResult } from "./account-refusals.ts";
import { NOTHING_SEALED, type Resealing, sumOf } from "../calendars/resealing.ts";
import { Live } from "../live.ts";

const CLEAN_UP_MS = 15 * 60_000;

/** While an alarm works, a second one stands this far off. */
const CRASH_NET_MS = 10_000;

export class Account extends DurableObject<Env> {
  readonly #storage = new AccountStorage(this.ctx.storage);
  readonly #mailStore = new MailStore(this.ctx.storage);
  readonly #signIn = new AccountSignIn(() => ({ secrets: this.#secrets, settings: this.#settings }));
  readonly #live = new Live(this.ctx, Date.now());

  /** Where to send the browser. `book` asks for identity only, `publish` for the three collections as well, `email` for their address. */
  async beginSignIn(asked: BeginSignIn): Promise<BeginResult> {
    const begun = await this.#signIn.begin(asked);
    await this.#cleanUpLater();
    return begun;
  }

  /** Ends a sign-in that this browser began. Where it was for their address, that is used from now on: they agreed to it at their PDS. */
  async finishSignIn(answered: FinishSignIn): Promise<FinishResult> {
    const { result, wantsEmail, email: address } = await this.#signIn.finish(answered);
    if (!result.ok || !wantsEmail) {
      return result;
    }
    const given = address === undefined ? undefined : { address, handle: result.handle };
    const isTaken = given !== undefined && (await takeFromPds(this.#mail, this.env, given, Date.now()));
    return { ...result, email: isTaken ? "taken" : "none" };
  }

  /** Whether an OAuth session is kept that may write all we publish. Its server may have ended it meanwhile. */
  canPublish(): boolean {
    return this.#signIn.canPublish();
  }

  /** One commit to the person's repository, refreshing their tokens if need be. */
  async writeRecords(writes: readonly RecordWrite[]): Promise<WriteResult> {
    return this.#signIn.writeRecords(writes);
  }

  /** Forgets the OAuth session, and asks its server to do the same; a server that is down does not keep anybody signed in. */
  async signOut(): Promise<void> {
    if (await this.#signIn.signOut()) {
      await this.#cleanUpLater();
    }
  }

  /** Marks a service-auth token of this DID as used. False when it was used before. Times in epoch ms. */
  async markTokenUsed(jti: string, expiresAt: number, now: number): Promise<boolean> {
    const isFirst = this.#storage.useToken(jti, expiresAt, now);
    await this.#cleanUpLater();
    return isFirst;
  }

  /**
   * Seals under the active key what is kept here, and says whose it is; without a DID where nobody is signed in and it was not reached by
   * one. For the operator.
   */
  async resealSecrets(): Promise<Resealing & { readonly did?: string }> {
    const did = this.#knownDid;
    if (did === undefined) {
      return NOTHING_SEALED;
    }
    const session = await resealAccount(this.#secretsOf(did), Date.now());
    return { did, ...sumOf(session, await resealMail(this.#mailOf(did))) };
  }

  /** Where to write to; undefined where they proved no address, mail there was refused, or its owner wants none. Leaves no trace of who is asked about. */
  async mailRecipient(): Promise<MailRecipient | undefined> {
    return recipientToday(this.#mail, this.env, Date.now());
  }

  /** How they stand with mail, for their own eyes. */
  async mailStanding(): Promise<MailStanding> {
    return mailStanding(this.#mail, Date.now());
  }

  /** Owes one link to an address that came as theirs. */
  async askForAddress(given: GivenAddress): Promise<AskOutcome> {
    return askForAddress(this.#mail, given, Date.now());
  }

  /** Who asked for which address with a link; undefined where it is good no more. */
  async lookAtLink(secret: string): Promise<GivenAddress | undefined> {
    return lookAtLink(this.#mail, secret, Date.now());
  }

  /** The owner of the address that a link went to says yes. */
  async confirmLink(secret: string): Promise<GivenAddress | undefined> {
    return confirmLink(this.#mail, secret, Date.now());
  }

  /** They say never. False where the link is good no more. */
  async refuseLink(secret: string): Promise<boolean> {
    return refuseLink(this.#mail, secret, Date.now());
  }

  /** A provider refused this address for good. True if it was the one in use, and this is news. */
  async addressRefused(address: string): Promise<boolean> {
    return addressRefused(this.#mail, address, Date.now());
  }

  /** No reminders by mail any more, where the secret is that of their mails. */
  async unsubscribe(secret: string): Promise<boolean> {
    return unsubscribe(this.#mail, secret);
  }

  async setMailedReminders(isWanted: boolean): Promise<void> {
    this.#mailStore.transaction(() => this.#mailStore.setReminders(isWanted));
    await this.#cleanUpMailLater();
  }

  /** Forgets the address, and what waits for an answer. */
  async forgetAddress(): Promise<void> {
    this.#mailStore.transaction(() => this.#mailStore.deleteAddress());
    await this.#cleanUpMailLater();
  }

  /** A notification has come for this person: their open pages ask for it. Nothing of it goes through here. */
  async ring(): Promise<void> {
    this.#live.publishReset();
  }

  /** A WebSocket of one of their pages. */
  override async fetch(request: Request): Promise<Response> {
    return this.#live.open(request);
  }

  override async webSocketMessage(socket: WebSocket): Promise<void> {
    this.#live.cutOff(socket);
  }

  /** Mails what is owed, and drops what has expired: everything when nothing is left. A sign-in that nobody finished leaves no trace. */
  override async alarm(): Promise<void> {
    // Were this one cut off, another one picks it up.
    await this.ctx.storage.setAlarm(Date.now() + CRASH_NET_MS);
    const did = this.#knownDid;
    if (did !== undefined) {
      await relayMail(this.#mailOf(did), this.env, () => Date.now());
    }
    const now = Date.now();
    const isEmpty = [this.#storage.prune(now), this.#mailStore.prune(now)].every(Boolean);
    if (isEmpty) {
      await this.#storage.deleteAll();
      return;
    }
    const cleanUpAt = this.#storage.hasExpiring() ? now + CLEAN_UP_MS : undefined;
    const next = [cleanUpAt, nextMailAt(this.#mailStore.sql), this.#mailStore.nextExpiry()];
    const at = Math.min(...next.map((each) => each ?? Infinity));
    await (at === Infinity ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(at));
  }

  async #cleanUpLater(): Promise<void> {
    const alarm = await this.ctx.storage.getAlarm();
    // What came to be owed while that was asked for keeps its time.
    const at = Math.min(Date.now() + CLEAN_UP_MS, nextMailAt(this.#mailStore.sql) ?? Infinity);
    // It may stand days ahead, for a link that expires then.
    if (alarm === null || alarm > at) {
      await this.ctx.storage.setAlarm(at);
    }
  }

  /** The same, where there is anything that could be cleaned up. */
  async #cleanUpMailLater(): Promise<void> {
    if (this.#mailStore.isThere) {
      await this.#cleanUpLater();
    }
  }

  get #did(): string {
    const did = this.ctx.id.name;
    if (did === undefined) {
      throw new Error("an Account is reached by getByName(did)");
    }
    return did;
  }

  /** Also where this object was reached by its id, or by its alarm, once it keeps something of theirs. */
  get #knownDid(): string | undefined {
    return this.ctx.id.name ?? this.#storage.owner() ?? this.#mailStore.key()?.did;
  }

  get #secrets(): AccountSecrets {
    return this.#secretsOf(this.#did);
  }

  #secretsOf(did: string): AccountSecrets {
    return { did, storage: this.#storage, sealer: createSealer(this.env.SEALING_KEYS) };
  }

  get #mail(): AccountMail {
    return this.#mailOf(this.#did);
  }

  #mailOf(did: string): AccountMail {
    return {
      did,
      store: this.#mailStore,
      sealer: createSealer(this.env.SEALING_KEYS),
      publicUrl: this.env.PUBLIC_URL,
      isOffered: this.env.MAIL_PROVIDER !== "",
      wake: () => void this.ctx.storage.setAlarm(Date.now()),
    };
  }

  get #settings(): OAuthClientSettings {
    return {
      publicUrl: this.env.PUBLIC_URL,
      privateJwks: this.env.OAUTH_PRIVATE_JWKS,
      plcUrl: this.env.PLC_URL,
      handleResolverUrl: this.env.HANDLE_RESOLVER_URL,
      allowLoopback: this.env.ALLOW_LOOPBACK === "true",
    };
  }
}
