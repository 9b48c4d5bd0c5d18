/** One call of a provider's HTTP API, within limits of time and size. Knows no provider. Never throws, and no failure says what was sent. */

import { retryAfterMsIn } from "../calendars/retry-after.ts";
import { failed } from "./mail.ts";
import type { MailFailure, MailProblem } from "./mail.ts";

/** A message is up to a megabyte, and providers answer within two seconds. */
const TIMEOUT_MS = 20_000;
/** Answers are a few hundred bytes. */
const MAX_BYTES = 64 * 1024;

export interface VendorCall {
  readonly url: string;
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly timeoutMs?: number;
}

export interface VendorAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: Headers;
  /** The value of the body; undefined when it is no JSON, is too large, or broke off: the status was said all the same. */
  readonly body: unknown;
}

/** POSTs it. Redirects are not followed, since no provider's API has any. */
export async function callVendor(call: VendorCall): Promise<VendorAnswer | MailFailure> {
  const deadline = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  // Raced as well: the signal of a `fetch` ends it on most platforms, and a time limit must not depend on "most".
  const late = Promise.withResolvers<undefined>();
  deadline.addEventListener("abort", () => late.resolve(undefined), { once: true });
  let response: Response | undefined;
  try {
    const sent = fetch(call.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${call.apiKey}`,
        "content-type": "application/json",
        accept: "application/json",
        // Resend answers 403 without one, and the fetch of Workers sets none.
        "user-agent": "atproto-cal",
        ...call.headers,
      },
      body: JSON.stringify(call.body),
      redirect: "manual",
      signal: deadline,
    });
    response = await Promise.race([sent, late.promise]);
  } catch {
    // What was thrown may name what was sent, so it is not kept.
    return failed(deadline.aborted ? "timeout" : "unreachable");
  }
  if (response === undefined) {
    return failed("timeout");
  }
  const { status, headers } = response;
  const body = await Promise.race([jsonOf(response), late.promise]);
  return { kind: "answer", status, headers, body };
}

/** What a status means that is not of success, unless the provider says more. `now` in epoch ms, for a Retry-After that names a date. */
export function failureOf({ status, headers }: VendorAnswer, now: number): MailFailure {
  const retryAfterMs = retryAfterMsIn(headers, now);
  return failed(problemOf(status), retryAfterMs);
}

function problemOf(status: number): MailProblem {
  switch (status) {
    case 408:
      return "timeout";
    case 429:
      return "rate-limited";
    // What only an operator can mend: the key, the plan, the domain, or the address of the API.
    case 401:
    case 402:
    case 403:
    case 404:
    case 405:
      return "misconfigured";
    default:
      break;
  }
  if (status >= 300 && status < 400) {
    return "misconfigured";
  }
  // A success that is none of those the provider names was somebody else's answer.
  return status >= 400 && status < 500 ? "message-refused" : "server-error";
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    const chunks: Uint8Array[] = [];
    let received = 0;
    if (response.body !== null) {
      const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          break;
        }
        received += value.byteLength;
        if (received > MAX_BYTES) {
          // Not waited for: a cancelled stream may take as long as it likes to end.
          reader.cancel().catch(() => undefined);
          return undefined;
        }
        chunks.push(value);
      }
    }
    return JSON.parse(await new Blob(chunks).text());
  } catch {
    return undefined;
  }
}
