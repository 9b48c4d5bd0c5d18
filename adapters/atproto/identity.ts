/** Who somebody is: handle to DID, DID to document, document to PDS, checked in both directions. Never reads a repository. */

import { INVALID_HANDLE, isValidHandle, normalizeHandle } from "@atproto/syntax";

import { accepted, refused } from "../../scheduling/refusal.ts";
import type { Result } from "../../scheduling/refusal.ts";
import {
  claimedHandle,
  didWebDocumentUrl,
  isSupportedDid,
  parseDidDocument,
  pdsOrigin,
} from "./did-document.ts";
import type { AtprotoDid, DidDocument } from "./did-document.ts";
import { createHandleResolver } from "./handle-resolution.ts";
import { plainLine } from "./record-text.ts";
import { createSafeFetch, discard, readJsonCapped } from "./safe-fetch.ts";
import type { SafeFetch } from "./safe-fetch.ts";

export interface Identity {
  readonly did: string;
  /** Verified both ways, in lower case, or `handle.invalid`. */
  readonly handle: string;
  /** Origin of the PDS: one we may contact. */
  readonly pdsUrl: string;
}

export interface IdentityResolver {
  /** A DID or a handle as somebody typed it. A handle whose DID does not point back at it is HostNotFound. */
  resolveActor(actor: string): Promise<Result<Identity>>;
  resolveDid(did: string): Promise<Result<Identity>>;
  /** `fresh` goes past the cache: for a signature that did not match, since keys rotate. */
  didDocument(did: string, options?: { readonly fresh?: boolean }): Promise<Result<DidDocument>>;
}

interface IdentityResolverOptions {
  readonly plcUrl: string;
  /** Empty: DNS over HTTPS and `/.well-known/atproto-did`. Set: an XRPC server that is asked instead. */
  readonly handleResolverUrl: string;
  readonly allowLoopback: boolean;
  /** A SafeFetch unless a test says otherwise. */
  readonly fetch?: SafeFetch;
  readonly cache?: IdentityCache;
  /** Epoch ms. */
  readonly clock?: () => number;
}

/** Answers by what was asked. Values only: a promise of a finished request can never settle on workerd. */
interface IdentityCache {
  readonly documents: Expiring<DidDocument>;
  readonly handles: Expiring<AtprotoDid>;
}

type Expiring<Value> = Map<string, { readonly value: Value; readonly expiresAt: number }>;

/** An empty cache, for who must not share the one of the isolate. */
export function createIdentityCache(): IdentityCache {
  return { documents: new Map(), handles: new Map() };
}

const CACHE_MS = 60_000;
const CACHE_ENTRIES = 1_000;
const DOCUMENT_MAX_BYTES = 64 * 1024;

/** Shared by the requests of one isolate; its keys name the directory asked. */
const isolateCache = createIdentityCache();

