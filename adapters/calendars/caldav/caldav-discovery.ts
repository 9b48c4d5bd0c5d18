/** Which calendars a host has on a CalDAV server: RFC 6764 (where it begins), RFC 5397 (who one is), RFC 4791 6.2 (what one has). */

import { mayCarryCredentials, parseAccess, writtenAccess } from "./caldav-access.ts";
import type { CalDavAccount } from "./caldav-access.ts";
import {
  CALDAV,
  DAV,
  decodedPath,
  propertyOf,
  resourceKey,
  textOfProperty,
  urlsOfProperty,
} from "./dav-multistatus.ts";
import type { DavResource } from "./dav-multistatus.ts";
import { childOf, childrenOf } from "./dav-xml.ts";
import { createDav, resourceAt } from "./dav-requests.ts";
import type { Dav, DavFailure } from "./dav-requests.ts";
import type { CalendarsAnswer, FoundCalendar, SourceSettings } from "../source.ts";

const TIMEOUT_MS = 15_000;
const NAME_MAX_LENGTH = 200;
/** More than anybody has: several is an account with delegates. */
const MAX_HOMES = 5;
const MAX_CALENDARS = 500;

const PRINCIPAL_PROPERTIES = "<c:calendar-home-set/><c:calendar-user-address-set/>";
const CALENDAR_PROPERTIES =
  "<d:resourcetype/><d:displayname/><c:supported-calendar-component-set/><c:schedule-calendar-transp/>" +
  "<d:current-user-privilege-set/>";
const FIRST_PROPERTIES = `<d:current-user-principal/>${PRINCIPAL_PROPERTIES}${CALENDAR_PROPERTIES}`;

/** RFC 3744 3: any of them lets one put something new into a collection. */
const WRITING = new Set(["all", "write", "bind"]);

/** A place to begin at may be the wrong one, but these are so of the whole server, or must not be tried again with the same password. */
const ENDS_SEARCH = new Set(["unreachable", "timeout", "rate-limited"]);

/** Where one's calendars are, and how one is called. */
interface Principal {
  readonly homes: readonly URL[];
  readonly addresses: readonly string[];
}

interface Found {
  readonly kind: "found";
  readonly calendars: readonly FoundCalendar[];
  readonly addresses: readonly string[];
}

/**
 * The calendars for events on the account's server, each with its absolute address as `ref`. What the host typed may be the server, a
 * principal, a home of calendars or a calendar; it is asked first, then `/.well-known/caldav`, then `/`. No address beyond those that may
 * see the password (mayCarryCredentials) is asked or answered. Within 15 seconds; brings the access anew with the host's addresses as
 * an attendee. `now` in epoch ms.
 */
