/** Who is calling: the session cookie of our pages, or a service-auth token of any atproto client. Never decides what they may do. */

import { configuredIdentities } from "../adapters/atproto/configured.ts";
import { verifyServiceToken } from "../adapters/atproto/service-auth.ts";
import { comesFromOurPages, CROSS_SITE, isUnsafeMethod } from "./cross-site.ts";
import { errorResponse } from "./errors.ts";
import { readWebSession } from "./web-session.ts";

export interface Caller {
  readonly did: string;
  /** Verified, or `handle.invalid`. */
  readonly handle: string;
  readonly via: "cookie" | "bearer";
}

/** Credentials were shown and are not good. Never treated as "not signed in". */
interface AuthRefusal {
  readonly refused: true;
  readonly status: 401 | 403;
  readonly error: "InvalidToken" | "CrossSiteRequest";
  /** A sentence that says what to do. */
  readonly message: string;
}

/**
 * The caller of an operation, `undefined` for nobody. A cookie acts for the pages of this origin only, where something may change; a
 * token needs no cookie and no `Origin`, and is good for this one call. `lxm` is the operation's NSID, `now` in epoch ms.
 */
export async function identifyCaller(
  request: Request,
  env: Env,
  lxm: string,
  now: number,
): Promise<Caller | undefined | AuthRefusal> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    return callerOfToken(authorization, env, lxm, now);
  }
  const session = await readWebSession(request, env, now);
  if (session === undefined) {
    return undefined;
  }
  if (isUnsafeMethod(request) && !comesFromOurPages(request, env)) {
    return {
      refused: true,
      status: 403,
      ...CROSS_SITE,
    };
  }
  return { did: session.did, handle: session.handle, via: "cookie" };
}

/** The caller, undefined for nobody, or the answer to send instead to credentials that are not good. */
export async function optionalCaller(
  request: Request,
  env: Env,
  lxm: string,
  now: number,
): Promise<Caller | undefined | Response> {
  const caller = await identifyCaller(request, env, lxm, now);
  return isAuthRefusal(caller) ? authRefusalResponse(caller) : caller;
}

/** The caller, or the answer to send instead: 401 SignInRequired for nobody, 401 or 403 for credentials that are not good. */
export async function requireCaller(
  request: Request,
  env: Env,
  lxm: string,
  now: number,
): Promise<Caller | Response> {
  const caller = await optionalCaller(request, env, lxm, now);
  return (
    caller ??
    errorResponse(401, "SignInRequired", "Sign in first, or send an atproto service-auth token.", CHALLENGE)
  );
}

function isAuthRefusal(caller: Caller | undefined | AuthRefusal): caller is AuthRefusal {
  return caller !== undefined && "refused" in caller;
}

function authRefusalResponse({ status, error, message }: AuthRefusal): Response {
  return errorResponse(status, error, message, status === 401 ? CHALLENGE : undefined);
}

/** RFC 9110, section 11.6.1: a 401 says how to do better. */
const CHALLENGE = { "www-authenticate": "Bearer" };

async function callerOfToken(
  authorization: string,
  env: Env,
  lxm: string,
  now: number,
): Promise<Caller | AuthRefusal> {
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) {
    return invalidToken("Send the token as `Authorization: Bearer <token>`.");
  }
  const identities = configuredIdentities(env);
  const verified = await verifyServiceToken(token, {
    brokerDid: env.BROKER_DID,
    lxm,
    didDocument: (did, options) => identities.didDocument(did, options),
    markUsed: (did, jti, lifetimeMs) => env.ACCOUNT.getByName(did).markTokenUsed(jti, now + lifetimeMs, now),
  });
  if (!verified.ok) {
    return invalidToken(verified.message);
  }
  const identity = await identities.resolveDid(verified.did);
  return { did: verified.did, handle: identity.ok ? identity.value.handle : "handle.invalid", via: "bearer" };
}

function invalidToken(message: string): AuthRefusal {
  return { refused: true, status: 401, error: "InvalidToken", message };
}
