/** Who is signed in, as the worker says; asked once per visit. Holds no token: the cookie is not readable here. */

import type { SessionJson } from "../worker/wire.ts";
import { call, type Failure } from "./api.ts";
import { createStore } from "./store.ts";

export type Account = NonNullable<SessionJson["account"]>;

export type Session =
  | { state: "asking" }
  | { state: "unknown"; failure: Failure }
  | { state: "out" }
  | { state: "in"; account: Account };

const store = createStore<Session>({ state: "asking" });

export const useSession = store.use;

/** The signed-in account, or undefined while asking and for strangers. */
export function useAccount(): Account | undefined {
  const session = store.use();
  return session.state === "in" ? session.account : undefined;
}

/** Asks the worker who is signed in. */
export async function askSession(): Promise<void> {
  const answer = await call<SessionJson>("GET", "/api/auth/session");
  if (!answer.ok) store.set({ state: "unknown", failure: answer.failure });
  else if (answer.value.account) store.set({ state: "in", account: answer.value.account });
  else store.set({ state: "out" });
}

/** Ends the web session; the page then shows what a stranger sees. */
export async function signOut(): Promise<Failure | undefined> {
  const answer = await call<unknown>("POST", "/api/auth/logout");
  if (!answer.ok && answer.failure.status !== 401) return answer.failure;
  store.set({ state: "out" });
  return undefined;
}

/** What to say when the worker no longer knows the caller: the cookie ran out in another tab or by time. */
export function forgetSession(): void {
  store.set({ state: "out" });
}

/** The part of a link that names a person: the handle, or the DID when the handle is not theirs. */
export function actorOf(person: { did: string; handle: string }): string {
  return person.handle === "handle.invalid" ? person.did : person.handle;
}
