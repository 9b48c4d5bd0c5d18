/** Signing in and out over HTTP. Knows cookies and redirects; what a sign-in needs, the Account of its DID decides. */

import * as z from "zod/mini";
import type { FinishResult } from "../../durable-objects/account/account-refusals.ts";
import { configuredIdentities } from "../../adapters/atproto/configured.ts";
import { comesFromOurPages, CROSS_SITE } from "../cross-site.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { parseBody } from "../request-body.ts";
import { beginInBrowser, browserSignIn, clearedSignInCookie } from "../sign-in-cookie.ts";
import { prefersHtml, signInProblemPage } from "../sign-in-problem-page.ts";
import { clearedSessionCookie, endWebSession, readWebSession, startWebSession } from "../web-session.ts";
import type { LoginInput, SessionJson } from "../wire.ts";

const loginInput = z.object({
  actor: z
    .string("give a handle or a DID")
    .check(z.minLength(1, "give a handle or a DID"), z.maxLength(2_048)),
  purpose: z.exactOptional(z.enum(["book", "publish", "email"], "say book, publish or email")),
  returnTo: z.exactOptional(
    z.string("give a path on this site").check(z.maxLength(1_024, "give a shorter path")),
  ),
}) satisfies z.ZodMiniType<LoginInput>;

/** `POST /api/auth/login` LoginInput → 200 `{url}` to send the browser to, with a cookie that binds the sign-in to it. */
export async function login(request: Request, env: Env): Promise<Response> {
  if (request.headers.has("origin") && !comesFromOurPages(request, env)) {
    return crossSite();
  }
  const input = await parseBody(request, loginInput);
  if (!input.ok) {
    return input.response;
  }
  const { actor, purpose = "book", returnTo: wanted } = input.value;
  const returnTo = pathOnThisSite(wanted);
  const atOtherAddress = addressOfSignIn(request, env, { actor, purpose, returnTo });
  if (atOtherAddress !== undefined) {
    return Response.json({ url: atOtherAddress }, NO_STORE);
  }
  const identity = await configuredIdentities(env).resolveActor(actor.trim());
  if (!identity.ok) {
    return refusalResponse(identity.refusal);
  }
  const { did } = identity.value;
  const browser = await beginInBrowser(env, did, Date.now());
  const { browserKeyHash } = browser;
  const begun = await env.ACCOUNT.getByName(did).beginSignIn({ purpose, returnTo, browserKeyHash });
  return begun.ok
    ? Response.json({ url: begun.url }, { headers: { ...NO_STORE.headers, "set-cookie": browser.setCookie } })
    : errorResponse(503, begun.code, begun.message);
}

/** `GET /api/auth/callback`, where authorization servers send browsers back: 303 to where they were, or 400 and nothing changed. */
export async function callback(request: Request, env: Env): Promise<Response> {
  const now = Date.now();
  const browser = await browserSignIn(request, env, now);
  const params = new URL(request.url).search;
  if (browser === undefined || params.length > MAX_CALLBACK_LENGTH) {
    const message =
      "This sign-in was begun in another browser, at another address of this site, or too long ago. Start signing in again.";
    return signInProblem(request, "UnknownSignIn", message);
  }
  const { did, browserKeyHash } = browser;
  const finished: FinishResult = await env.ACCOUNT.getByName(did).finishSignIn({ params, browserKeyHash });
  if (!finished.ok) {
    return signInProblem(request, finished.code, finished.message);
  }
  const earlier = await readWebSession(request, env, now);
  const setSession = await startWebSession(env, finished, now);
  if (earlier !== undefined) {
    await endWebSession(env, earlier);
  }
  const answer = new Response(null, {
    status: 303,
    headers: { ...NO_STORE.headers, location: pathToReturn(finished) },
  });
  answer.headers.append("set-cookie", setSession);
  answer.headers.append("set-cookie", clearedSignInCookie());
  return answer;
}

/** `GET /api/auth/session` → SessionJson: who is signed in in this browser, `null` for nobody. */
export async function session(request: Request, env: Env): Promise<Response> {
  const current = await readWebSession(request, env, Date.now());
  if (current === undefined) {
    return Response.json({ account: null } satisfies SessionJson, NO_STORE);
  }
  const { did, handle } = current;
  const canPublish = await env.ACCOUNT.getByName(did).canPublish();
  return Response.json({ account: { did, handle, canPublish } } satisfies SessionJson, NO_STORE);
}

/** `POST /api/auth/logout` → 204: ends this browser's session, and the OAuth session with it. Nobody signed in is fine too. */
export async function logout(request: Request, env: Env): Promise<Response> {
  const current = await readWebSession(request, env, Date.now());
  if (current !== undefined) {
    if (!comesFromOurPages(request, env)) {
      return crossSite();
    }
    await endWebSession(env, current);
    await env.ACCOUNT.getByName(current.did).signOut();
  }
  return new Response(null, {
    status: 204,
    headers: { ...NO_STORE.headers, "set-cookie": clearedSessionCookie() },
  });
}

const NO_STORE = { headers: { "cache-control": "no-store" } };
const MAX_CALLBACK_LENGTH = 8_192;

function crossSite(): Response {
  return errorResponse(403, CROSS_SITE.error, CROSS_SITE.message);
}

function signInProblem(request: Request, code: string, message: string): Response {
  return prefersHtml(request) ? signInProblemPage(400, message) : errorResponse(400, code, message);
}

/**
 * The sign-in page at PUBLIC_URL, for a page that was opened at another address of this site (http://localhost:8787 in a local run):
 * authorization servers send browsers back to PUBLIC_URL, where this page's cookies are not.
 */
function addressOfSignIn(request: Request, env: Env, input: Required<LoginInput>): string | undefined {
  const home = new URL(env.PUBLIC_URL).origin;
  const origin = request.headers.get("origin");
  return origin === null || origin === home
    ? undefined
    : `${home}/auth/login?${new URLSearchParams({ ...input }).toString()}`;
}

/** Where they were; `?email=` says what became of their address, where they signed in for that. */
function pathToReturn({ returnTo, email }: Extract<FinishResult, { ok: true }>): string {
  const path = pathOnThisSite(returnTo);
  if (email === undefined) {
    return path;
  }
  const { pathname, searchParams, hash } = new URL(path, "https://this.invalid");
  searchParams.set("email", email);
  return `${pathname}?${searchParams.toString()}${hash}`;
}

/** The path, query and fragment of `wanted` if it stays on this site, else `/`. */
function pathOnThisSite(wanted: string | undefined): string {
  const base = "https://this.invalid";
  const url = URL.parse(wanted ?? "/", base);
  // A URL that lost its way (`//other`, `/\other`, `javascript:…`) has another origin once it is parsed as browsers do; one
  // that loses it by being parsed (`/.//other`) is left with two slashes.
  return url?.origin === base && wanted?.startsWith("/") && !url.pathname.startsWith("//")
    ? `${url.pathname}${url.search}${url.hash}`
    : "/";
}
