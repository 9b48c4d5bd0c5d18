/**
 * The one way out to addresses that strangers chose: public https names, no redirects, a time limit and a size limit.
 * Never judges what an answer says. (Names that resolve to private addresses are left to the platform: Workers have no
 * private network, and workerd's default `internet` service allows public addresses only.)
 */

import { isLoopbackUrl, isPublicHttpsUrl } from "../public-address.ts";

/** Any outgoing call has this long, its body included. */
const FETCH_TIMEOUT_MS = 5_000;

/** No answer we ask for is legitimately longer. */
export const FETCH_MAX_BYTES = 2 * 1024 * 1024;

/** What `createSafeFetch` makes; fits wherever a `fetch` is asked for. */
export type SafeFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

interface SafeFetchOptions {
  /** Lets `http(s)://localhost:*` and `127.0.0.1:*` through: local runs only. */
  readonly allowLoopback: boolean;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** What really goes out; the platform's `fetch` unless a test says otherwise. */
  readonly fetch?: SafeFetch;
}

/**
 * An outgoing call was refused or failed. A plain Error on purpose: the OAuth client takes a TypeError during a token
 * refresh (which is what a failing `fetch` throws) as a reason to delete the session.
 */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";
}

/** A `fetch` for addresses chosen by others. Throws FetchFailed, also from the body when it is too long or too slow. */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const { allowLoopback, timeoutMs = FETCH_TIMEOUT_MS, maxBytes = FETCH_MAX_BYTES } = options;
  const send: SafeFetch = options.fetch ?? ((input, init) => fetch(input, init));
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!isPublicHttpsUrl(url) && !(allowLoopback && isLoopbackUrl(url))) {
      throw new FetchFailed(`${url.origin} is not a public https address`);
    }
    const callerSignal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = callerSignal ? AbortSignal.any([callerSignal, limit]) : limit;
    // workerd throws a TypeError for redirect: "error", so a redirect is let through and refused here.
    const response = await send(input, { ...init, redirect: "manual", signal }).catch((cause: unknown) => {
      callerSignal?.throwIfAborted();
      throw new FetchFailed(limit.aborted ? `${url.host} took too long` : `${url.host} did not answer`, {
        cause,
      });
    });
    if (response.status >= 300 && response.status < 400) {
      discard(response);
      throw new FetchFailed(`${url.host} answered with a redirect`);
    }
    return capped(response, maxBytes, signal, url.host);
  };
}

/** The text of an answer of at most `maxBytes`. Throws FetchFailed when it is longer. */
export async function readTextCapped(response: Response, maxBytes: number): Promise<string> {
  return capped(response, maxBytes).text();
}

/** The JSON of an answer of at most `maxBytes`. Throws FetchFailed when it is longer or not JSON. */
export async function readJsonCapped(response: Response, maxBytes: number): Promise<unknown> {
  const text = await readTextCapped(response, maxBytes);
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new FetchFailed("the answer is not JSON", { cause });
  }
}

/** Lets go of an answer that nobody will read. Not waited for: a cancelled stream may take as long as it likes to end. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** The same answer with a body that fails, while it streams, on its first byte too many or when its time is over. */
function capped(
  response: Response,
  maxBytes: number,
  signal?: AbortSignal,
  host = "the other side",
): Response {
  if (response.body === null) {
    return response;
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  let received = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await untilAborted(reader.read(), signal, host);
      if (done) {
        controller.close();
        return;
      }
      received += value.byteLength;
      if (received > maxBytes) {
        reader.cancel().catch(() => undefined);
        throw new FetchFailed(`${host} sent more than ${maxBytes} bytes`);
      }
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}

/** The abort signal of a `fetch` ends its body on most platforms; a time limit must not depend on "most". */
async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
  host: string,
): Promise<Value> {
  if (signal === undefined) {
    return promise;
  }
  const tooSlow = Promise.withResolvers<never>();
  const onAbort = (): void =>
    tooSlow.reject(new FetchFailed(`${host} took too long`, { cause: signal.reason }));
  if (signal.aborted) {
    onAbort();
  }
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, tooSlow.promise]);
  } catch (cause) {
    throw cause instanceof FetchFailed
      ? cause
      : new FetchFailed(`${host} ${signal.aborted ? "took too long" : "broke off its answer"}`, { cause });
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
