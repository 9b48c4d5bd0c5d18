/**
 * The one way out to addresses that hosts named, of calendars and of webhooks: within limits of time and size, following redirects by hand. Every outcome is a
 * value without address or body, since both may be secret. (Names that resolve to internal addresses are left to the platform: a
 * Worker has no private network, and workerd's default `internet` service allows public addresses only.)
 */

import { isLoopbackUrl } from "./public-address.ts";
import { parseOutsideUrl } from "./outside-url.ts";

/** For one request with all its redirects and the body: large feeds of slow publishers take several seconds. */
const TIMEOUT_MS = 15_000;
/** After decompression, so that a small answer cannot unpack into a large one. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_REDIRECTS = 5;

/** RFC 9110 15.4; all of them repeat a GET as a GET. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The answer to anything but a GET is then a page about it (RFC 9110 15.4.4), which nobody here wants to see. */
const SEE_OTHER = 303;

/** What another origin may see. A list of the harmless, so that a new header is kept back until somebody thinks about it. */
const HEADERS_FOR_ANYONE: ReadonlySet<string> = new Set(
  "accept accept-language if-modified-since if-none-match user-agent".split(" "),
);

export interface OutsideFetchOptions {
  /** Lets addresses on this machine through, and redirects from one to another: local runs only. */
  readonly allowLoopback: boolean;
  readonly timeoutMs?: number;
  /** Of the decoded body. */
  readonly maxBytes?: number;
  /** 5 unless it says otherwise. One more is `too-many-redirects`. */
  readonly maxRedirects?: number;
  /** Nothing counts but the first status: no redirect is followed, and no body read. */
  readonly statusOnly?: boolean;
  /** Ends every request when it aborts, as the time limit of each does: for a limit on several together. */
  readonly deadline?: AbortSignal;
}

export interface OutsideRequest {
  /** GET unless it says otherwise. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Which other origins a redirect may lead to with all that was sent; none without it. A GET goes on to the rest with its harmless
   * headers only; anything else ends there, as its body and its method are for whom they were meant.
   */
  readonly trusts?: (url: URL) => boolean;
}

export interface OutsideAnswer {
  readonly kind: "answer";
  /** Who answered, after all redirects. As secret as the address. */
  readonly url: URL;
  /** Any status; a redirect only when it names no place to go, or is none to follow. */
  readonly status: number;
  readonly headers: Headers;
  /** The decoded body; empty where only the status was wanted. */
  readonly bytes: Uint8Array;
}

export interface OutsideFailure {
  readonly kind: "failed";
  /** `refused-address` is also a redirect to one; `unreachable` also a connection that breaks off or a body that does not unpack. */
  readonly reason: "timeout" | "unreachable" | "too-large" | "too-many-redirects" | "refused-address";
}

/** Asks `address`, which is checked again here. Never throws. */
export type OutsideFetch = (
  address: string,
  request?: OutsideRequest,
) => Promise<OutsideAnswer | OutsideFailure>;

export function createOutsideFetch(options: OutsideFetchOptions): OutsideFetch {
  const { timeoutMs = TIMEOUT_MS } = options;
  return async (address, request = {}) => {
    const ownLimit = AbortSignal.timeout(timeoutMs);
    const deadline = options.deadline ? AbortSignal.any([options.deadline, ownLimit]) : ownLimit;
    if (deadline.aborted) {
      return failed("timeout");
    }
    // Raced as well: the signal of a `fetch` ends its body on most platforms, and a time limit must not depend on "most".
    const late = Promise.withResolvers<OutsideFailure>();
    deadline.addEventListener("abort", () => late.resolve(failed("timeout")), { once: true });
    try {
      return await Promise.race([follow(address, request, options, deadline), late.promise]);
    } catch {
      // What was thrown names the address on some platforms, so it is not kept.
      return failed(deadline.aborted ? "timeout" : "unreachable");
    }
  };
}

async function follow(
  address: string,
  request: OutsideRequest,
  options: OutsideFetchOptions,
  deadline: AbortSignal,
): Promise<OutsideAnswer | OutsideFailure> {
  const { allowLoopback, maxBytes = MAX_BYTES, maxRedirects = MAX_REDIRECTS, statusOnly = false } = options;
  let checked = parseOutsideUrl(address, allowLoopback);
  const { method = "GET", body = null, trusts } = request;
  let headers = new Headers(request.headers);
  for (let redirects = 0; checked.ok; redirects += 1) {
    const { url } = checked;
    const response = await fetch(url, { method, headers, body, redirect: "manual", signal: deadline });
    if (statusOnly) {
      hangUp(response);
      return {
        kind: "answer",
        url,
        status: response.status,
        headers: response.headers,
        bytes: new Uint8Array(),
      };
    }
    const isToFollow = REDIRECTS.has(response.status) && (method === "GET" || response.status !== SEE_OTHER);
    const location = isToFollow ? response.headers.get("location") : null;
    if (location === null) {
      return await read(response, url, maxBytes, deadline);
    }
    hangUp(response);
    if (redirects >= maxRedirects) {
      return failed("too-many-redirects");
    }
    // Anybody on the internet can redirect, so only what is on this machine already may lead to this machine.
    checked = parseOutsideUrl(resolved(location, url), allowLoopback && isLoopbackUrl(url));
    if (checked.ok && checked.url.origin !== url.origin && !trusts?.(checked.url)) {
      if (method !== "GET") {
        return failed("refused-address");
      }
      headers = new Headers([...headers].filter(([name]) => HEADERS_FOR_ANYONE.has(name)));
    }
  }
  return failed("refused-address");
}

/** Hangs up. Not waited for: a cancelled stream may take as long as it likes to end. */
function hangUp(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** A Location may be relative (RFC 9110 10.2.2). One that makes no sense is handed on, to be refused. */
function resolved(location: string, base: URL): string {
  return URL.canParse(location, base.href) ? new URL(location, base).href : location;
}

async function read(
  response: Response,
  url: URL,
  maxBytes: number,
  deadline: AbortSignal,
): Promise<OutsideAnswer | OutsideFailure> {
  const { status, headers } = response;
  const chunks: Uint8Array[] = [];
  let received = 0;
  if (response.body !== null) {
    const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
    const letGo = (): void => void reader.cancel().catch(() => undefined);
    deadline.addEventListener("abort", letGo, { once: true });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      received += value.byteLength;
      if (received > maxBytes) {
        letGo();
        return failed("too-large");
      }
      chunks.push(value);
    }
  }
  // A cancelled body looks like one that came to its end, but then the deadline has answered already.
  return { kind: "answer", url, status, headers, bytes: joined(chunks, received) };
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function failed(reason: OutsideFailure["reason"]): OutsideFailure {
  return { kind: "failed", reason };
}
