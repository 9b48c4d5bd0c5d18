/** Hands an Account's stored secrets to the OAuth client, sealed on the way in and opened on the way out. Never calls anybody. */

import { grantedScope } from "../../adapters/atproto/oauth-client.ts";
import type { SecretStore } from "../../adapters/atproto/oauth-client.ts";
import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import type { AccountStorage } from "./account-storage.ts";
import { NOTHING_SEALED, type Resealing } from "../calendars/resealing.ts";

/** Whose secrets, and where they are. */
export interface AccountSecrets {
  readonly did: string;
  readonly storage: AccountStorage;
  readonly sealer: Sealer;
}

interface StateStore extends SecretStore {
  /** Whether a state was taken: it is gone now, whatever comes of the sign-in. */
  wasTaken(): boolean;
}

/** States for one browser. Reading one takes it out, in one statement: two callbacks with the same state cannot both have it. */
export function statesOf({ did, storage, sealer }: AccountSecrets, browserKeyHash: string): StateStore {
  let taken = false;
  return {
    async get(state) {
      const sealed = storage.takeState(state, browserKeyHash, Date.now());
      taken ||= sealed !== undefined;
      return sealed && sealer.open(sealed, `${did} state`);
    },
    async set(state, text) {
      const sealed = await sealer.seal(text, `${did} state`);
      storage.putState(state, browserKeyHash, sealed, Date.now());
    },
    // Already gone: reading it took it out.
    delete: async () => undefined,
    wasTaken: () => taken,
  };
}

/**
 * The one stored OAuth session. One that was sealed under an earlier key is sealed anew when it is used; one that no longer opens (its
 * key was retired) is deleted: only a new sign-in helps.
 */
export function sessionOf(secrets: AccountSecrets): SecretStore {
  const { did, storage, sealer } = secrets;
  return {
    async get() {
      const stored = storage.session();
      if (stored === undefined) {
        return undefined;
      }
      const text = await sealer.open(stored.sealed, `${did} session`);
      if (text === undefined) {
        storage.deleteSession();
      } else {
        await resealSession(secrets, stored.sealed, text);
      }
      return text;
    },
    async set(sub, text) {
      if (sub !== did) {
        throw new Error("an Account keeps the OAuth session of its own DID only");
      }
      const sealed = await sealer.seal(text, `${did} session`);
      storage.putSession({ did, sealed, scope: grantedScope(text) });
    },
    delete: async () => storage.deleteSession(),
  };
}

/** Seals under the active key what the Account keeps: its session, and the sign-ins that are under way. `now` in epoch ms. */
export async function resealAccount(secrets: AccountSecrets, now: number): Promise<Resealing> {
  const { did, storage, sealer } = secrets;
  const counts = { ...NOTHING_SEALED };
  const session = storage.session();
  const sessionText = session && (await sealer.open(session.sealed, `${did} session`));
  if (session) {
    const outcome =
      sessionText === undefined ? "lost" : await resealSession(secrets, session.sealed, sessionText);
    counts[outcome] += 1;
  }
  for (const { state, sealed } of storage.states(now)) {
    const text = await sealer.open(sealed, `${did} state`);
    if (text === undefined) {
      counts.lost += 1;
    } else if (sealed.keyId === sealer.activeKeyId) {
      counts.current += 1;
    } else if (storage.exchangeState(state, sealed, await sealer.seal(text, `${did} state`))) {
      counts.resealed += 1;
    }
  }
  return counts;
}

/** Seals the session under the active key, unless it is, or another one is kept by now: that one is. */
async function resealSession(
  { did, storage, sealer }: AccountSecrets,
  sealed: Sealed,
  text: string,
): Promise<"resealed" | "current"> {
  if (sealed.keyId === sealer.activeKeyId) {
    return "current";
  }
  const anew = { did, sealed: await sealer.seal(text, `${did} session`), scope: grantedScope(text) };
  return storage.exchangeSession(sealed, anew) ? "resealed" : "current";
}

/** A store for sessions that are not, or no longer, the Account's: fresh from a callback, or about to be revoked. */
export function heldInMemory(entries: readonly (readonly [string, string])[] = []): SecretStore {
  const held = new Map(entries);
  return {
    get: async (key) => held.get(key),
    set: async (key, text) => void held.set(key, text),
    delete: async (key) => void held.delete(key),
  };
}

/** A client that only restores or revokes has no sign-in under way. */
export const NO_STATES: SecretStore = {
  get: async () => undefined,
  set: async () => {
    throw new Error("no sign-in begins here");
  },
  delete: async () => undefined,
};
