/**
 * The iCalendar texts of one calendar collection (RFC 4791 4.2): all of them wherever that can be done, for what a server's filter says
 * of time is not to be trusted. Asked for the same weeks, Radicale 3.1 left out an event of sixty days, Xandikos 0.2 weekly ones,
 * SabreDAV 1.8 instances that RDATE names, and Cyrus 3.6 those where it is a period; but all list what they have, and hand out what is
 * asked for by its address.
 */

import type { Period } from "../../../scheduling/period.ts";
import { DAY, rfc3339 } from "../../../scheduling/time-zone.ts";
import { CALDAV, DAV, propertyOf, resourceKey, textOfProperty } from "./dav-multistatus.ts";
import type { DavResource } from "./dav-multistatus.ts";
import { childOf } from "./dav-xml.ts";
import type { Dav, DavFailure, Multistatus } from "./dav-requests.ts";
import { escapeXml } from "./xml-text.ts";

/** With more than that a calendar is asked by filters first, for the texts are rarely smaller than two kilobytes. */
const MAX_WHOLE = 5_000;
/** Of all texts of a calendar together, with the XML around them. */
const MAX_BYTES = 10 * 1024 * 1024;
/** Clients of people ask for up to a hundred at once, and some servers for no more. */
const CHUNK = 100;
const CHUNKS_AT_ONCE = 3;
/** Servers read times without a zone in one of their own. */
const MARGIN_MS = 2 * DAY;

/**
 * Which events a large calendar is asked for. That two filters find an event is no harm; the time range is right with simple ones, and
 * the others find what it gets wrong.
 */
const FILTERS_BESIDE_TIME = ["RRULE", "RDATE", "RECURRENCE-ID", "DURATION"].map(
  (name) => `<c:prop-filter name="${name}"/>`,
);

/** Failures that asking for more does not mend. */
const IS_FINAL = new Set(["unreachable", "rate-limited", "refused-address", "too-large"]);

export interface ListedResource {
  readonly url: URL;
  /** As the server wrote it. */
  readonly href: string;
  readonly etag?: string;
}

export interface Texts {
  readonly kind: "texts";
  readonly texts: readonly string[];
  /** In bytes, with the XML around them. */
  readonly size: number;
}

/** What the collection at `calendar` has that may be events. Whatever the server would not tell about one of them is a failure. */
export async function listResources(
  dav: Dav,
  calendar: URL,
): Promise<{ readonly kind: "listed"; readonly resources: readonly ListedResource[] } | DavFailure> {
  const answer = await dav.propfind(calendar, 1, "<d:getetag/><d:getcontenttype/><d:resourcetype/>");
  return answer.kind === "failed" ? answer : listed(answer);
}

function listed(
  answer: Multistatus,
): { readonly kind: "listed"; readonly resources: readonly ListedResource[] } | DavFailure {
  const broken = answer.resources.find(({ status }) => status !== undefined && status !== 200);
  if (broken?.status !== undefined) {
    return failureOf(broken.status);
  }
  // Depth 1 lists the collection itself as well: a list of nothing at all is none.
  if (answer.resources.length === 0) {
    return { kind: "failed", problem: "not-a-calendar" };
  }
  const self = resourceKey(answer.url);
  const resources = answer.resources
    .filter((resource) => resourceKey(resource.url) !== self && mayBeEvent(resource))
    .map(withEtag);
  return { kind: "listed", resources };
}

function withEtag(resource: DavResource): ListedResource {
  const { url, href } = resource;
  const etag = textOfProperty(resource, DAV, "getetag");
  return { url, href, ...(etag !== undefined && { etag }) };
}

/** Everything but collections, and files that are no calendars by their type and their name. */
function mayBeEvent(resource: DavResource): boolean {
  if (childOf(propertyOf(resource, DAV, "resourcetype"), DAV, "collection") !== undefined) {
    return false;
  }
  const type = textOfProperty(resource, DAV, "getcontenttype")?.toLowerCase();
  return type === undefined || type.includes("calendar") || /\.ics$/i.test(resource.url.pathname);
}

/**
 * The texts of a calendar: all that `list` names, or, of a large calendar, those that may touch `range`. One that the server does not hand
 * out is a failure of the whole: nobody knows what it is.
 */
