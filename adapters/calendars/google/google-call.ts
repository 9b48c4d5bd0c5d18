/** One call of Google's JSON, within limits, and what its status means. Knows neither calendars nor tokens. */

import * as z from "zod/mini";
import type { CalendarProblem } from "../../../scheduling/refusal.ts";
import { createOutsideFetch } from "../../outside-fetch.ts";
import type { OutsideAnswer } from "../../outside-fetch.ts";
import { retryAfterMsIn } from "../retry-after.ts";
import type { SourceSettings } from "../source.ts";

/** For everything that one question takes: a year of busy time is seven calls. */
const TIMEOUT_MS = 15_000;

/** Of a 403: asked too often. */
const TOO_OFTEN: ReadonlySet<string> = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "dailyLimitExceeded",
  "calendarUsageLimitsExceeded",
]);

/** Of a 403: the operator has not switched the API on, or Google has switched it off. No host can mend that by consenting anew. */
const NOT_OFFERED = "accessNotConfigured";

const ErrorBody = z.object({
  error: z.object({ errors: z.optional(z.array(z.object({ reason: z.optional(z.string()) }))) }),
});

export interface GoogleRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, a URLSearchParams as a form. */
  readonly body?: unknown;
}

export interface GoogleFailure {
  readonly kind: "failed";
  readonly problem: CalendarProblem;
  readonly retryAfterMs?: number;
}

export type GoogleAnswer<Body> = { readonly kind: "answer"; readonly body: Body } | GoogleFailure;

/** Sends it once and reads all of the answer, whatever its status. Never throws. */
export type SendToGoogle = (request: GoogleRequest) => Promise<OutsideAnswer | GoogleFailure>;

/** For calls that belong together: their time begins now. Redirects are not followed, since Google's API has none. */
export function createGoogleSender(settings: SourceSettings, timeoutMs = TIMEOUT_MS): SendToGoogle {
  const outsideFetch = createOutsideFetch({
    allowLoopback: settings.ALLOW_LOOPBACK === "true",
    timeoutMs,
    deadline: AbortSignal.timeout(timeoutMs),
    maxRedirects: 0,
  });
  return async ({ method, url, headers, body }) => {
    const isForm = body instanceof URLSearchParams;
    const answer = await outsideFetch(url, {
      method,
      headers: {
        accept: "application/json",
        ...(body !== undefined && {
          "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
        }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm ? body.toString() : JSON.stringify(body) }),
    });
    if (answer.kind === "answer") {
      return answer;
    }
    const { reason } = answer;
    return { kind: "failed", problem: reason === "too-many-redirects" ? "server-error" : reason };
  };
}

/**
 * What the answer says, if it is of success and of this shape. `now` in epoch ms, for a Retry-After that names a date.
 * @param refused what it means that Google refuses the request itself, for good; else the grant does not reach so far (403), or we ask wrongly
 */
export function meaningOf<Body>(
  answer: OutsideAnswer,
  shape: z.ZodMiniType<Body>,
  now: number,
  refused?: CalendarProblem,
): GoogleAnswer<Body> {
  if (answer.status < 200 || answer.status > 299) {
    return failureOf(answer, now, refused);
  }
  const parsed = shape.safeParse(jsonOf(answer));
  return parsed.success
    ? { kind: "answer", body: parsed.data }
    : { kind: "failed", problem: "not-a-calendar" };
}

/** The shape of an answer whose body says nothing that matters; most of them are empty (204). */
export const Nothing = z.unknown();

/** The value of a body, undefined for what is no JSON. */
export function jsonOf({ bytes }: OutsideAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function failureOf(answer: OutsideAnswer, now: number, refused: CalendarProblem | undefined): GoogleFailure {
  const { status, headers } = answer;
  const retryAfterMs = retryAfterMsIn(headers, now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const reasons = status === 403 ? reasonsIn(answer) : [];
  // By the reason alone: taking a pause for a refusal would end the connection.
  if (status === 429 || reasons.some((reason) => TOO_OFTEN.has(reason))) {
    return { kind: "failed", problem: "rate-limited", ...wait };
  }
  if (reasons.includes(NOT_OFFERED)) {
    return { kind: "failed", problem: "server-error" };
  }
  if (status === 401) {
    return { kind: "failed", problem: "unauthorized" };
  }
  if (status === 404 || status === 410) {
    return { kind: "failed", problem: "not-found" };
  }
  if (status === 403) {
    return { kind: "failed", problem: refused ?? "unauthorized" };
  }
  return status >= 400 && status < 500
    ? { kind: "failed", problem: refused ?? "server-error" }
    : { kind: "failed", problem: "server-error", ...wait };
}

function reasonsIn(answer: OutsideAnswer): string[] {
  const body = ErrorBody.safeParse(jsonOf(answer));
  return (body.data?.error.errors ?? []).flatMap(({ reason }) => reason ?? []);
}
