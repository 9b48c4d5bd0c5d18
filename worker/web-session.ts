/** Who is signed in in this browser: a signed cookie for seven days, and an id in KV so that it can be ended. Knows no OAuth. */

import { clearedCookie, cookieValue, readSignedCookie, signedCookie } from "./signed-cookie.ts";
import type { CookieKind, CookieSettings } from "./signed-cookie.ts";

interface WebSession {
  readonly id: string;
  readonly did: string;
  /** As it was at sign-in. */
  readonly handle: string;
}

const COOKIE: CookieKind = { name: "__Host-session", lifeSeconds: 7 * 24 * 60 * 60 };

/** Verifying and a KV read cost as much as a whole booking decision, and KV itself lags a minute, so an isolate asks twice a minute. */
const BELIEVED_MS = 30_000;
const BELIEVED_ENTRIES = 10_000;

/** Live sessions by their whole cookie, and until when (epoch ms) each is believed. Plain values: no promise is shared between requests. */
const believed = new Map<string, { readonly session: WebSession; readonly until: number }>();

/** What beginning a session writes to. */
interface SessionWrites {
  readonly WEB_SESSIONS: {
    put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  };
}

/** Begins a session; the answer must carry the returned `Set-Cookie` value. `now` in epoch ms. */
export async function startWebSession(
  env: CookieSettings & SessionWrites,
  account: Pick<WebSession, "did" | "handle">,
  now: number,
): Promise<string> {
  const { did, handle } = account;
  const id = crypto.randomUUID();
  await env.WEB_SESSIONS.put(storageKey(did, id), "", { expirationTtl: COOKIE.lifeSeconds });
  return signedCookie(COOKIE, { jti: id, sub: did, handle }, env, now);
}

/** The live session of the request's cookie: signed by us, not expired, not ended. `now` in epoch ms. */
export async function readWebSession(
  request: Request,
  env: Env,
  now: number,
): Promise<WebSession | undefined> {
  const cookie = cookieValue(COOKIE, request);
  if (cookie === undefined) {
    return undefined;
  }
  const known = believed.get(cookie);
  if (known !== undefined && now < known.until) {
    return known.session;
  }
  believed.delete(cookie);
  const claims = await readSignedCookie(COOKIE, request, env, now);
  const { jti: id, sub: did, handle, exp: expiry = 0 } = claims ?? {};
  if (id === undefined || did === undefined || typeof handle !== "string") {
    return undefined;
  }
  if ((await env.WEB_SESSIONS.get(storageKey(did, id))) === null) {
    return undefined;
  }
  const session = { id, did, handle };
  believe(cookie, session, Math.min(now + BELIEVED_MS, expiry * 1_000));
  return session;
}

/** Ends a session: at once in this isolate, within about a minute everywhere. */
export async function endWebSession(env: Env, { did, id }: WebSession): Promise<void> {
  for (const [cookie, { session }] of believed) {
    if (session.id === id) {
      believed.delete(cookie);
    }
  }
  await env.WEB_SESSIONS.delete(storageKey(did, id));
}

/** A `Set-Cookie` value that takes the session cookie away. */
export function clearedSessionCookie(): string {
  return clearedCookie(COOKIE);
}

function believe(cookie: string, session: WebSession, until: number): void {
  const oldest = believed.size >= BELIEVED_ENTRIES ? believed.keys().next().value : undefined;
  if (oldest !== undefined) {
    believed.delete(oldest);
  }
  believed.set(cookie, { session, until });
}

function storageKey(did: string, id: string): string {
  return `web-session ${did} ${id}`;
}
