/** Cookies that only this broker can have written: JWTs signed with WEB_SESSION_KEY. Never keeps anything. */

import { base64url, jwtVerify, SignJWT } from "jose";
import type { JWTPayload } from "jose";

/**
 * One kind of cookie. `__Host-`: Secure, no Domain, Path=/, so that no other host can have set it. Chromium takes such cookies from
 * http://127.0.0.1 too.
 */
export interface CookieKind {
  readonly name: `__Host-${string}`;
  readonly lifeSeconds: number;
}

/** What signing needs of the environment. */
export type CookieSettings = Pick<Env, "PUBLIC_URL" | "WEB_SESSION_KEY">;

const ALGORITHM = "HS256";
const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Lax";

/** A `Set-Cookie` value that carries `claims`, signed; `now` in epoch ms. @throws Error when WEB_SESSION_KEY is malformed */
export async function signedCookie(
  kind: CookieKind,
  claims: JWTPayload,
  env: CookieSettings,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(env.PUBLIC_URL)
    .setAudience(kind.name)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + kind.lifeSeconds)
    .sign(await signingKey(env));
  return `${kind.name}=${token}; ${ATTRIBUTES}; Max-Age=${kind.lifeSeconds}`;
}

/** The claims of the request's cookie of this kind, if we signed it, for this use, and it has not expired. */
export async function readSignedCookie(
  kind: CookieKind,
  request: Request,
  env: Env,
  now: number,
): Promise<JWTPayload | undefined> {
  const token = cookieValue(kind, request);
  if (token === undefined) {
    return undefined;
  }
  const key = await signingKey(env);
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: env.PUBLIC_URL,
      audience: kind.name,
      currentDate: new Date(now),
      requiredClaims: ["exp"],
    });
    return payload;
  } catch {
    return undefined;
  }
}

/** A `Set-Cookie` value that takes the cookie away. */
export function clearedCookie(kind: CookieKind): string {
  return `${kind.name}=; ${ATTRIBUTES}; Max-Age=0`;
}

/** The request's cookie of this kind, as it came. */
export function cookieValue({ name }: CookieKind, request: Request): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, ...value] = pair.trim().split("=");
    if (key === name) {
      return value.join("=");
    }
  }
  return undefined;
}

/** Imported keys by their secret: importing costs as much as verifying. Finished values, so safe to share between requests. */
const importedKeys = new Map<string, CryptoKey>();

async function signingKey(env: CookieSettings): Promise<CryptoKey> {
  const known = importedKeys.get(env.WEB_SESSION_KEY);
  if (known) {
    return known;
  }
  const secret = base64url.decode(env.WEB_SESSION_KEY);
  if (secret.byteLength < 32) {
    throw new Error("WEB_SESSION_KEY must be 32 random bytes, base64url");
  }
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
  importedKeys.set(env.WEB_SESSION_KEY, key);
  return key;
}
