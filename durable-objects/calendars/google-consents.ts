/** Asking for a host's consent at Google (OAuth 2.0, RFC 6749 4.1, with PKCE, RFC 7636): begun here, and taken once. */

import { base64url } from "jose";
import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { finishConsent, newConsent } from "../../adapters/calendars/google/google-consent.ts";
import type { Access } from "../../adapters/calendars/source.ts";
import { MINUTE } from "../../scheduling/time-zone.ts";
import { sha256Hex } from "../../adapters/sha-256.ts";
import type { CalendarWork } from "./calendar-work.ts";

/** Where Google sends browsers back to. */
const CALLBACK_PATH = "/api/calendar/google/callback";

/** How long somebody may look at Google's page. */
const LIFE_MS = 30 * MINUTE;
const MAX_BEGUN = 20;

/** What a consent is for. */
export interface WantedConsent {
  /** The connection that gets the new access; absent: a new one. */
  readonly connectionId?: string;
  readonly write: boolean;
}

export type ConsentOutcome =
  | { readonly kind: "granted"; readonly access: Access; readonly connectionId?: string }
  /** Not begun here, too long ago, or taken already. */
  | { readonly kind: "unknown" }
  /** A box was not ticked that is needed. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "failed" };

/** Google's page to go to; undefined where Google is not offered. What must come back with the browser is kept for half an hour. */
export async function beginConsent(
  work: CalendarWork,
  wanted: WantedConsent,
  now: number,
): Promise<string | undefined> {
  const { desk, hostDid, sealer } = work;
  const begun = await newConsent(work.env, { redirectUri: redirectUri(work.env), write: wanted.write });
  if (begun === undefined) {
    return undefined;
  }
  const { url, state, verifier } = begun;
  // What is stored opens nothing.
  const stateHash = await sha256Hex(state);
  const sealed = sealedText(await sealer.seal(verifier, boundTo(hostDid, stateHash)));
  const { sql } = desk;
  sql.exec("DELETE FROM consents WHERE expires_at <= CAST(? AS INTEGER)", now);
  sql.exec(
    `DELETE FROM consents WHERE state_hash NOT IN (SELECT state_hash FROM consents ORDER BY expires_at DESC LIMIT ${MAX_BEGUN - 1})`,
  );
  sql.exec(
    "INSERT INTO consents (state_hash, verifier, connection_id, writes, expires_at) VALUES (?, ?, ?, ?, ?)",
    stateHash,
    sealed,
    wanted.connectionId ?? null,
    Number(wanted.write),
    now + LIFE_MS,
  );
  return url;
}

/** What the browser brought back becomes an access. A state is taken once, be the outcome what it may. */
export async function takeConsent(
  work: CalendarWork,
  { state, code }: { readonly state: string; readonly code: string },
  now: number,
): Promise<ConsentOutcome> {
  const stateHash = await sha256Hex(state);
  const [begun] = work.desk.sql
    .exec<{ verifier: string; connection_id: string | null; writes: number }>(
      "DELETE FROM consents WHERE state_hash = ? AND expires_at > CAST(? AS INTEGER) RETURNING verifier, connection_id, writes",
      stateHash,
      now,
    )
    .toArray();
  const verifier =
    begun && (await work.sealer.open(sealedIn(begun.verifier), boundTo(work.hostDid, stateHash)));
  if (!begun || verifier === undefined) {
    return { kind: "unknown" };
  }
  const answer = await finishConsent(
    work.env,
    {
      code,
      verifier,
      redirectUri: redirectUri(work.env),
      write: begun.writes === 1,
    },
    now,
  );
  if (answer.kind === "failed") {
    return { kind: "failed" };
  }
  return answer.missing.length > 0
    ? { kind: "incomplete" }
    : {
        kind: "granted",
        access: answer.access,
        ...(begun.connection_id !== null && { connectionId: begun.connection_id }),
      };
}

function redirectUri({ PUBLIC_URL }: Env): string {
  return new URL(CALLBACK_PATH, PUBLIC_URL).href;
}

function boundTo(hostDid: string, stateHash: string): string {
  return `${hostDid} consent ${stateHash}`;
}

/** The verifier, which is half of what takes the consent, as its column of text keeps it. */
function sealedText({ keyId, bytes }: Sealed): string {
  return `${keyId} ${base64url.encode(bytes)}`;
}

function sealedIn(text: string): Sealed {
  const at = text.lastIndexOf(" ");
  return { keyId: text.slice(0, at), bytes: new Uint8Array(base64url.decode(text.slice(at + 1))) };
}
