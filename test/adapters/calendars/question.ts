/** One call of what is tested, as plain data there and back, so that it can be made in Node and inside workerd alike. */

import { caldavAccess } from "../../../adapters/calendars/caldav/caldav-access.ts";
import type { TypedCalDavAccess } from "../../../adapters/calendars/caldav/caldav-access.ts";
import { findCalDavCalendars } from "../../../adapters/calendars/caldav/caldav-discovery.ts";
import { readCalDavSource } from "../../../adapters/calendars/caldav/caldav-source.ts";
import { createFeedReader } from "../../../adapters/calendars/feed/feed.ts";
import type { FeedAnswer, FeedVersion } from "../../../adapters/calendars/feed/feed.ts";
import { createOutsideFetch } from "../../../adapters/outside-fetch.ts";
import type { OutsideAnswer, OutsideFailure } from "../../../adapters/outside-fetch.ts";

export interface Question {
  readonly address: string;
  /** Reads it as a feed when given, with this much known; GETs it otherwise. */
  readonly seen?: FeedVersion;
  readonly now?: number;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: string;
  /** The one other origin that may see everything. */
  readonly trusted?: string;
  /** Looks on a CalDAV server there for the calendars of this user, and reads them. */
  readonly caldav?: { readonly username: string; readonly password: string };
  readonly allowLoopback?: boolean;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** The answer with its body as text and without its headers and its address. */
export type Told = Readonly<Record<string, unknown>>;

export async function ask(question: Question): Promise<Told> {
  const { address, seen, now = 0, allowLoopback = true, timeoutMs = 5_000, maxBytes } = question;
  const { trusted, headers, method, body, caldav } = question;
  if (caldav !== undefined) {
    return await askCalDav({ url: address, ...caldav }, now);
  }
  const options = { allowLoopback, timeoutMs, ...(maxBytes !== undefined && { maxBytes }) };
  return told(
    seen === undefined
      ? await createOutsideFetch(options)(address, {
          ...(headers !== undefined && { headers }),
          ...(method !== undefined && { method }),
          ...(body !== undefined && { body }),
          ...(trusted !== undefined && { trusts: (url: URL) => url.origin === trusted }),
        })
      : await createFeedReader({ ...options, publicUrl: "https://cal.example" })(address, seen, now),
  );
}

async function askCalDav(typed: TypedCalDavAccess, now: number): Promise<Told> {
  const settings = {
    ALLOW_LOOPBACK: "true",
    PUBLIC_URL: "https://cal.example",
    GOOGLE_CLIENT_ID: "",
    GOOGLE_URL: "",
  };
  const made = caldavAccess(typed, true);
  const found = made.ok ? await findCalDavCalendars(made.access, settings, now) : undefined;
  if (found?.kind !== "found") {
    return { found };
  }
  const { access = "", calendars } = found;
  const question = {
    access,
    calendars: calendars.map(({ ref }) => ({ id: ref, ref })),
    range: { start: now, end: now + 86_400_000 },
    timeZone: "Europe/Berlin",
    isBooking: () => false,
  };
  const reading = await readCalDavSource(question, settings, now);
  return { calendars, busy: reading.kind === "read" ? [...reading.calendars.values()] : reading };
}

function told(answer: FeedAnswer | OutsideAnswer | OutsideFailure): Told {
  if (!("bytes" in answer)) {
    return { ...answer };
  }
  const { bytes, ...rest } = answer;
  const { headers: _headers, url: _url, ...kept } = { headers: undefined, url: undefined, ...rest };
  return { ...kept, text: new TextDecoder().decode(bytes) };
}
