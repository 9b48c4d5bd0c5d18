/** Ties a sign-in to the browser that began it (login CSRF): ten minutes, one at a time. Never holds an OAuth secret. */

import { base64url } from "jose";
import { clearedCookie, readSignedCookie, signedCookie } from "./signed-cookie.ts";
import type { CookieKind } from "./signed-cookie.ts";

interface BrowserSignIn {
  /** Whom they said they were; only their Account can finish it. */
  readonly did: string;
  /** SHA-256 of the key that only this browser has. */
  readonly browserKeyHash: string;
}

const COOKIE: CookieKind = { name: "__Host-sign-in", lifeSeconds: 10 * 60 };

/** A new key for this browser; the answer must carry `setCookie`. `now` in epoch ms. */
export async function beginInBrowser(
  env: Env,
  did: string,
  now: number,
): Promise<BrowserSignIn & { readonly setCookie: string }> {
  const key = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  const setCookie = await signedCookie(COOKIE, { sub: did, key }, env, now);
  return { did, browserKeyHash: await sha256(key), setCookie };
}

/** The sign-in that this browser began, if it did so less than ten minutes ago. */
export async function browserSignIn(
  request: Request,
  env: Env,
  now: number,
): Promise<BrowserSignIn | undefined> {
  const claims = await readSignedCookie(COOKIE, request, env, now);
  const { sub: did, key } = claims ?? {};
  return did !== undefined && typeof key === "string"
    ? { did, browserKeyHash: await sha256(key) }
    : undefined;
}

/** A `Set-Cookie` value that takes the cookie away. */
export function clearedSignInCookie(): string {
  return clearedCookie(COOKIE);
}

async function sha256(text: string): Promise<string> {
  return base64url.encode(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
}
