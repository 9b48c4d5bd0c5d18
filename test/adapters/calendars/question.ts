/** One call of what is tested, as plain data there and back, so that it can be made in Node and inside workerd alike. */

import { createFeedReader } from "../../../adapters/calendars/feed.ts";
import type { FeedAnswer, FeedVersion } from "../../../adapters/calendars/feed.ts";
import { createOutsideFetch } from "../../../adapters/calendars/outside-fetch.ts";
import type { OutsideAnswer, OutsideFailure } from "../../../adapters/calendars/outside-fetch.ts";

export interface Question {
  readonly address: string;
  /** Reads it as a feed when given, with this much known; GETs it otherwise. */
  readonly seen?: FeedVersion;
  readonly now?: number;
  readonly headers?: Record<string, string>;
  readonly allowLoopback?: boolean;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** The answer with its body as text and without its headers. */
export type Told = Readonly<Record<string, unknown>>;

export async function ask(question: Question): Promise<Told> {
  const { address, seen, now = 0, headers, allowLoopback = true, timeoutMs = 5_000, maxBytes } = question;
  const options = { allowLoopback, timeoutMs, ...(maxBytes !== undefined && { maxBytes }) };
  return told(
    seen === undefined
      ? await createOutsideFetch(options)(address, headers)
      : await createFeedReader({ ...options, publicUrl: "https://cal.example" })(address, seen, now),
  );
}

function told(answer: FeedAnswer | OutsideAnswer | OutsideFailure): Told {
  if (!("bytes" in answer)) {
    return { ...answer };
  }
  const { bytes, ...rest } = answer;
  const { headers: _, ...kept } = { headers: undefined, ...rest };
  return { ...kept, text: new TextDecoder().decode(bytes) };
}
