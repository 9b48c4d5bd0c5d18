/**
 * Finds one event by its UID on a CalDAV server. What the server calls a match is not believed but looked at: what is found will be
 * overwritten or deleted, and nothing else of a host may be.
 */

import { CALDAV, DAV, propertyOf, urlOfHref } from "./dav-multistatus.ts";
import type { DavResource } from "./dav-multistatus.ts";
import { childOf, parseXml } from "./dav-xml.ts";
import type { Dav, DavFailure } from "./dav-requests.ts";
import { uidsIn } from "../icalendar/uids.ts";
import { escapeXml } from "./xml-text.ts";

const PROPERTIES = "<d:prop><d:getetag/><c:calendar-data/></d:prop>";

/** Where in the calendar the event is, in the server's order. */
export async function findInCalendar(
  dav: Dav,
  calendar: URL,
  uid: string,
): Promise<{ readonly kind: "found"; readonly urls: readonly URL[] } | DavFailure> {
  const match = `<c:prop-filter name="UID"><c:text-match collation="i;octet">${escapeXml(uid)}</c:text-match></c:prop-filter>`;
  const answer = await dav.report(
    calendar,
    1,
    "c:calendar-query",
    `${PROPERTIES}<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">${match}</c:comp-filter></c:comp-filter></c:filter>`,
  );
  return answer.kind === "failed"
    ? answer
    : {
        kind: "found",
        urls: answer.resources.filter((resource) => isEvent(resource, uid)).map(({ url }) => url),
      };
}

/** How servers say that the event is somewhere already: RFC 4791 5.3.2.1, and RFC 6638 3.2.4.1, where once means in all calendars. */
const CONFLICTS = ["no-uid-conflict", "unique-scheduling-object-resource"];

/** Where the event is that a PUT met, as the refusal says; undefined where it was refused for something else, or it is not there. */
export async function findConflict(dav: Dav, { said }: DavFailure, uid: string): Promise<URL | undefined> {
  const error = said && parseXml(new TextDecoder().decode(said.bytes));
  const conflict = error?.children.find(
    ({ namespace, name }) => namespace === CALDAV && CONFLICTS.includes(name),
  );
  const href = childOf(conflict, DAV, "href");
  const url = said && href && urlOfHref(href, said.url);
  if (url === undefined) {
    return undefined;
  }
  const answer = await dav.report(
    new URL(".", url),
    1,
    "c:calendar-multiget",
    `${PROPERTIES}<d:href>${escapeXml(url.pathname)}</d:href>`,
  );
  return answer.kind === "failed"
    ? undefined
    : answer.resources.find((resource) => isEvent(resource, uid))?.url;
}

function isEvent(resource: DavResource, uid: string): boolean {
  const uids = uidsIn(propertyOf(resource, CALDAV, "calendar-data")?.text ?? "");
  return uids.length === 1 && uids[0] === uid;
}
