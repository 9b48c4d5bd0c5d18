/** Reads a calendar that somebody publishes as a file (RFC 5545 text at a URL). Knows nothing of what happens in it. */

import { isWholeCalendar, refreshMinutes } from "./feed-text.ts";
import { createOutsideFetch } from "../../outside-fetch.ts";
import type { OutsideAnswer, OutsideFailure, OutsideFetchOptions } from "../../outside-fetch.ts";
import { retryAfterMsIn } from "../retry-after.ts";

/** What identifies a version of a feed (RFC 9110 8.8); belongs to one address and is of no use at another. */
export interface FeedVersion {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type FeedAnswer =
  | { readonly kind: "unchanged" }
  | FeedFile
  | { readonly kind: "failed"; readonly reason: "rate-limited"; readonly retryAfterMs?: number }
  | { readonly kind: "failed"; readonly reason: FeedFailureReason };

export interface FeedFile extends FeedVersion {
  readonly kind: "calendar";
  /** Begins and ends as a calendar does; nothing between was looked at. */
  readonly bytes: Uint8Array;
  /** How long the publisher asks to be left alone, in minutes, at most a day. May only lengthen the pause between readings. */
  readonly refreshMinutes?: number;
}

export type FeedFailureReason =
  /** 404 or 410: the feed was taken away, or its secret address renewed. */
  | "not-found"
  /** 401 or 403. */
  | "unauthorized"
  /** Any other status that is not a file. */
  | "server-error"
  | "unreachable"
  | "timeout"
  | "too-large"
  /** The address, or one it redirects to, may not be contacted. */
  | "refused-address"
  /** A page to sign in, an empty answer, a file that breaks off. */
  | "not-a-calendar";

/** Validators are kept and sent back, so they are as long as those of real servers. */
const MAX_VALIDATOR_LENGTH = 512;

export interface FeedReaderOptions extends OutsideFetchOptions {
  /** Where people reach this broker; publishers see it in the User-Agent (RFC 9110 10.1.5). */
  readonly publicUrl: string;
}

/**
 * One reading, conditional when a version is given (RFC 9110 13.1).
 * @param now epoch milliseconds, for a Retry-After that names a date
 */
export type FeedReader = (url: string, seen: FeedVersion, now: number) => Promise<FeedAnswer>;

export function createFeedReader(options: FeedReaderOptions): FeedReader {
  const outsideFetch = createOutsideFetch(options);
  return async (url, seen, now) => {
    const answer = await outsideFetch(url, {
      headers: {
        // The rest because some publishers call their calendars plain text, or octets; what counts is the body.
        accept: "text/calendar, text/plain;q=0.5, */*;q=0.1",
        "user-agent": `atproto-cal (+${options.publicUrl})`,
        ...(seen.etag !== undefined && { "if-none-match": seen.etag }),
        ...(seen.lastModified !== undefined && { "if-modified-since": seen.lastModified }),
      },
    });
    return answer.kind === "failed" ? failed(reasonOf(answer)) : meaningOf(answer, seen, now);
  };
}

function meaningOf(answer: OutsideAnswer, seen: FeedVersion, now: number): FeedAnswer {
  const { status, headers, bytes } = answer;
  if (status === 200) {
    return isWholeCalendar(bytes) ? fileOf(bytes, headers) : failed("not-a-calendar");
  }
  if (status === 304 && (seen.etag !== undefined || seen.lastModified !== undefined)) {
    return { kind: "unchanged" };
  }
  if (status === 404 || status === 410) {
    return failed("not-found");
  }
  if (status === 401 || status === 403) {
    return failed("unauthorized");
  }
  const retryAfterMs = retryAfterMsIn(headers, now);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return { kind: "failed", reason: "rate-limited", ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return failed(status > 200 && status < 300 ? "not-a-calendar" : "server-error");
}

function fileOf(bytes: Uint8Array, headers: Headers): FeedFile {
  const etag = validator(headers.get("etag"));
  const lastModified = validator(headers.get("last-modified"));
  const minutes = refreshMinutes(bytes);
  return {
    kind: "calendar",
    bytes,
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(minutes !== undefined && { refreshMinutes: minutes }),
  };
}

/** Only visible ASCII and spaces: anything else is no validator, and some platforms refuse to send it back. */
function validator(value: string | null): string | undefined {
  return value !== null && value.length <= MAX_VALIDATOR_LENGTH && /^[\x20-\x7e]+$/.test(value)
    ? value
    : undefined;
}

function reasonOf({ reason }: OutsideFailure): FeedFailureReason {
  return reason === "too-many-redirects" ? "unreachable" : reason;
}

function failed(reason: FeedFailureReason): FeedAnswer {
  return { kind: "failed", reason };
}
