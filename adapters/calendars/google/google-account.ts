/** Calls on behalf of somebody who consented: with a fresh token, all of them together within one time limit. */

import type * as z from "zod/mini";
import type { CalendarProblem } from "../../../scheduling/refusal.ts";
import type { Access, SourceFailure, SourceSettings } from "../source.ts";
import { formatAccess, freshAccess, parseAccess } from "./google-access.ts";
import type { FreshAccess, GoogleAccess } from "./google-access.ts";
import { googleAddresses } from "./google-addresses.ts";
import type { GoogleAddresses } from "./google-addresses.ts";
import { createGoogleSender, meaningOf } from "./google-call.ts";
import type { GoogleAnswer, GoogleRequest } from "./google-call.ts";

export interface CalendarRequest {
  readonly method: GoogleRequest["method"];
  /** Below `/calendar/v3`, a slash first. Whatever stands in it must be encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** See meaningOf. */
  readonly refused?: CalendarProblem;
}

/** One call of the Calendar API, its answer checked against a shape. */
export type CallCalendar = <Body>(
  request: CalendarRequest,
  shape: z.ZodMiniType<Body>,
) => Promise<GoogleAnswer<Body>>;

export interface GoogleQuestion {
  readonly access: Access;
  readonly settings: SourceSettings;
  /** Epoch ms. */
  readonly now: number;
  readonly timeoutMs?: number;
}

/**
 * What `ask` answers with the calls it is given. Where tokens were renewed on the way, the answer brings the access anew, a failure
 * too. A token that Google refuses (401) is renewed once, and refused again it is `unauthorized`. Never throws.
 */
export async function withGoogle<Answer extends { readonly kind: string }>(
  { access, settings, now, timeoutMs }: GoogleQuestion,
  ask: (call: CallCalendar) => Promise<Answer | SourceFailure>,
): Promise<(Answer & { readonly access?: Access }) | SourceFailure> {
  const kept = parseAccess(access);
  const addresses = googleAddresses(settings);
  if (kept === undefined || addresses === undefined) {
    return { kind: "failed", problem: kept === undefined ? "unauthorized" : "refused-address" };
  }
  let account: GoogleAccess = kept;
  const send = createGoogleSender(settings, timeoutMs);
  const call: CallCalendar = async (request, shape) => {
    for (let renew = false; ; renew = true) {
      const fresh = await freshAccess(account, addresses, settings, now, send, renew);
      if (fresh.kind === "failed") {
        return fresh;
      }
      account = fresh.access;
      const sent = await send(authorized(request, addresses, fresh.access));
      if (sent.kind === "failed") {
        return sent;
      }
      if (sent.status !== 401 || renew) {
        return meaningOf(sent, shape, now, request.refused);
      }
    }
  };
  const answer = await ask(call);
  return account === kept ? answer : { ...answer, access: formatAccess(account) };
}

function authorized(
  { method, path, query, body }: CalendarRequest,
  addresses: GoogleAddresses,
  { accessToken }: FreshAccess,
): GoogleRequest {
  const url = new URL(addresses.calendar + path);
  for (const [name, value] of Object.entries(query ?? {})) {
    url.searchParams.set(name, value);
  }
  return { method, url: url.href, headers: { authorization: `Bearer ${accessToken}` }, body };
}