export async function fetchTexts(
  dav: Dav,
  calendar: URL,
  list: readonly ListedResource[],
  range: Period,
): Promise<Texts | DavFailure> {
  if (list.length <= MAX_WHOLE) {
    const whole = await fetchListed(dav, calendar, list);
    return whole.kind === "failed" && whole.problem === "too-large"
      ? await fetchFiltered(dav, calendar, range)
      : whole;
  }
  const filtered = await fetchFiltered(dav, calendar, range);
  // Filters take some servers longer than handing out the texts.
  return filtered.kind === "failed" && !IS_FINAL.has(filtered.problem)
    ? await fetchListed(dav, calendar, list)
    : filtered;
}

async function fetchFiltered(dav: Dav, calendar: URL, range: Period): Promise<Texts | DavFailure> {
  const from = basicUtc(range.start - MARGIN_MS);
  const to = basicUtc(range.end + MARGIN_MS);
  const found = new Map<string, ListedResource>();
  for (const filter of [`<c:time-range start="${from}" end="${to}"/>`, ...FILTERS_BESIDE_TIME]) {
    const answer = await dav.report(
      calendar,
      1,
      "c:calendar-query",
      `<d:prop><d:getetag/></d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">${filter}</c:comp-filter></c:comp-filter></c:filter>`,
    );
    if (answer.kind === "failed") {
      return answer;
    }
    const broken = answer.resources.find(({ status }) => status !== undefined && status !== 200);
    if (broken?.status !== undefined) {
      return failureOf(broken.status);
    }
    for (const resource of answer.resources) {
      found.set(resourceKey(resource.url), resource);
    }
  }
  return fetchListed(dav, calendar, [...found.values()]);
}

async function fetchListed(
  dav: Dav,
  calendar: URL,
  list: readonly ListedResource[],
): Promise<Texts | DavFailure> {
  const chunks = Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, at) =>
    list.slice(at * CHUNK, (at + 1) * CHUNK),
  );
  const texts: string[] = [];
  let size = 0;
  for (let at = 0; at < chunks.length; at += CHUNKS_AT_ONCE) {
    const together = chunks.slice(at, at + CHUNKS_AT_ONCE);
    for (const answer of await Promise.all(together.map((chunk) => fetchChunk(dav, calendar, chunk)))) {
      if (answer.kind === "failed") {
        return answer;
      }
      size += answer.size;
      if (size > MAX_BYTES) {
        return { kind: "failed", problem: "too-large" };
      }
      texts.push(...answer.texts);
    }
  }
  return { kind: "texts", texts, size };
}

async function fetchChunk(
  dav: Dav,
  calendar: URL,
  chunk: readonly ListedResource[],
): Promise<Texts | DavFailure> {
  const answer = await dav.report(
    calendar,
    1,
    "c:calendar-multiget",
    `<d:prop><d:getetag/><c:calendar-data/></d:prop>${chunk.map((one) => `<d:href>${escapeXml(hrefOf(one))}</d:href>`).join("")}`,
  );
  if (answer.kind === "failed") {
    // Some servers say so of all when one was deleted meanwhile; the calendar itself has just been there.
    return answer.problem === "not-found" ? failureOf(500) : answer;
  }
  const handedOut = new Map(answer.resources.map((resource) => [resourceKey(resource.url), resource]));
  const texts: string[] = [];
  for (const one of chunk) {
    const resource = handedOut.get(resourceKey(one.url));
    const status = resource?.status ?? 200;
    if (status !== 200) {
      return failureOf(status);
    }
    const text = resource && propertyOf(resource, CALDAV, "calendar-data")?.text;
    if (text === undefined) {
      return failureOf(500);
    }
    texts.push(text);
  }
  return { kind: "texts", texts, size: answer.size };
}

/** A server knows its own way to write an address; one that is relative to who-knows-what is made whole. */
function hrefOf({ href, url }: ListedResource): string {
  return /^\/(?!\/)/.test(href) ? href : url.pathname + url.search;
}

/** Of one resource in a multistatus (RFC 4918 13). 507 is how a server says that there is more than it tells (RFC 4791 7.8). */
function failureOf(status: number): DavFailure {
  const problem =
    status === 507 ? "too-large" : status === 401 || status === 403 ? "unauthorized" : "server-error";
  return { kind: "failed", problem };
}

/** RFC 5545 3.3.5, form 2. */
function basicUtc(at: number): string {
  return rfc3339(at).replaceAll(/[-:]|\.\d+/g, "");
}
