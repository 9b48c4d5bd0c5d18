/** Who is signed in in this browser: a signed cookie for seven days, and an id in KV so that it can be ended. Knows no OAuth. */

import { clearedCookie, readSignedCookie, signedCookie } from "./signed-cookie.ts";
import type { CookieKind, CookieSettings } from "./signed-cookie.ts";

interface WebSession {
  readonly id: string;
  readonly did: string;
  /** As it was at sign-in. */
  readonly handle: string;
}

const COOKIE: CookieKind = { name: "__Host-session", lifeSeconds: 7 * 24 * 60 * 60 };

/** A KV read costs as much as a whole booking decision, and KV itself lags a minute, so an isolate asks twice a minute. */
const LIVE_MS = 30_000;
const LIVE_ENTRIES = 10_000;

/** Session ids that KV knew, and until when (epoch ms) that is believed. Plain values: no promise is shared between requests. */
const liveUntil = new Map<string, number>();

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
  const claims = await readSignedCookie(COOKIE, request, env, now);
  const { jti: id, sub: did, handle } = claims ?? {};
  if (id === undefined || did === undefined || typeof handle !== "string") {
    return undefined;
  }
  return (await isLive(env, did, id, now)) ? { id, did, handle } : undefined;
}

/** Ends a session: at once in this isolate, within about a minute everywhere. */
export async function endWebSession(env: Env, { did, id }: WebSession): Promise<void> {
  liveUntil.delete(id);
  await env.WEB_SESSIONS.delete(storageKey(did, id));
}

/** A `Set-Cookie` value that takes the session cookie away. */
export function clearedSessionCookie(): string {
  return clearedCookie(COOKIE);
}

async function isLive(env: Env, did: string, id: string, now: number): Promise<boolean> {
  if ((liveUntil.get(id) ?? 0) > now) {
    return true;
  }
  liveUntil.delete(id);
  if ((await env.WEB_SESSIONS.get(storageKey(did, id))) === null) {
    return false;
  }
  const oldest = liveUntil.size >= LIVE_ENTRIES ? liveUntil.keys().next().value : undefined;
  if (oldest !== undefined) {
    liveUntil.delete(oldest);
  }
  liveUntil.set(id, now + LIVE_MS);
  return true;
}

function storageKey(did: string, id: string): string {
  return `web-session ${did} ${id}`;
}
