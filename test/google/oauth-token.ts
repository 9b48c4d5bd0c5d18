/** `/token` and `/revoke`: codes and refresh tokens for access tokens, and the end of a grant. */

import { createHash, timingSafeEqual } from "node:crypto";
import { Refused } from "./errors.ts";
import {
  ACCESS_TOKEN_SECONDS,
  TESTING_SECONDS,
  makeAccessToken,
  makeRefreshToken,
  revokeByToken,
} from "./grants.ts";
import { fullScope, shortScope } from "./scopes.ts";
import type { Client, Grant, State } from "./state.ts";

/** Answers `/token`, whose form is taken as it was sent. @throws Refused */
export function answerToken(state: State, form: URLSearchParams, authorization?: string): object {
  for (const name of form.keys()) {
    if (form.getAll(name).length > 1) throw oauthError(400, "invalid_request", `Repeated parameter: ${name}`);
  }
  const grantType = form.get("grant_type");
  if (grantType === null) throw oauthError(400, "invalid_request", "Missing required parameter: grant_type");
  const client = authenticate(state, form, authorization);
  if (grantType === "authorization_code") return exchangeCode(state, client, form);
  if (grantType === "refresh_token") return refresh(state, client, form);
  throw oauthError(400, "unsupported_grant_type", `Invalid grant_type: ${grantType}`);
}

/** Answers `/revoke`. @throws Refused */
export function answerRevoke(state: State, token: string | null): object {
  if (token === null || token === "") throw oauthError(400, "invalid_request", "Missing token parameter");
  if (!revokeByToken(state, token)) {
    throw oauthError(400, "invalid_token", "Token expired or revoked");
  }
  return {};
}

/** By `client_secret` in the form or by HTTP Basic; a client registered without a secret is believed. */
function authenticate(state: State, form: URLSearchParams, authorization?: string): Client {
  const basic = basicCredentials(authorization);
  const id = basic?.id ?? form.get("client_id");
  const secret = basic?.secret ?? form.get("client_secret");
  if (id === null) throw oauthError(400, "invalid_request", "Could not determine client ID from request.");
  const client = state.clients.get(id);
  if (client === undefined) throw oauthError(401, "invalid_client", "The OAuth client was not found.");
  if (client.secret === undefined) return client;
  if (secret === null) throw oauthError(400, "invalid_request", "client_secret is missing.");
  if (!isSame(secret, client.secret)) {
    throw oauthError(401, "invalid_client", "The provided client secret is invalid.");
  }
  return client;
}

function basicCredentials(header?: string): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}

function exchangeCode(state: State, client: Client, form: URLSearchParams): object {
  const text = form.get("code");
  if (text === null) throw oauthError(400, "invalid_request", "Missing required parameter: code");
  if (!text.startsWith("4/")) throw oauthError(400, "invalid_grant", "Malformed auth code.");
  const code = state.codes.get(text);
  if (code === undefined || code.isUsed || code.expiresAt <= state.now() || code.grant.isRevoked) {
    throw oauthError(400, "invalid_grant", "Bad Request");
  }
  if (code.grant.clientId !== client.id) throw oauthError(401, "unauthorized_client", "Unauthorized");
  const redirectUri = form.get("redirect_uri");
  if (redirectUri === null) {
    throw oauthError(400, "invalid_request", "Missing parameter: redirect_uri");
  }
  if (redirectUri !== code.redirectUri) throw oauthError(400, "redirect_uri_mismatch", "Bad Request");
  verify(code.challenge, form.get("code_verifier"));
  code.isUsed = true;

  const { grant, scopes } = code;
  const answer = accessAnswer(state, grant, scopes);
  if (!code.isOffline) return answer;
  const { token } = makeRefreshToken(state, client, grant, scopes);
  return {
    ...answer,
    refresh_token: token,
    ...(client.isTesting === true ? { refresh_token_expires_in: TESTING_SECONDS } : {}),
  };
}

/** PKCE, RFC 7636. */
function verify(challenge: string | undefined, verifier: string | null): void {
  if (challenge === undefined) {
    if (verifier !== null) throw oauthError(400, "invalid_grant", "code_verifier or verifier is not needed.");
    return;
  }
  if (verifier === null) throw oauthError(400, "invalid_grant", "Missing code verifier.");
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) {
    throw oauthError(400, "invalid_request", "Invalid code verifier.");
  }
  const digest = createHash("sha256").update(verifier).digest("base64url");
  if (!isSame(digest, challenge)) throw oauthError(400, "invalid_grant", "Invalid code verifier.");
}

function refresh(state: State, client: Client, form: URLSearchParams): object {
  const text = form.get("refresh_token");
  if (text === null) throw oauthError(400, "invalid_request", "Missing required parameter: refresh_token");
  const found = state.refreshTokens.get(text);
  if (found === undefined) throw oauthError(400, "invalid_grant", "Bad Request");
  if (found.grant.clientId !== client.id) throw oauthError(401, "unauthorized_client", "Unauthorized");
  if (found.isRevoked || found.grant.isRevoked || found.expiresAt <= state.now()) {
    throw oauthError(400, "invalid_grant", "Token has been expired or revoked.");
  }
  const asked = (form.get("scope") ?? "").split(" ").filter((name) => name !== "");
  const narrowed = asked.map((name) => shortScope(name) ?? "");
  if (narrowed.some((scope) => !found.scopes.has(scope))) {
    throw oauthError(400, "invalid_scope", "Bad Request");
  }
  const scopes = narrowed.length === 0 ? found.scopes : new Set(narrowed);
  const rest = (found.expiresAt - state.now()) / 1000;
  return {
    ...accessAnswer(state, found.grant, scopes),
    ...(client.isTesting === true ? { refresh_token_expires_in: Math.floor(rest) } : {}),
  };
}

function accessAnswer(state: State, grant: Grant, scopes: ReadonlySet<string>): object {
  return {
    access_token: makeAccessToken(state, grant, scopes),
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: [...scopes].map(fullScope).join(" "),
    token_type: "Bearer",
  };
}

/** An error of RFC 6749 in Google's words. */
export function oauthError(status: number, error: string, description: string): Refused {
  return new Refused(status, { error, error_description: description });
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
