/** Pages and sync tokens of the two lists. Both kinds of token are opaque to clients; here they say where to go on, and for which question. */

import { createHash } from "node:crypto";
import { invalidParameter, refusal } from "./errors.ts";
import type { State } from "./state.ts";

interface PageToken {
  readonly kind: "page";
  readonly offset: number;
  readonly question: string;
  /** The revision at the first page, from which the sync token will go on. */
  readonly revision: number;
}

interface SyncToken {
  readonly kind: "sync";
  readonly resource: string;
  readonly revision: number;
}

export interface Paged<Item> {
  readonly items: Item[];
  readonly tokens: { readonly nextPageToken?: string; readonly nextSyncToken?: string };
}

/**
 * Cuts one page out of a list. The sync token comes with the last page only.
 * @param resource what is listed, so that a sync token of another list is refused
 * @throws Refused 400 at a page token of another question
 */
export function pageOf<Item>(
  state: State,
  all: readonly Item[],
  query: URLSearchParams,
  options: {
    readonly resource: string;
    readonly usual: number;
    readonly most: number;
    readonly syncs: boolean;
  },
): Paged<Item> {
  const size = Math.min(wholeNumber(query, "maxResults") ?? options.usual, options.most);
  const question = questionOf(options.resource, query);
  const at = readPageToken(query, question) ?? { offset: 0, revision: state.revision };
  const items = all.slice(at.offset, at.offset + size);
  const offset = at.offset + items.length;
  if (offset < all.length) {
    const next: PageToken = { kind: "page", offset, question, revision: at.revision };
    return { items, tokens: { nextPageToken: encode(next) } };
  }
  if (!options.syncs) return { items, tokens: {} };
  const sync: SyncToken = { kind: "sync", resource: options.resource, revision: at.revision };
  return { items, tokens: { nextSyncToken: encode(sync) } };
}

/**
 * Since which revision changes are asked for; undefined: everything is.
 * @param forbidden parameters that may not come along with a sync token
 * @throws Refused 400, or 410 where the token is no longer valid
 */
export function syncedRevision(
  state: State,
  query: URLSearchParams,
  resource: string,
  forbidden: readonly string[],
): number | undefined {
  const text = query.get("syncToken");
  if (text === null) return undefined;
  for (const name of forbidden) {
    if (query.has(name)) {
      throw refusal(400, "badRequest", `Sync token cannot be used with ${name}.`, { location: name });
    }
  }
  const token = decode(text);
  if (token?.kind !== "sync" || token.resource !== resource) throw invalidParameter("syncToken");
  if (token.revision < state.syncFloor) {
    throw refusal(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", {
      domain: "calendar",
      location: "syncToken",
    });
  }
  return token.revision;
}

/** A positive whole number in the query. @throws Refused 400 */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw invalidParameter(name);
  return Number(text);
}

/** @throws Refused 400 */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text !== "true" && text !== "false") throw invalidParameter(name);
  return text === "true";
}

function readPageToken(query: URLSearchParams, question: string): PageToken | undefined {
  const text = query.get("pageToken");
  if (text === null) return undefined;
  const token = decode(text);
  if (token?.kind !== "page" || token.question !== question) throw invalidParameter("pageToken");
  return token;
}

function questionOf(resource: string, query: URLSearchParams): string {
  const asked = [...query]
    .filter(([name]) => name !== "pageToken" && name !== "maxResults")
    .map(([name, value]) => `${name}=${value}`);
  const text = JSON.stringify([resource, asked.toSorted((one, other) => (one < other ? -1 : 1))]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

function encode(token: PageToken | SyncToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function decode(text: string): PageToken | SyncToken | undefined {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as PageToken | SyncToken;
  } catch {
    return undefined;
  }
}
