/** Grants and the tokens made from them. */

import { randomBytes } from "node:crypto";
import { invalidCredentials } from "./errors.ts";
import { DAY } from "./times.ts";
import type { Caller } from "./accounts.ts";
import type { Client, Grant, RefreshToken, State } from "./state.ts";

export const ACCESS_TOKEN_SECONDS = 3599;
/** Refresh tokens of a client in testing. */
export const TESTING_SECONDS = 604_799;
/** Of one account for one client; the oldest dies silently. */
const MOST_REFRESH_TOKENS = 100;

export function secretText(prefix: string): string {
  return prefix + randomBytes(32).toString("base64url");
}

export function liveGrant(state: State, clientId: string, email: string): Grant | undefined {
  return state.grants.find(
    (grant) => grant.clientId === clientId && grant.email === email && !grant.isRevoked,
  );
}

/** The grant of this account to this client, with these scopes added to it. */
export function addToGrant(
  state: State,
  clientId: string,
  email: string,
  scopes: ReadonlySet<string>,
): { readonly grant: Grant; readonly isNew: boolean } {
  const known = liveGrant(state, clientId, email);
  if (known !== undefined) {
    known.scopes = new Set([...known.scopes, ...scopes]);
    return { grant: known, isNew: false };
  }
  const grant: Grant = { clientId, email, scopes, isRevoked: false };
  state.grants.push(grant);
  return { grant, isNew: true };
}

export function makeAccessToken(state: State, grant: Grant, scopes: ReadonlySet<string>): string {
  const token = secretText("ya29.");
  state.accessTokens.set(token, {
    grant,
    scopes,
    expiresAt: state.now() + ACCESS_TOKEN_SECONDS * 1000,
  });
  return token;
}

export function makeRefreshToken(
  state: State,
  client: Client,
  grant: Grant,
  scopes: ReadonlySet<string>,
): RefreshToken {
  const alive = [...state.refreshTokens.values()].filter(
    (each) => !each.isRevoked && each.grant.clientId === grant.clientId && each.grant.email === grant.email,
  );
  if (alive.length >= MOST_REFRESH_TOKENS && alive[0] !== undefined) alive[0].isRevoked = true;
  const made: RefreshToken = {
    token: secretText("1//0"),
    grant,
    scopes,
    expiresAt: client.isTesting === true ? state.now() + 7 * DAY : Number.POSITIVE_INFINITY,
    isRevoked: false,
  };
  state.refreshTokens.set(made.token, made);
  return made;
}

/**
 * Whose token it is.
 * @throws Refused 401
 */
export function callerOf(state: State, token: string): Caller & { readonly grant: Grant } {
  const found = state.accessTokens.get(token);
  if (found === undefined || found.grant.isRevoked || found.expiresAt <= state.now()) {
    throw invalidCredentials();
  }
  const { grant, scopes } = found;
  return { email: grant.email, clientId: grant.clientId, scopes, grant };
}

/** Ends a grant by any of its tokens; false where the token is not alive. */
export function revokeByToken(state: State, token: string): boolean {
  const refresh = state.refreshTokens.get(token);
  const access = state.accessTokens.get(token);
  const grant = refresh?.isRevoked === false ? refresh.grant : access?.grant;
  if (grant === undefined || grant.isRevoked) return false;
  if (refresh === undefined && access !== undefined && access.expiresAt <= state.now()) return false;
  revoke(state, grant);
  return true;
}

/** As the user does under "Third-party access": every token of it is dead, and its channels with it. */
export function revoke(state: State, grant: Grant): void {
  grant.isRevoked = true;
  for (const channel of state.channels.values()) {
    if (channel.grant === grant) state.channels.delete(channel.id);
  }
}