export async function findCalDavCalendars(
  access: string,
  settings: SourceSettings,
  now: number,
): Promise<CalendarsAnswer> {
  const account = parseAccess(access, settings.ALLOW_LOOPBACK === "true");
  if (account === undefined) {
    return { kind: "failed", problem: "refused-address" };
  }
  const dav = createDav(account, settings, AbortSignal.timeout(TIMEOUT_MS), now);
  const found = await search(dav, account);
  if (found.kind === "failed") {
    const { problem, retryAfterMs } = found;
    return { kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  const renewed = writtenAccess({ ...account, addresses: found.addresses });
  return {
    kind: "found",
    calendars: found.calendars,
    ...(renewed !== access && { access: renewed }),
  };
}

async function search(dav: Dav, account: CalDavAccount): Promise<Found | DavFailure> {
  const starts = [account.url, new URL("/.well-known/caldav", account.url), new URL("/", account.url)].filter(
    (url, index, all) => all.findIndex((other) => other.href === url.href) === index,
  );
  const failures: DavFailure[] = [];
  for (const start of starts) {
    const found = await searchFrom(start, dav, account);
    if (found.kind === "found" || found.status === 401 || ENDS_SEARCH.has(found.problem)) {
      return found;
    }
    failures.push(found);
  }
  // That there is nothing at some of these places says less than what the others say.
  return (
    failures.find(({ problem }) => problem !== "not-found" && problem !== "not-a-calendar") ??
    failures.find(({ problem }) => problem === "not-a-calendar") ??
    NOT_FOUND
  );
}

const NOT_FOUND: DavFailure = { kind: "failed", problem: "not-found" };
const NOT_A_CALENDAR: DavFailure = { kind: "failed", problem: "not-a-calendar" };

async function searchFrom(start: URL, dav: Dav, account: CalDavAccount): Promise<Found | DavFailure> {
  const first = await dav.propfind(start, 0, FIRST_PROPERTIES);
  if (first.kind === "failed") {
    return first;
  }
  const self = resourceAt(first);
  if ("kind" in self) {
    return self;
  }
  const principal = await principalOf(self, first.url, dav);
  if ("kind" in principal) {
    return principal;
  }
  const calendars = new Map<string, FoundCalendar>();
  const homes = principal.homes.length > 0 ? principal.homes : isCollection(self) ? [first.url] : [];
  for (const home of homes.slice(0, MAX_HOMES)) {
    const listing = await dav.propfind(home, 1, CALENDAR_PROPERTIES);
    if (listing.kind === "failed") {
      // One of several homes may be somebody else's, and closed; else calendars would be missing that are there.
      if (homes.length > 1 && (listing.status === 403 || listing.status === 404)) {
        continue;
      }
      return listing;
    }
    // Depth 1 lists the home itself as well: a list of nothing at all is none.
    if (listing.resources.length === 0) {
      return NOT_A_CALENDAR;
    }
    for (const resource of listing.resources) {
      addCalendar(calendars, resource, account);
    }
  }
  addCalendar(calendars, self, account);
  // Without a principal, a collection in which no calendar lies is some folder.
  return principal.homes.length === 0 && calendars.size === 0
    ? NOT_A_CALENDAR
    : {
        kind: "found",
        calendars: [...calendars.values()].slice(0, MAX_CALENDARS),
        addresses: principal.addresses,
      };
}

/** Of what was asked, or of the principal it names. Without homes where the server knows no principals. */
async function principalOf(self: DavResource, base: URL, dav: Dav): Promise<Principal | DavFailure> {
  if (propertyOf(self, CALDAV, "calendar-home-set") !== undefined) {
    return principalIn(self, base);
  }
  const named = propertyOf(self, DAV, "current-user-principal");
  // RFC 5397 3: the server took us for nobody, whatever its status said.
  if (childOf(named, DAV, "unauthenticated") !== undefined) {
    return { kind: "failed", problem: "unauthorized", status: 401 };
  }
  const [url] = urlsOfProperty(self, DAV, "current-user-principal", base);
  if (url === undefined) {
    return { homes: [], addresses: [] };
  }
  const answer = await dav.propfind(url, 0, PRINCIPAL_PROPERTIES);
  if (answer.kind === "failed") {
    return answer;
  }
  const resource = resourceAt(answer);
  return "kind" in resource ? resource : principalIn(resource, answer.url);
}

function principalIn(resource: DavResource, base: URL): Principal {
  const addresses = childrenOf(propertyOf(resource, CALDAV, "calendar-user-address-set"), DAV, "href")
    .map(({ text }) => text.trim().replace(/^mailto:/i, ""))
    .filter((address) => address !== "");
  return {
    homes: urlsOfProperty(resource, CALDAV, "calendar-home-set", base),
    addresses: [...new Set(addresses)],
  };
}

function isCollection(resource: DavResource): boolean {
  return childOf(propertyOf(resource, DAV, "resourcetype"), DAV, "collection") !== undefined;
}

function addCalendar(
  calendars: Map<string, FoundCalendar>,
  resource: DavResource,
  account: CalDavAccount,
): void {
  const key = resourceKey(resource.url);
  // What lies elsewhere could not be read with this password.
  if (isCalendarOfEvents(resource) && !calendars.has(key) && mayCarryCredentials(account, resource.url)) {
    calendars.set(key, foundCalendar(resource));
  }
}

/** Not the inbox and outbox of scheduling (RFC 6638 2), which are no calendars, and not lists of tasks. */
function isCalendarOfEvents(resource: DavResource): boolean {
  const type = propertyOf(resource, DAV, "resourcetype");
  const isBox = ["schedule-inbox", "schedule-outbox"].some((box) => childOf(type, CALDAV, box) !== undefined);
  if (childOf(type, CALDAV, "calendar") === undefined || isBox) {
    return false;
  }
  const components = childrenOf(
    propertyOf(resource, CALDAV, "supported-calendar-component-set"),
    CALDAV,
    "comp",
  ).map(({ attributes }) => attributes.get("name")?.toUpperCase());
  // RFC 4791 5.2.3: without the property, all kinds are.
  return components.length === 0 || components.includes("VEVENT");
}

function foundCalendar(resource: DavResource): FoundCalendar {
  const privileges = propertyOf(resource, DAV, "current-user-privilege-set");
  const granted = childrenOf(privileges, DAV, "privilege").flatMap(({ children }) => children);
  const transparency = propertyOf(resource, CALDAV, "schedule-calendar-transp");
  return {
    ref: resource.url.href,
    name: nameOf(resource),
    // RFC 6638 9.1: what lies in a transparent calendar makes nobody busy.
    isOwn: childOf(transparency, CALDAV, "transparent") === undefined,
    isWritable:
      privileges === undefined ||
      granted.some(({ namespace, name }) => namespace === DAV && WRITING.has(name)),
  };
}

function nameOf(resource: DavResource): string {
  const segments = decodedPath(resource.url.pathname).split("/");
  const written =
    textOfProperty(resource, DAV, "displayname") ?? segments.findLast((segment) => segment !== "") ?? "";
  const name = written.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  // A character that would be cut in two becomes a replacement character.
  return name.slice(0, NAME_MAX_LENGTH).toWellFormed();
}
