/**
 * One per DID that signs in (`getByName(did)`): the only home of its OAuth session, and the writer to its PDS. Tokens never leave it.
 * RPC methods take and return plain data; refusals are values.
 */

import { DurableObject } from "cloudflare:workers";

import { createIdentityResolver } from "../../adapters/atproto/identity.ts";
import { createOAuthCaches, createOAuthClient, grantedScope } from "../../adapters/atproto/oauth-client.ts";
import type { OAuthClientParts, OAuthClientSettings } from "../../adapters/atproto/oauth-client.ts";
import { confirmedEmail } from "../../adapters/atproto/confirmed-email.ts";
import { allowsPublishing, allowsReadingEmail, SCOPES } from "../../adapters/atproto/oauth-scopes.ts";
import type { SignInPurpose } from "../../adapters/atproto/oauth-scopes.ts";
import { applyWrites, refusal } from "../../adapters/atproto/pds-writer.ts";
import type { RecordWrite, WriteResult } from "../../adapters/atproto/pds-writer.ts";
import { createSealer } from "../../adapters/atproto/sealing.ts";
import {
  type AccountMail,
  addressRefused,
  askForAddress,
  confirmLink,
  lookAtLink,
  mailRecipient,
  mailStanding,
  refuseLink,
  takeConfirmedAddress,
  unsubscribe,
} from "./account-mail.ts";
import { nextMailAt } from "./mail-outbox-store.ts";
import type { AskOutcome, GivenAddress, MailRecipient, MailStanding } from "./mail-recipient.ts";
import { MailStore } from "./mail-store.ts";
import { relayMail } from "./relaying-mail.ts";
import { resealMail } from "./resealing-mail.ts";
import { heldInMemory, NO_STATES, resealAccount, sessionOf, statesOf } from "./account-secrets.ts";
import type { AccountSecrets } from "./account-secrets.ts";
import { AccountStorage } from "./account-storage.ts";
import { beginRefusal, finishRefusal } from "./account-refusals.ts";
import type { BeginResult, FinishResult } from "./account-refusals.ts";
import { NOTHING_SEALED, type Resealing, sumOf } from "../calendars/resealing.ts";
import { Live } from "../live.ts";

interface BeginSignIn {
  readonly purpose: SignInPurpose;
  /** A path on our origin, to go to afterwards. */
  readonly returnTo: string;
  /** Binds the sign-in to the browser that began it; the key itself stays in that browser's cookie. */
  readonly browserKeyHash: string;
}

interface FinishSignIn {
  /** The query with which the authorization server sent the browser back. */
  readonly params: string;
  readonly browserKeyHash: string;
}

const CLEAN_UP_MS = 15 * 60_000;

const CRASH_NET_MS = 30_000;

export class Account extends DurableObject<Env> {
  readonly #storage = new AccountStorage(this.ctx.storage);
  readonly #mailStore = new MailStore(this.ctx.storage);
  readonly #caches = createOAuthCaches();
  readonly #live = new Live(this.ctx, Date.now());
  #last: Promise<unknown> = Promise.resolve();

