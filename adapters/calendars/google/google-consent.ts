/** A host's consent to have their Google Calendar read, and perhaps written: OAuth 2.0 with PKCE (RFC 6749 4.1, RFC 7636). */

import { base64url } from "jose";
import * as z from "zod/mini";
import type { Access, SourceSettings } from "../source.ts";
import {
  accessOf,
  askForTokens,
  formatAccess,
  hasScope,
  parseAccess,
  READ_SCOPES,
  WRITE_SCOPE,
} from "./google-access.ts";
import { googleAddresses } from "./google-addresses.ts";
import { createGoogleSender, jsonOf, meaningOf, Nothing } from "./google-call.ts";
import type { GoogleFailure } from "./google-call.ts";

export interface ConsentWanted {
  /** One that Google has been told of, where the host comes back to. */
  readonly redirectUri: string;
  /** Whether bookings are to be written as well. */
  readonly write: boolean;
  /** The address of the account, where it is known; Google then does not ask which one. */
  readonly loginHint?: string;
}

/** `state` and `verifier` are secrets of this one attempt, to be kept where only the same browser can bring them back. */
export interface NewConsent {
  /** Where to send the host. */
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

/** What the host came back with, and what this attempt began with. */
export interface ConsentReturn {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly write: boolean;
}

export type ConsentAnswer =
  | {
      readonly kind: "granted";
      readonly access: Access;
      /** Scopes that were asked for and are needed: people may untick each of them. */
      readonly missing: readonly string[];
    }
  | GoogleFailure;

/** A new attempt. Undefined where googleAddresses is: Google Calendar is not offered. */
export async function newConsent(
  settings: SourceSettings,
  { redirectUri, write, loginHint }: ConsentWanted,
): Promise<NewConsent | undefined> {
  const addresses = googleAddresses(settings);
  if (addresses === undefined) {
    return undefined;
  }
  const state = randomText();
  const verifier = randomText();
  const url = new URL(addresses.consent);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: settings.GOOGLE_CLIENT_ID,
    redirect_uri: redirectUri,
    scope: scopesWanted(write).join(" "),
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: "S256",
    // Only with both is a refresh token certain: without the second, Google gives one at the first consent ever.
    access_type: "offline",
    prompt: "consent",
    include_granted_scopes: "true",
    ...(loginHint !== undefined && { login_hint: loginHint }),
  }).toString();
  return { url: url.href, state, verifier };
}

/**
 * Trades the code for tokens. `unauthorized`: the code is not valid (any more), or came without a refresh token; begin again. `now` in
 * epoch ms. Never throws.
 */
export async function finishConsent(
  settings: SourceSettings,
  { code, verifier, redirectUri, write }: ConsentReturn,
  now: number,
): Promise<ConsentAnswer> {
  const addresses = googleAddresses(settings);
  if (addresses === undefined) {
    return { kind: "failed", problem: "refused-address" };
  }
  const grant = {
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  };
  const answer = await askForTokens(grant, addresses, settings, now, createGoogleSender(settings));
  if (answer.kind === "failed") {
    return answer;
  }
  const { refresh_token: refreshToken, scope } = answer.tokens;
  if (refreshToken === undefined) {
    return { kind: "failed", problem: "unauthorized" };
  }
  const wanted = scopesWanted(write);
  // RFC 6749 5.1: named unless it is all that was asked for.
  const granted = scope ?? wanted.join(" ");
  return {
    kind: "granted",
    access: formatAccess(accessOf({ ...answer.tokens, scope: granted }, refreshToken, now)),
    missing: wanted.filter((each) => !hasScope(granted, each)),
  };
}

/** Takes the consent back (RFC 7009), with all tokens that came of it. One that is not valid any more is done. `now` in epoch ms. */
export async function revokeAccess(
  access: Access,
  settings: SourceSettings,
  now: number,
): Promise<{ readonly kind: "done" } | GoogleFailure> {
  const kept = parseAccess(access);
  const addresses = googleAddresses(settings);
  if (kept === undefined) {
    return { kind: "done" };
  }
  if (addresses === undefined) {
    return { kind: "failed", problem: "refused-address" };
  }
  const body = new URLSearchParams({ token: kept.refreshToken });
  const sent = await createGoogleSender(settings)({ method: "POST", url: addresses.revoke, body });
  if (sent.kind === "failed") {
    return sent;
  }
  const answer = meaningOf(sent, Nothing, now);
  return answer.kind === "failed" && !TokenGone.safeParse(jsonOf(sent)).success ? answer : { kind: "done" };
}

const TokenGone = z.object({ error: z.literal("invalid_token") });

function scopesWanted(write: boolean): readonly string[] {
  return write ? [...READ_SCOPES, WRITE_SCOPE] : READ_SCOPES;
}

/** 256 random bits. */
function randomText(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
}

/** RFC 7636 4.2. */
async function challengeOf(verifier: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url.encode(new Uint8Array(hash));
}
