/** Signing in by the OAuth of a person's own PDS, and writing there with what that allows. The session never leaves the Account. */

import { confirmedEmail } from "../../adapters/atproto/confirmed-email.ts";
import { createIdentityResolver } from "../../adapters/atproto/identity.ts";
import { createOAuthCaches, createOAuthClient, grantedScope } from "../../adapters/atproto/oauth-client.ts";
import type { OAuthClientParts, OAuthClientSettings } from "../../adapters/atproto/oauth-client.ts";
import { allowsPublishing, allowsReadingEmail, SCOPES } from "../../adapters/atproto/oauth-scopes.ts";
import type { SignInPurpose } from "../../adapters/atproto/oauth-scopes.ts";
import { applyWrites, refusal } from "../../adapters/atproto/pds-writer.ts";
import type { RecordWrite, WriteResult } from "../../adapters/atproto/pds-writer.ts";
import { beginRefusal, finishRefusal } from "./account-refusals.ts";
import type { BeginResult, FinishResult } from "./account-refusals.ts";
import { heldInMemory, NO_STATES, sessionOf, statesOf } from "./account-secrets.ts";
import type { AccountSecrets } from "./account-secrets.ts";

export interface BeginSignIn {
  readonly purpose: SignInPurpose;
  /** A path on our origin, to go to afterwards. */
  readonly returnTo: string;
  /** Binds the sign-in to the browser that began it; the key itself stays in that browser's cookie. */
  readonly browserKeyHash: string;
}

export interface FinishSignIn {
  /** The query with which the authorization server sent the browser back. */
  readonly params: string;
  readonly browserKeyHash: string;
}

/** A finished sign-in; `wantsEmail` where it is for the address they have confirmed at their PDS, which comes along where they let us read it. */
export interface FinishedSignIn {
  readonly result: FinishResult;
  readonly wantsEmail?: boolean;
  readonly email?: string;
}

/** What it works with, as of now: a deployment may change secrets and settings. */
interface SignInParts {
  readonly secrets: AccountSecrets;
  readonly settings: OAuthClientSettings;
}

/** One for the life of the object: tasks with the stored session, whose refresh token is good for one use, go one after another. */
export class AccountSignIn {
  readonly #parts: () => SignInParts;
  readonly #caches = createOAuthCaches();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: () => SignInParts) {
    this.#parts = parts;
  }

  /** Where to send the browser. `book` asks for identity only, `publish` for the three collections as well. */
  async begin({ purpose, returnTo, browserKeyHash }: BeginSignIn): Promise<BeginResult> {
    const states = statesOf(this.#secrets, browserKeyHash);
    const client = await this.#client({ states });
    try {
      const url = await client.authorize(this.#did, {
        scope: SCOPES[purpose],
        state: `${purpose} ${returnTo}`,
      });
      return { ok: true, url: url.href };
    } catch (error) {
      return beginRefusal(error);
    }
  }

  /**
   * Ends a sign-in that this browser began. A sign-in that allows less than a live earlier one does not replace it: it has proved who
   * they are, and what they allowed before they take back by signing out. `scope` is what is held afterwards.
   */
  async finish({ params, browserKeyHash }: FinishSignIn): Promise<FinishedSignIn> {
    const did = this.#did;
    const states = statesOf(this.#secrets, browserKeyHash);
    const held = heldInMemory();
    const client = await this.#client({ states, sessions: held });
    const answer = new URLSearchParams(params);
    try {
      const { session, state } = await client.callback(answer);
      if (session.did !== did) {
        await session.signOut().catch(() => undefined);
        return { result: finishRefusal("OtherAccount") };
      }
      const fresh = await held.get(did);
      const [, purpose, returnTo] = /^(\S+) (.*)$/s.exec(state ?? "") ?? [];
      if (fresh === undefined || returnTo === undefined) {
        throw new Error("the OAuth client kept no session");
      }
      // Whoever signs in for something else is not mailed because of it, whatever their PDS allows unasked.
      const wantsEmail = purpose === "email";
      const mayRead = wantsEmail && allowsReadingEmail(grantedScope(fresh));
      // Asked with the fresh session, which may be given back below.
      const email = mayRead
        ? await confirmedEmail((path, init) => session.fetchHandler(path, init), did)
        : undefined;
      const scope = await this.#keepWider(fresh);
      const identity = await createIdentityResolver(this.#settings).resolveDid(did);
      const handle = identity.ok ? identity.value.handle : "handle.invalid";
      const result: FinishResult = { ok: true, did, handle, returnTo, scope };
      return { result, wantsEmail, ...(email !== undefined && { email }) };
    } catch (error) {
      if (!states.wasTaken()) {
        return { result: finishRefusal("UnknownSignIn") };
      }
      const code = answer.get("error") === "access_denied" ? "SignInDenied" : "SignInFailed";
      return { result: finishRefusal(code, error) };
    }
  }

  /** Whether an OAuth session is kept that may write all we publish. Its server may have ended it meanwhile. */
  canPublish(): boolean {
    const session = this.#secrets.storage.session();
    return session !== undefined && allowsPublishing(session.scope);
  }

  /** One commit to the person's repository, refreshing their tokens if need be. */
  async writeRecords(writes: readonly RecordWrite[]): Promise<WriteResult> {
    if (this.#secrets.storage.session() === undefined) {
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
    const hasEnded = !result.ok && this.#secrets.storage.session() === undefined;
    return hasEnded ? refusal("SignInRequired") : result;
  }

  /** Forgets the OAuth session, and asks its server to do the same; a server that is down does not keep anybody signed in. False where there is none. */
  async signOut(): Promise<boolean> {
    const sessions = sessionOf(this.#secrets);
    const text = await this.#oneAtATime(async () => {
      const stored = await sessions.get(this.#did);
      this.#secrets.storage.deleteSession();
      return stored;
    });
    await this.#revoke(text);
    return text !== undefined;
  }

  /** Keeps the fresh session or the stored one, revokes the other, and returns the scope of the one kept. */
  async #keepWider(fresh: string): Promise<string> {
    const scope = grantedScope(fresh);
    const narrows = this.canPublish() && !allowsPublishing(scope);
    if (narrows && (await this.#isStoredSessionLive())) {
      await this.#revoke(fresh);
      return this.#secrets.storage.session()?.scope ?? scope;
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

  get #did(): string {
    return this.#secrets.did;
  }

  get #secrets(): AccountSecrets {
    return this.#parts().secrets;
  }

  get #settings(): OAuthClientSettings {
    return this.#parts().settings;
  }
}
