/** What opens somebody's account at Google: the tokens of OAuth (RFC 6749) and what they were given for. */

import * as z from "zod/mini";
import type { Access, SourceSettings } from "../source.ts";
import type { GoogleAddresses } from "./google-addresses.ts";
import { jsonOf, meaningOf } from "./google-call.ts";
import type { GoogleFailure, SendToGoogle } from "./google-call.ts";

const SCOPE = "https://www.googleapis.com/auth/";

/** When calendars are busy, which there are, and being told of changes. */
export const READ_SCOPES: readonly string[] = [
  `${SCOPE}calendar.events.freebusy`,
  `${SCOPE}calendar.calendarlist.readonly`,
];

/** Bookings in the calendars that somebody owns. */
export const WRITE_SCOPE = `${SCOPE}calendar.events.owned`;

/** An access token that ends sooner is renewed first, so that it does not end on the way. */
const MIN_LIFE_MS = 60_000;

/** Of a token (2,048 bytes is what Google names as its limit) and of the list of scopes. */
const MAX_TOKEN_LENGTH = 4_096;

const Token = z.string().check(z.minLength(1), z.maxLength(MAX_TOKEN_LENGTH));

const Kept = z.object({
  refreshToken: Token,
  accessToken: z.optional(Token),
  /** Epoch ms. */
  accessUntil: z.optional(z.number()),
  /** As Google spells it: separated by spaces. */
  scope: z.string(),
});

export type GoogleAccess = z.infer<typeof Kept>;

/** One whose access token can be used now. */
export type FreshAccess = GoogleAccess & { readonly accessToken: string; readonly accessUntil: number };

/** RFC 6749 5.1. */
const TokenAnswer = z.object({
  access_token: Token,
  /** Seconds. */
  expires_in: z.number().check(z.positive()),
  refresh_token: z.optional(Token),
  scope: z.optional(z.string().check(z.maxLength(MAX_TOKEN_LENGTH))),
});

/** RFC 6749 5.2. */
const TokenError = z.object({ error: z.string() });

export type Tokens = z.infer<typeof TokenAnswer>;

/** Undefined for what formatAccess did not write. */
export function parseAccess(access: Access): GoogleAccess | undefined {
  try {
    return Kept.safeParse(JSON.parse(access)).data;
  } catch {
    return undefined;
  }
}

export function formatAccess(access: GoogleAccess): Access {
  return JSON.stringify(access);
}

/** Whether bookings may be written with it: it was consented to, beside reading. */
export function canWrite(access: Access): boolean {
  return hasScope(parseAccess(access)?.scope ?? "", WRITE_SCOPE);
}

export function hasScope(granted: string, scope: string): boolean {
  return granted.split(" ").includes(scope);
}

/**
 * The access itself while its access token has more than a minute to live; else a renewed one (RFC 6749 6). `unauthorized`: the host
 * has to consent anew, and asking again never helps. `now` in epoch ms.
 * @param renew renews even a token that should still do
 */
export async function freshAccess(
  access: GoogleAccess,
  addresses: GoogleAddresses,
  settings: SourceSettings,
  now: number,
  send: SendToGoogle,
  renew = false,
): Promise<{ readonly kind: "fresh"; readonly access: FreshAccess } | GoogleFailure> {
  if (!renew && isFresh(access, now)) {
    return { kind: "fresh", access };
  }
  const answer = await askForTokens(
    { grant_type: "refresh_token", refresh_token: access.refreshToken },
    addresses,
    settings,
    now,
    send,
  );
  if (answer.kind === "failed") {
    return answer;
  }
  // Google keeps the refresh token and the scopes as they were unless it says otherwise.
  const { refresh_token: refreshToken = access.refreshToken, scope = access.scope } = answer.tokens;
  return { kind: "fresh", access: accessOf({ ...answer.tokens, scope }, refreshToken, now) };
}

function isFresh(access: GoogleAccess, now: number): access is FreshAccess {
  const { accessToken, accessUntil } = access;
  return accessToken !== undefined && accessUntil !== undefined && accessUntil - now > MIN_LIFE_MS;
}

/** What is kept of the tokens. `now`: epoch ms of the answer. */
export function accessOf(
  tokens: Tokens & { readonly scope: string },
  refreshToken: string,
  now: number,
): FreshAccess {
  return {
    refreshToken,
    accessToken: tokens.access_token,
    accessUntil: now + tokens.expires_in * 1_000,
    scope: tokens.scope,
  };
}

/**
 * Asks for tokens with a grant of any type. `unauthorized`: the grant is not valid, or no longer (`invalid_grant`). That Google does
 * not know this broker is none of the host's business, so it is a `server-error`.
 */
export async function askForTokens(
  grant: Readonly<Record<string, string>>,
  addresses: GoogleAddresses,
  settings: SourceSettings,
  now: number,
  send: SendToGoogle,
): Promise<{ readonly kind: "tokens"; readonly tokens: Tokens } | GoogleFailure> {
  const body = new URLSearchParams({ ...grant, client_id: settings.GOOGLE_CLIENT_ID });
  if (settings.GOOGLE_CLIENT_SECRET !== undefined && settings.GOOGLE_CLIENT_SECRET !== "") {
    body.set("client_secret", settings.GOOGLE_CLIENT_SECRET);
  }
  const answer = await send({ method: "POST", url: addresses.token, body });
  if (answer.kind === "failed") {
    return answer;
  }
  const meaning = meaningOf(answer, TokenAnswer, now);
  if (meaning.kind === "answer") {
    return { kind: "tokens", tokens: meaning.body };
  }
  if (TokenError.safeParse(jsonOf(answer)).data?.error === "invalid_grant") {
    return { kind: "failed", problem: "unauthorized" };
  }
  const isRefusedItself = meaning.problem === "unauthorized" || meaning.problem === "not-found";
  return isRefusedItself || meaning.problem === "not-a-calendar"
    ? { kind: "failed", problem: "server-error" }
    : meaning;
}
