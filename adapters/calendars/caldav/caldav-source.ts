/** Calendars on a CalDAV server (RFC 4791) as a calendar source. Busy time is worked out here: servers are only asked for their texts. */

import { mergePeriods } from "../../../scheduling/period.ts";
import type { Period } from "../../../scheduling/period.ts";
import { parseAccess } from "./caldav-access.ts";
import type { CalDavAccount } from "./caldav-access.ts";
import { fetchTexts, listResources } from "./caldav-resources.ts";
import type { ListedResource } from "./caldav-resources.ts";
import { CALDAV, CALENDAR_SERVER, DAV, propertyOf, textOfProperty } from "./dav-multistatus.ts";
import type { DavResource } from "./dav-multistatus.ts";
import { childOf } from "./dav-xml.ts";
import { createDav, resourceAt } from "./dav-requests.ts";
import type { Dav, DavFailure } from "./dav-requests.ts";
import { createBusyReader } from "../icalendar/busy-periods.ts";
import { sha256Hex } from "../../sha-256.ts";
import type {
  AskedCalendar,
  CalendarReading,
  SourceQuestion,
  SourceReading,
  SourceSettings,
} from "../source.ts";

/** For all calendars of the account together; a single request has fifteen seconds. */
const TIMEOUT_MS = 30_000;

const MAX_TOKEN_LENGTH = 1_024;

/** So of the whole server: the other calendars need not be asked. */
const IS_OF_SERVER = new Set(["unreachable", "rate-limited"]);

/**
 * When the host is busy by these calendars, one after the other within 30 seconds. A calendar of which anything is unclear (a resource that
 * is not handed out, or is no calendar) has failed, and so keeps what was known of it. The whole source fails where the server cannot be
 * reached or does not accept the password before any calendar was read; what it refuses later fails the rest. `now` in epoch ms.
 */
export async function readCalDavSource(
  question: SourceQuestion,
  settings: SourceSettings,
  now: number,
): Promise<SourceReading> {
  const account = parseAccess(question.access, settings.ALLOW_LOOPBACK === "true");
  if (account === undefined) {
    return { kind: "failed", problem: "refused-address" };
  }
  const dav = createDav(account, settings, AbortSignal.timeout(TIMEOUT_MS), now);
  const calendars = new Map<string, CalendarReading>();
  let ending: DavFailure | undefined;
  for (const asked of question.calendars) {
    const reading = ending ?? (await readCalendar(asked, account, dav, question));
    if (reading.kind !== "failed") {
      calendars.set(asked.id, reading);
      continue;
    }
    const { problem, retryAfterMs } = reading;
    if (("status" in reading && reading.status === 401) || IS_OF_SERVER.has(problem)) {
      if (calendars.size === 0) {
        return { kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      }
      ending = reading;
    }
    calendars.set(asked.id, { kind: "failed", problem });
  }
  const hasAnswered = [...calendars.values()].some(
    (reading) => reading.kind !== "failed" || reading.problem !== "timeout",
  );
  if (!hasAnswered && calendars.size > 0) {
    return { kind: "failed", problem: "timeout" };
  }
  return {
    kind: "read",
    calendars,
    ...(ending?.retryAfterMs !== undefined && { restMs: ending.retryAfterMs }),
  };
}

async function readCalendar(
  { ref, validators: seen }: AskedCalendar,
  account: CalDavAccount,
  dav: Dav,
  question: SourceQuestion,
): Promise<Exclude<CalendarReading, { kind: "failed" }> | DavFailure> {
  if (!URL.canParse(ref)) {
    return { kind: "failed", problem: "refused-address" };
  }
  const state = await dav.propfind(new URL(ref), 0, "<d:resourcetype/><d:sync-token/><cs:getctag/>");
  if (state.kind === "failed") {
    return state;
  }
  const self = resourceAt(state);
  if ("kind" in self) {
    return self;
  }
  if (!isCalendar(self)) {
    return { kind: "failed", problem: "not-a-calendar" };
  }
  // Asked before the texts are: what changes meanwhile is then read once more.
  const tokens = tokensOf(self);
  if (tokens !== undefined && tokens === seen) {
    return { kind: "unchanged" };
  }
  const list = await listResources(dav, state.url);
  if (list.kind === "failed") {
    return list;
  }
  const validators = tokens ?? (await digestOf(list.resources));
  if (validators !== undefined && validators === seen) {
    return { kind: "unchanged" };
  }
  const fetched = await fetchTexts(dav, state.url, list.resources, question.range);
  if (fetched.kind === "failed") {
    return fetched;
  }
  const busy = busyIn(fetched.texts, account, question);
  return busy === undefined
    ? { kind: "failed", problem: "not-a-calendar" }
    : { kind: "read", busy, ...(validators !== undefined && { validators }) };
}

function isCalendar(resource: DavResource): boolean {
  return childOf(propertyOf(resource, DAV, "resourcetype"), CALDAV, "calendar") !== undefined;
}

/** Undefined where one of the texts is no calendar. */
function busyIn(
  texts: readonly string[],
  { addresses }: CalDavAccount,
  { range, timeZone, isBooking }: SourceQuestion,
): readonly Period[] | undefined {
  const read = createBusyReader({ range, hostZone: timeZone, hostAddresses: addresses, isBooking });
  const busy: Period[] = [];
  for (const text of texts) {
    const reading = read(text);
    if (!reading.ok) {
      return undefined;
    }
    for (const period of reading.busy) {
      busy.push(period);
    }
  }
  return mergePeriods(busy);
}

/** What a server says of the state of a collection (RFC 6578 4, and CalendarServer's older CTag): either changes with any change. */
function tokensOf(collection: DavResource): string | undefined {
  const syncToken = textOfProperty(collection, DAV, "sync-token");
  const ctag = textOfProperty(collection, CALENDAR_SERVER, "getctag");
  const isTooLong = [syncToken, ctag].some((token) => token !== undefined && token.length > MAX_TOKEN_LENGTH);
  return isTooLong || (syncToken === undefined && ctag === undefined)
    ? undefined
    : JSON.stringify({ syncToken, ctag });
}

/** Where a server has no such thing, the versions of all its resources stand for it; undefined where one has none. */
async function digestOf(resources: readonly ListedResource[]): Promise<string | undefined> {
  if (resources.some(({ etag }) => etag === undefined)) {
    return undefined;
  }
  const lines = resources.map(({ url, etag }) => `${url.href} ${etag}`).toSorted();
  return JSON.stringify({ versions: await sha256Hex(lines.join("\n")) });
}
