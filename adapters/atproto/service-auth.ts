/**
 * Checks atproto service-auth tokens: JWTs that a person's PDS signs for one call to one service (atproto "Inter-Service
 * Authentication"). Never keeps anything; where used tokens are remembered is the caller's choice.
 */

import { ServiceJwtVerifier } from "@atcute/xrpc-server/auth";
import type { ServiceJwtVerifierOptions } from "@atcute/xrpc-server/auth";

import type { Result } from "../../scheduling/refusal.ts";
import { signingKey } from "./did-document.ts";
import type { DidDocument } from "./did-document.ts";

interface ServiceAuthOptions {
  /** Our DID. Tokens for it, or for its `#broker` service, are ours. */
  readonly brokerDid: string;
  /** The NSID of the operation called. */
  readonly lxm: string;
  readonly didDocument: (did: string, options: { readonly fresh: boolean }) => Promise<Result<DidDocument>>;
  /** Atomically marks a token as used; false when it was before. `lifetimeMs`: how long it must be remembered. */
  readonly markUsed: (did: string, jti: string, lifetimeMs: number) => Promise<boolean>;
}

export type ServiceAuthResult =
  | { readonly ok: true; readonly did: string }
  | { readonly ok: false; readonly message: string };

type Resolver = ServiceJwtVerifierOptions["resolver"];
type VerifierDid = Parameters<Resolver["resolve"]>[0];
type VerifierDocument = Awaited<ReturnType<Resolver["resolve"]>>;

/** A PDS makes tokens for one minute unless asked otherwise. One that lives longer than this is refused. */
const MAX_AGE_SECONDS = 5 * 60;
const LEEWAY_SECONDS = 5;
/** The verifier counts in whole seconds, rounding down: a token is taken up to a second after its leeway. */
const ROUNDING_SECONDS = 2;
const MAX_TOKEN_LENGTH = 4_096;
const MAX_JTI_LENGTH = 256;
/** RFC 7515, section 7.1. */
const COMPACT_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Verifies `token` for one call: signature (ES256K or ES256) by the `#atproto` key of the issuer's DID document, looked up afresh once
 * when it does not match, since keys rotate; `aud`, `lxm`, `exp`; and a `jti` never seen before. A refusal says what to do.
 */
export async function verifyServiceToken(
  token: string,
  options: ServiceAuthOptions,
): Promise<ServiceAuthResult> {
  const { brokerDid, lxm } = options;
  if (token.length > MAX_TOKEN_LENGTH || !COMPACT_JWT.test(token)) {
    return { ok: false, message: messageFor("BadJwt", options) };
  }
  if (!isDid(brokerDid)) {
    throw new Error("BROKER_DID is not a DID");
  }
  const verifier = new ServiceJwtVerifier({
    acceptAudiences: [brokerDid, `${brokerDid}#broker`],
    maxAge: MAX_AGE_SECONDS,
    clockLeeway: LEEWAY_SECONDS,
    resolver: { resolve: (did, { noCache = false } = {}) => keyDocument(did, noCache, options) },
    replayStore: {
      check: async ({ iss, jti }, ttlSeconds) =>
        jti.length <= MAX_JTI_LENGTH &&
        (await options.markUsed(iss, jti, (ttlSeconds + LEEWAY_SECONDS + ROUNDING_SECONDS) * 1_000)),
    },
  });
  // The verifier reads a header; this carries it and is never sent.
  const carrier = new Request("https://carrier.invalid/", { headers: { authorization: `Bearer ${token}` } });
  try {
    const { issuer } = await verifier.verifyRequest(carrier, { lxm: asNsid(lxm) });
    return { ok: true, did: issuer };
  } catch (error) {
    const code = challengeCode(error);
    if (code === undefined) {
      throw error;
    }
    return { ok: false, message: messageFor(code, options) };
  }
}

/** As much of a DID document as the verifier looks at. Throws when there is none, which it takes as a refusal. */
async function keyDocument(
  did: VerifierDid,
  fresh: boolean,
  { didDocument }: ServiceAuthOptions,
): Promise<VerifierDocument> {
  const document = await didDocument(did, { fresh });
  if (!document.ok) {
    throw new Error("no DID document");
  }
  const key = signingKey(document.value);
  return {
    "@context": [],
    id: did,
    verificationMethod: key === undefined ? [] : [{ id: `${did}#atproto`, controller: did, ...key }],
  };
}

/** The verifier names its reason in the WWW-Authenticate header of what it throws (RFC 6750, section 3). */
function challengeCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("headers" in error) || !(error.headers instanceof Headers)) {
    return undefined;
  }
  return /error="([A-Za-z]+)"/.exec(error.headers.get("www-authenticate") ?? "")?.[1];
}

function messageFor(code: string, { brokerDid, lxm }: ServiceAuthOptions): string {
  const again = "Ask your PDS for a new one with com.atproto.server.getServiceAuth";
  switch (code) {
    case "JwtExpired":
      return `The token has expired. ${again}.`;
    case "JwtTooOld":
      return `The token lives longer than five minutes. ${again}, without a long \`exp\`.`;
    case "JwtNotYetValid":
      return "The token is not valid yet. Check the clock of the server that made it.";
    case "InvalidAudience":
      return `The token is for another service. ${again}, with \`aud\` set to ${brokerDid}.`;
    case "BadJwtLexiconMethod":
      return `The token is for another operation. ${again}, with \`lxm\` set to ${lxm}.`;
    case "NonceNotUnique":
      return `The token was used already; each is good for one call. ${again}.`;
    case "BadJwtSignature":
    case "BadJwtIssuer":
      return `The token is not signed with the #atproto key of its issuer's DID document. ${again}.`;
    case "DidResolutionFailed":
      return "The DID document of the token's issuer cannot be looked up. Check `iss`, or try again in a few minutes.";
    default:
      return `The token must be an atproto service-auth JWT with iss, aud, exp, lxm (${lxm}) and jti. ${again}.`;
  }
}

function isDid(text: string): text is VerifierDid {
  return /^did:[a-z]+:.+$/.test(text);
}

type VerifierLxm = Extract<Parameters<ServiceJwtVerifier["verifyRequest"]>[1]["lxm"], string>;

function asNsid(text: string): VerifierLxm {
  const isNsid = (value: string): value is VerifierLxm =>
    /^[a-z][a-z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*){2,}$/.test(value);
  if (!isNsid(text)) {
    throw new Error("an operation is named by its NSID");
  }
  return text;
}
