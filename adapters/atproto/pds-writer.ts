/** Writes to a person's repository, all or nothing, through their own OAuth session. Never writes outside our three collections. */

import { PUBLISHED_COLLECTIONS } from "./oauth-scopes.ts";
import type { PublishedCollection } from "./oauth-scopes.ts";
import { discard, FETCH_MAX_BYTES, readJsonCapped } from "./safe-fetch.ts";

export type RecordWrite =
  | {
      readonly action: "create" | "update";
      readonly collection: PublishedCollection;
      readonly rkey: string;
      readonly value: object;
    }
  | { readonly action: "delete"; readonly collection: PublishedCollection; readonly rkey: string };

export type WriteResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: "ScopeRequired" | "SignInRequired" | "PdsUnreachable" | "PdsRefused";
      /** A sentence for the person whose PDS it is. */
      readonly message: string;
    };

/** `OAuthSession.fetchHandler`: sends a call to the person's PDS, with their tokens. */
type SendToPds = (path: string, init: RequestInit) => Promise<Response>;

const APPLY_WRITES = "com.atproto.repo.applyWrites";

/** The two ways in which a PDS says that a token may not do this. */
const SCOPE_ERRORS: readonly unknown[] = ["InsufficientScope", "ScopeMissingError"];

/**
 * One `com.atproto.repo.applyWrites` commit. A PDS that is down, slow or answers nonsense is a refusal (PdsUnreachable); whether it has
 * written all the same cannot be known then, so callers read the records again.
 * @throws Error when `writes` is empty or names a collection that is not ours
 */
export async function applyWrites(
  send: SendToPds,
  did: string,
  writes: readonly RecordWrite[],
): Promise<WriteResult> {
  if (writes.length === 0 || writes.some(({ collection }) => !PUBLISHED_COLLECTIONS.includes(collection))) {
    throw new Error("applyWrites needs writes to the collections this broker publishes");
  }
  const body = JSON.stringify({
    repo: did,
    writes: writes.map(({ action, ...write }) => ({ $type: `${APPLY_WRITES}#${action}`, ...write })),
  });
  let response: Response;
  try {
    response = await send(`/xrpc/${APPLY_WRITES}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  } catch {
    return refusal("PdsUnreachable");
  }
  if (response.ok) {
    discard(response);
    return { ok: true };
  }
  return refusalOf(response);
}

/** A WriteResult without a call: for what is known beforehand. */
export function refusal(code: "ScopeRequired" | "SignInRequired" | "PdsUnreachable"): WriteResult {
  switch (code) {
    case "ScopeRequired":
      return {
        ok: false,
        code,
        message: "Allow publishing first: sign in again with publishing switched on.",
      };
    case "SignInRequired":
      return { ok: false, code, message: "Your sign-in with your PDS has ended. Sign in again to publish." };
    case "PdsUnreachable":
      return { ok: false, code, message: "Your PDS cannot be reached just now. Try again in a few minutes." };
  }
}

async function refusalOf(response: Response): Promise<WriteResult> {
  const answer = await readJsonCapped(response, FETCH_MAX_BYTES).catch(() => undefined);
  const error = isRecord(answer) ? answer["error"] : undefined;
  if (response.status === 401) {
    return refusal("SignInRequired");
  }
  if (response.status === 403 && SCOPE_ERRORS.includes(error)) {
    return refusal("ScopeRequired");
  }
  // A PDS answers 500 when it was asked for the impossible too, such as creating a record that exists: then it names an error.
  const hasAnswered = response.status < 500 || (response.status === 500 && error !== undefined);
  if (!hasAnswered || response.status === 429) {
    return refusal("PdsUnreachable");
  }
  // Only the error's name, and only when it looks like one: the rest is a stranger's text.
  const name = typeof error === "string" && /^[A-Za-z]{1,60}$/.test(error) ? ` (${error})` : "";
  return {
    ok: false,
    code: "PdsRefused",
    message: `Your PDS refused the change${name}. Load the page again, check what you entered and save it once more.`,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
