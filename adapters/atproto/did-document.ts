/** What we believe of a DID document: whose it is, its handle, its PDS and its signing key. No I/O. */

import { didDocumentValidator, extractAtprotoData, isAtprotoDid } from "@atproto/did";
import type { AtprotoDid, AtprotoIdentityDidMethods, DidDocument as AnyDidDocument } from "@atproto/did";
import { isValidHandle, normalizeHandle } from "@atproto/syntax";

import { isLoopbackUrl, isPublicHttpsUrl } from "../public-address.ts";

export type { AtprotoDid };

/** A well-formed document of a did:plc or did:web. */
export type DidDocument = AnyDidDocument<AtprotoIdentityDidMethods>;

/** The `atproto` verification method, as the document writes it. */
interface SigningKey {
  /** `Multikey`, or one of the two older names that also say the curve. */
  readonly type: string;
  readonly publicKeyMultibase: string;
}

/** A did:plc has 32 characters, and the longest host name 253. */
const DID_MAX_LENGTH = 300;

/** True for the two methods atproto knows, did:plc and did:web without a path; did:web only on a public host name. */
export function isSupportedDid(did: string): did is AtprotoDid {
  return (
    did.length <= DID_MAX_LENGTH &&
    isAtprotoDid(did) &&
    (!did.startsWith("did:web:") || isPublicHttpsUrl(didWebDocumentUrl(did)))
  );
}

/** Where a did:web keeps its document. Always https, also for `localhost`, so that the caller's check refuses that. */
export function didWebDocumentUrl(did: string): URL {
  const host = did.slice("did:web:".length).replaceAll("%3A", ":");
  return new URL(`https://${host}/.well-known/did.json`);
}

/** The document if it is well formed and speaks of `did` itself (W3C DID core: `id` must be the DID resolved). */
export function parseDidDocument(did: AtprotoDid, json: unknown): DidDocument | undefined {
  const parsed = didDocumentValidator.safeParse(json);
  return parsed.success && parsed.data.id === did ? { ...parsed.data, id: did } : undefined;
}

/** The handle the document claims, in lower case. A claim only: the handle must point back at the DID. */
export function claimedHandle(document: DidDocument): string | undefined {
  const handle = extractAtprotoData(document).aka;
  return isValidHandle(handle) ? normalizeHandle(handle) : undefined;
}

/**
 * The origin of the `#atproto_pds` service, if we may contact it. Loopback is for local runs and only for did:plc: a did:web
 * document can be published by anyone on the internet, and must not reach into the machine of a developer.
 */
export function pdsOrigin(document: DidDocument, allowLoopback: boolean): string | undefined {
  const endpoint = extractAtprotoData(document).pds?.serviceEndpoint;
  const url = typeof endpoint === "string" ? URL.parse(endpoint) : null;
  if (url === null) {
    return undefined;
  }
  const mayBeLoopback = allowLoopback && document.id.startsWith("did:plc:");
  return isPublicHttpsUrl(url) || (mayBeLoopback && isLoopbackUrl(url)) ? url.origin : undefined;
}

/** The key that signs for this DID: repository commits and service-auth tokens. */
export function signingKey(document: DidDocument): SigningKey | undefined {
  const key = extractAtprotoData(document).key;
  return key?.publicKeyMultibase === undefined
    ? undefined
    : { type: key.type, publicKeyMultibase: key.publicKeyMultibase };
}