/** Resolves identities. Refusals: HostNotFound (unknown, malformed, not allowed) and HostUnreachable (try again later). */
export function createIdentityResolver(options: IdentityResolverOptions): IdentityResolver {
  const { plcUrl, handleResolverUrl, allowLoopback, cache = isolateCache, clock = Date.now } = options;
  const fetch = options.fetch ?? createSafeFetch({ allowLoopback });
  const handles = createHandleResolver(handleResolverUrl, fetch);

  async function didDocument(did: string, { fresh = false } = {}): Promise<Result<DidDocument>> {
    if (!isSupportedDid(did)) {
      return notFound(
        `${brief(did)} is not a DID this broker can look up. Use a did:plc, or a did:web on a public host name.`,
      );
    }
    const key = `${plcUrl} ${did}`;
    const known = fresh ? undefined : remembered(cache.documents, key, clock());
    if (known !== undefined) {
      return accepted(known);
    }
    const document = await fetchDocument(did, plcUrl, fetch);
    if (document.ok) {
      remember(cache.documents, key, document.value, clock());
    }
    return document;
  }

  /** The DID a handle points at, `undefined` for none. Throws when it cannot be found out now. */
  async function didOfHandle(handle: string): Promise<AtprotoDid | undefined> {
    const key = `${handleResolverUrl} ${handle}`;
    const known = remembered(cache.handles, key, clock());
    if (known !== undefined) {
      return known;
    }
    const did = (await handles.resolve(handle)) ?? undefined;
    if (did !== undefined) {
      remember(cache.handles, key, did, clock());
    }
    return did;
  }

  function identityOf(document: DidDocument, handle: string): Result<Identity> {
    const pdsUrl = pdsOrigin(document, allowLoopback);
    return pdsUrl === undefined
      ? notFound(
          `${document.id} names no PDS that this broker may contact. Its owner has to correct the DID document.`,
        )
      : accepted({ did: document.id, handle, pdsUrl });
  }

  async function resolveDid(did: string): Promise<Result<Identity>> {
    const document = await didDocument(did);
    if (!document.ok) {
      return document;
    }
    const claimed = claimedHandle(document.value);
    // A handle that cannot be checked just now does not make the DID less reachable: it only has no name for a while.
    const pointsAt = claimed === undefined ? undefined : await didOfHandle(claimed).catch(() => undefined);
    return identityOf(document.value, claimed !== undefined && pointsAt === did ? claimed : INVALID_HANDLE);
  }

  async function resolveActor(actor: string): Promise<Result<Identity>> {
    if (actor.startsWith("did:")) {
      return resolveDid(actor);
    }
    const handle = normalizeHandle(actor.replace(/^@/, ""));
    if (!isValidHandle(handle)) {
      return notFound(`${brief(actor)} is neither a handle nor a DID. Check the spelling.`);
    }
    let did: AtprotoDid | undefined;
    try {
      did = await didOfHandle(handle);
    } catch {
      return unreachable(`The handle ${handle} cannot be looked up just now. Try again in a minute.`);
    }
    if (did === undefined) {
      return notFound(`Nobody has the handle ${handle}. Check the spelling.`);
    }
    const document = await didDocument(did);
    if (!document.ok) {
      return document;
    }
    if (claimedHandle(document.value) !== handle) {
      return notFound(
        `The handle ${handle} points at ${did}, which goes by another name. Use that DID instead.`,
      );
    }
    return identityOf(document.value, handle);
  }

  return { resolveActor, resolveDid, didDocument };
}

async function fetchDocument(
  did: AtprotoDid,
  plcUrl: string,
  fetch: SafeFetch,
): Promise<Result<DidDocument>> {
  const url = did.startsWith("did:web:") ? didWebDocumentUrl(did) : new URL(`/${did}`, plcUrl);
  const noDocumentNow = `The DID document of ${did} cannot be fetched just now. Try again in a minute.`;
  let json: unknown;
  try {
    const response = await fetch(url, { headers: { accept: "application/did+ld+json, application/json" } });
    // 410 is how a PLC directory says that a DID was deactivated for good.
    if (!response.ok) {
      discard(response);
      return response.status === 404 || response.status === 410
        ? notFound(`There is no ${did}. Check the spelling.`)
        : unreachable(noDocumentNow);
    }
    json = await readJsonCapped(response, DOCUMENT_MAX_BYTES);
  } catch {
    return unreachable(noDocumentNow);
  }
  const document = parseDidDocument(did, json);
  return document === undefined
    ? notFound(`The DID document of ${did} is not usable. Its owner has to correct it.`)
    : accepted(document);
}

function remembered<Value>(cache: Expiring<Value>, key: string, now: number): Value | undefined {
  const entry = cache.get(key);
  return entry !== undefined && entry.expiresAt > now ? entry.value : undefined;
}

function remember<Value>(cache: Expiring<Value>, key: string, value: Value, now: number): void {
  cache.delete(key);
  const oldest = cache.size >= CACHE_ENTRIES ? cache.keys().next().value : undefined;
  if (oldest !== undefined) {
    cache.delete(oldest);
  }
  cache.set(key, { value, expiresAt: now + CACHE_MS });
}

function notFound(why: string): Result<never> {
  return refused({ code: "HostNotFound", why });
}

function unreachable(why: string): Result<never> {
  return refused({ code: "HostUnreachable", why });
}

/** What somebody typed, short enough and plain enough to repeat in a sentence. */
function brief(typed: string): string {
  return JSON.stringify(plainLine(typed.slice(0, 80)));
}