  /** Where to send the browser. `book` asks for identity only, `publish` for the three collections as well. */
  async beginSignIn({ purpose, returnTo, browserKeyHash }: BeginSignIn): Promise<BeginResult> {
    const states = statesOf(this.#secrets, browserKeyHash);
    const client = await this.#client({ states });
    try {
      const url = await client.authorize(this.#did, { scope: SCOPES[purpose], state: returnTo });
      return { ok: true, url: url.href };
    } catch (error) {
      return beginRefusal(error);
    } finally {
      await this.#cleanUpLater();
    }
  }

  /**
   * Ends a sign-in that this browser began. A sign-in that allows less than a live earlier one does not replace it: it has proved who
   * they are, and what they allowed before they take back by signing out. `scope` is what is held afterwards.
   */
  async finishSignIn({ params, browserKeyHash }: FinishSignIn): Promise<FinishResult> {
    const did = this.#did;
    const states = statesOf(this.#secrets, browserKeyHash);
    const held = heldInMemory();
    const client = await this.#client({ states, sessions: held });
    const answer = new URLSearchParams(params);
    try {
      const { session, state } = await client.callback(answer);
      if (session.did !== did) {
        await session.signOut().catch(() => undefined);
        return finishRefusal("OtherAccount");
      }
      const fresh = await held.get(did);
      if (fresh === undefined || state === null) {
        throw new Error("the OAuth client kept no session");
      }
      const email = allowsReadingEmail(grantedScope(fresh))
        ? await confirmedEmail((path, init) => session.fetchHandler(path, init), did)
        : undefined;
      const scope = await this.#keepWider(fresh);
      const identity = await createIdentityResolver(this.#settings).resolveDid(did);
      const handle = identity.ok ? identity.value.handle : "handle.invalid";
      if (email !== undefined) {
        await takeConfirmedAddress(this.#mail, { address: email, handle }, Date.now());
      }
      return { ok: true, did, handle, returnTo: state, scope };
    } catch (error) {
      if (!states.wasTaken()) {
        return finishRefusal("UnknownSignIn");
      }
      return finishRefusal(answer.get("error") === "access_denied" ? "SignInDenied" : "SignInFailed", error);
    }
  }

  /** Whether an OAuth session is kept that may write all we publish. Its server may have ended it meanwhile. */
  canPublish(): boolean {
    const session = this.#storage.session();
    return session !== undefined && allowsPublishing(session.scope);
  }

  /** One commit to the person's repository, refreshing their tokens if need be. */
  async writeRecords(writes: readonly RecordWrite[]): Promise<WriteResult> {
    if (this.#storage.session() === undefined) {
      return refusal("SignInRequired");
    }
    if (!this.canPublish()) {
      return refusal("ScopeRequired");
    }
    const client = await this.#client({});
    const result = await applyWrites(
      async (path, init) => (await client.restore(this.#did)).fetchHandler(path, init),
      this.#did,
      writes,
    );
    // The OAuth client deletes a session that its server no longer honours.
    const hasEnded = !result.ok && this.#storage.session() === undefined;
    return hasEnded ? refusal("SignInRequired") : result;
  }

  /** Forgets the OAuth session, and asks its server to do the same; a server that is down does not keep anybody signed in. */
  async signOut(): Promise<void> {
    const sessions = sessionOf(this.#secrets);
    const text = await this.#oneAtATime(async () => {
      const stored = await sessions.get(this.#did);
      this.#storage.deleteSession();
      return stored;
    });
    if (text !== undefined) {
      await this.#revoke(text);
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
    const did = this.ctx.id.name ?? this.#storage.owner() ?? this.#mailStore.key()?.did;
    if (did === undefined) {
      return NOTHING_SEALED;
    }
    const [session, mail] = [
      await resealAccount(this.#secretsOf(did), Date.now()),
      await resealMail(this.#mailOf(did)),
    ];
    return { did, ...sumOf(session, mail) };
  }

  /** Where to write to; undefined where they proved no address, or mail there was refused. Leaves no trace of who is asked about. */
  async mailRecipient(): Promise<MailRecipient | undefined> {
    return mailRecipient(this.#mail);
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
  }

  /** Forgets the address, and what waits for an answer. */
  async forgetAddress(): Promise<void> {
    this.#mailStore.transaction(() => this.#mailStore.deleteAddress());
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
    const now = Date.now();
    // Were this one cut off, another one picks it up.
    await this.ctx.storage.setAlarm(now + CRASH_NET_MS);
    const { did, owner } = { did: this.ctx.id.name, owner: this.#mailStore.key()?.did };
    if (did ?? owner) {
      await relayMail(this.#mailOf(did ?? owner ?? ""), this.env, now);
    }
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

  /** Keeps the fresh session or the stored one, revokes the other, and returns the scope of the one kept. */
  async #keepWider(fresh: string): Promise<string> {
    const scope = grantedScope(fresh);
    const narrows = this.canPublish() && !allowsPublishing(scope);
    if (narrows && (await this.#isStoredSessionLive())) {
      await this.#revoke(fresh);
      return this.#storage.session()?.scope ?? scope;
    }
    const sessions = sessionOf(this.#secrets);
    const replaced = await this.#oneAtATime(async () => {
      const stored = await sessions.get(this.#did);
      await sessions.set(this.#did, fresh);
      return stored;
    });
    await this.#revoke(replaced);
    return scope;
  }

  /** Refreshes the stored session to find out. A server that cannot be asked does not end it. */
  async #isStoredSessionLive(): Promise<boolean> {
    const client = await this.#client({});
    await client.restore(this.#did, true).catch(() => undefined);
    return this.canPublish();
  }

  async #revoke(sessionText: string | undefined): Promise<void> {
    if (sessionText !== undefined) {
      const client = await this.#client({ sessions: heldInMemory([[this.#did, sessionText]]) });
      await client.revoke(this.#did).catch(() => undefined);
    }
  }

  /** A client for one operation; it promises nothing to a later one. */
  async #client({ states = NO_STATES, sessions }: Partial<Pick<OAuthClientParts, "states" | "sessions">>) {
    return createOAuthClient({
      settings: this.#settings,
      did: this.#did,
      states,
      sessions: sessions ?? sessionOf(this.#secrets),
      // A session held in memory is nobody else's, but a stored one's refresh token is good for one use.
      lock: sessions === undefined ? (task) => this.#oneAtATime(task) : async (task) => task(),
      caches: this.#caches,
    });
  }

  #oneAtATime<Value>(task: () => Value | PromiseLike<Value>): Promise<Value> {
    const run = this.#last.then(task);
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #cleanUpLater(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now() + CLEAN_UP_MS);
    }
  }

  get #did(): string {
    const did = this.ctx.id.name;
    if (did === undefined) {
      throw new Error("an Account is reached by getByName(did)");
    }
    return did;
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
