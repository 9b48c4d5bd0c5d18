/** A small CalDAV server (RFC 4791) behind `fetch`, which a test can hold back or break at any request. */

import { caldavAccess } from "../../../adapters/calendars/caldav/caldav-access.ts";
import type { Access } from "../../../adapters/calendars/source.ts";
import { serverOnTheNetwork } from "./host-on-the-network.ts";

const HOUR_MS = 60 * 60_000;
const NAMESPACES = `xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"`;

export interface Asked {
  readonly method: string;
  /** Of the calendar it is about; empty: the account. */
  readonly calendar: string;
  readonly body: string;
}

/** One entry of a calendar. */
export interface Entry {
  readonly uid: string;
  readonly start: number;
  readonly sequence: number;
}

type Rule = (asked: Asked, go: () => Response) => Response | Promise<Response>;

export interface CalDavOnTheNetwork {
  /** With the password that is right now. */
  access(password?: string): Access;
  /** From now on this is the right one. */
  setPassword(password: string): void;
  /** From now on every request whose password is right comes here; `go` does what is asked. */
  answers(rule: Rule): void;
  /** What was asked, the wrong passwords too. */
  readonly asked: readonly Asked[];
  /** What was asked so far. */
  forgets(): void;
  /** The methods that changed something, or tried to. */
  writes(): string[];
  /** What of ours stands in a calendar, and what else, by start. */
  entries(calendar: string): Entry[];
  /** Its owner puts an event of an hour there. */
  putsEvent(calendar: string, start: number): void;
  makesCalendar(calendar: string): void;
  removesCalendar(calendar: string): void;
  /** Nobody can write into it any more. */
  closes(calendar: string): void;
}

/** Calendars by name: one whose name begins with `quiet` makes nobody busy. */
export function calDavOnTheNetwork(...names: string[]): CalDavOnTheNetwork {
  const calendars = new Map(names.map((name) => [name, new Map<string, string>()]));
  const closed = new Set<string>();
  const asked: Asked[] = [];
  let rule: Rule = (_, go) => go();
  let right = "right";
  let changes = 0;
  const { origin } = serverOnTheNetwork(async (request) => {
    const [, calendar = "", resource = ""] = new URL(request.url).pathname.split("/").map(decodeURIComponent);
    const now = { method: request.method, calendar, body: await request.text() };
    asked.push(now);
    return request.headers.get("authorization") === `Basic ${btoa(`alice:${right}`)}`
      ? rule(now, () => done(now, resource, request.headers.get("depth")))
      : new Response(null, { status: 401 });
  });

  function done({ method, calendar, body }: Asked, resource: string, depth: string | null): Response {
    const texts = calendars.get(calendar);
    if (calendar !== "" && texts === undefined) return new Response(null, { status: 404 });
    switch (method) {
      case "PROPFIND":
        return multistatus([
          ...(texts === undefined ? [account()] : [collection(calendar)]),
          ...(depth === "1" && texts === undefined ? [...calendars.keys()].map(collection) : []),
          ...(depth === "1" && texts ? [...texts].map(([name, text]) => listed(calendar, name, text)) : []),
        ]);
      case "REPORT":
        return multistatus(
          [...(texts ?? [])]
            .filter(
              ([name, text]) =>
                body.includes(`/${calendar}/${name}`) ||
                uidsOf(text).some((uid) => body.includes(`>${uid}<`)),
            )
            .map(([name, text]) => withText(calendar, name, text)),
        );
      case "PUT":
        changes += 1;
        texts?.set(resource, body);
        return new Response(null, { status: 201 });
      case "DELETE":
        changes += 1;
        return new Response(null, { status: texts?.delete(resource) === true ? 204 : 404 });
      default:
        return new Response(null, { status: 405 });
    }
  }

  const account = () =>
    response(
      "/",
      `<d:resourcetype><d:collection/></d:resourcetype><c:calendar-home-set><d:href>/</d:href></c:calendar-home-set>`,
    );
  const collection = (name: string) =>
    response(
      `/${name}/`,
      `<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>${name}</d:displayname>` +
        `<cs:getctag>${changes}</cs:getctag>` +
        (name.startsWith("quiet")
          ? "<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>"
          : "") +
        `<d:current-user-privilege-set><d:privilege><d:${closed.has(name) ? "read" : "all"}/></d:privilege></d:current-user-privilege-set>`,
    );

  return {
    access(password = right) {
      const typed = caldavAccess({ url: origin, username: "alice", password }, false);
      if (!typed.ok) throw new Error(typed.why);
      return typed.access;
    },
    setPassword(password) {
      right = password;
    },
    answers(next) {
      rule = next;
    },
    asked,
    forgets: () => void asked.splice(0),
    writes: () =>
      asked.map(({ method }) => method).filter((method) => method === "PUT" || method === "DELETE"),
    entries(calendar) {
      const texts = [...(calendars.get(calendar)?.values() ?? [])];
      return texts.map(entryOf).toSorted((one, other) => one.start - other.start);
    },
    putsEvent(calendar, start) {
      changes += 1;
      calendars.get(calendar)?.set(`own-${start}.ics`, eventAt(start));
    },
    makesCalendar(calendar) {
      calendars.set(calendar, new Map());
    },
    closes: (calendar) => void closed.add(calendar),
    removesCalendar(calendar) {
      calendars.delete(calendar);
    },
  };
}

function multistatus(responses: readonly string[]): Response {
  return new Response(
    `<?xml version="1.0"?><d:multistatus ${NAMESPACES}>${responses.join("")}</d:multistatus>`,
    {
      status: 207,
      headers: { "content-type": "application/xml" },
    },
  );
}

function response(href: string, properties: string): string {
  return `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
}

function listed(calendar: string, name: string, text: string): string {
  return response(
    `/${calendar}/${name}`,
    `<d:getetag>"${text.length}"</d:getetag><d:getcontenttype>text/calendar</d:getcontenttype><d:resourcetype/>`,
  );
}

function withText(calendar: string, name: string, text: string): string {
  return response(
    `/${calendar}/${name}`,
    `<d:getetag>"1"</d:getetag><c:calendar-data>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</c:calendar-data>`,
  );
}

const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, "");

function eventAt(start: number): string {
  const lines = [
    `UID:own-${start}@x`,
    `DTSTAMP:${stamp(0)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + HOUR_MS)}`,
  ];
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//x//EN",
    "BEGIN:VEVENT",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

function uidsOf(text: string): string[] {
  return [...text.replaceAll("\r\n ", "").matchAll(/^UID:(.+?)\r?$/gm)].map(([, uid = ""]) => uid);
}

function entryOf(text: string): Entry {
  const unfolded = text.replaceAll("\r\n ", "");
  const value = (name: string) => new RegExp(`^${name}[^:\n]*:(.+?)\r?$`, "m").exec(unfolded)?.[1] ?? "";
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(value("DTSTART")) ?? [];
  return {
    uid: value("UID").split("@")[0] ?? "",
    start: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`),
    sequence: Number(value("SEQUENCE") || -1),
  };
}
