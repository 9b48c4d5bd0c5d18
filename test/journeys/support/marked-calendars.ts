/** A feed, a CalDAV server and Google, in all of which everything private carries a mark that is found again wherever it goes. */

import { call, CLIENT as READER, signIn } from "../../google/support/visitor.ts";
import { startGoogle } from "../../google/stand-in.ts";
import type { Google } from "../../google/stand-in.ts";
import { startDoor } from "../../support/door.ts";
import type { Door } from "../../support/door.ts";
import { startRadicale } from "../../support/radicale.ts";
import type { Radicale } from "../../support/radicale.ts";
import { setPasswords } from "../../support/radicale-passwords.ts";
import type { SecretScan } from "../../support/secret-scan.ts";
import { inDays } from "./eventually.ts";

export const GOOGLE_CLIENT = { id: "broker.apps.googleusercontent.example", secret: "zq7 client secret" };

/** By kind. With an umlaut, and with what addresses, JSON and HTML write in other ways. */
export const MARKS = {
  "title of an event": 'Kündigung "zq7title" & more',
  "description of an event": "zq7description: what it is about",
  "place of an event": "zq7place, third floor",
  "attendee of an event": "zq7attendee@people.example",
  "name of a calendar": "zq7 calendar für Ärzte",
  "path of a feed": "private-zq7feedpath",
  "CalDAV user": "zq7-alice-of-caldav",
  "CalDAV password": "zq7 app/pass&word",
  "Google account": "zq7account@gmail.example",
  "client secret": GOOGLE_CLIENT.secret,
  "made-up code": "4/0Azq7madeup",
  note: "zq7note <of a booker> & more",
  "e-mail address": "zq7booker@people.example",
} as const;

export type Mark = keyof typeof MARKS;

export interface MarkedCalendars {
  readonly google: Google;
  readonly radicale: Radicale;
  /** Before Radicale, and before a published file. */
  readonly server: Door;
  readonly feed: Door;
  readonly feedUrl: string;
  /** What Radicale takes from now on; the right one again without it. */
  setPassword(password?: string): void;
  /** How many bookings with the note stand in the calendar at Google and on the CalDAV server. */
  written(): Promise<{ readonly google: number; readonly caldav: number }>;
  /** Google knows the broker, and its events are there. */
  knows(callback: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param scan is told every mark, where the calendars are, and every token that Google gives out */
export async function startMarkedCalendars(scan: SecretScan): Promise<MarkedCalendars> {
  for (const [kind, mark] of Object.entries(MARKS)) scan.add(kind, mark);
  const user = MARKS["CalDAV user"];
  const [google, radicale] = await Promise.all([
    startGoogle({ onAnswer: ({ body }) => addTokens(scan, body) }),
    startRadicale([user]),
  ]);
  // Radicale itself publishes the feed: a whole calendar is a file there.
  const [server, feed] = await Promise.all([startDoor(radicale.url), startDoor(radicale.url)]);
  for (const url of [server.url, feed.url, radicale.url, google.url]) {
    scan.add("address of calendars", new URL(url).host);
  }
  const work = await radicale.makeCalendar(
    "work",
    `<d:displayname>${MARKS["name of a calendar"]}</d:displayname>`,
  );
  await radicale.put(work, "marked", MARKED_EVENT);
  feed.answer(MARKED_FEED);
  const setPassword = (password: string = MARKS["CalDAV password"]): void =>
    setPasswords(radicale, { [user]: password });
  setPassword();
  return {
    google,
    radicale,
    server,
    feed,
    feedUrl: `${feed.url}/${MARKS["path of a feed"]}/basic.ics`,
    setPassword,
    async written() {
      const { access_token: token } = await signIn(google, MARKS["Google account"], "calendar.readonly");
      const path =
        `GET /calendars/${encodeURIComponent(MARKS["Google account"])}/events?maxResults=2500` as const;
      const events = JSON.stringify((await call(google, token, path)).body);
      const authorization = `Basic ${btoa(`${user}:${MARKS["CalDAV password"]}`)}`;
      const file = await (await fetch(work, { headers: { authorization } })).text();
      const count = (text: string): number => text.split("zq7note").length - 1;
      return { google: count(events), caldav: count(file) };
    },
    async knows(callback) {
      google.seed({
        clients: [READER, { ...GOOGLE_CLIENT, redirectUris: [callback] }],
        accounts: [{ email: MARKS["Google account"], name: MARKS["name of a calendar"] }],
      });
      const { access_token: token } = await signIn(google, MARKS["Google account"], "calendar.events");
      const { status } = await call(google, token, "POST /calendars/primary/events", {
        summary: MARKS["title of an event"],
        description: MARKS["description of an event"],
        location: MARKS["place of an event"],
        attendees: [{ email: MARKS["attendee of an event"] }],
        start: { dateTime: inDays(2, "10:00") },
        end: { dateTime: inDays(2, "11:00") },
      });
      if (status !== 200) throw new Error(`Google took no event: ${status}`);
    },
    stop: async () => {
      await Promise.all([google.stop(), server.stop(), feed.stop()]);
      await radicale.stop();
    },
  };
}

const stamp = (text: string): string => text.replaceAll(/[-:]/g, "");

const MARKED_EVENT = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//marked//EN",
  "BEGIN:VEVENT",
  "UID:marked@calendars.test",
  "DTSTAMP:20260101T000000Z",
  `DTSTART:${stamp(inDays(2, "12:00"))}`,
  "DURATION:PT1H",
  `SUMMARY:${MARKS["title of an event"]}`,
  `DESCRIPTION:${MARKS["description of an event"]}`,
  `LOCATION:${MARKS["place of an event"].replace(",", "\\,")}`,
  `ATTENDEE:mailto:${MARKS["attendee of an event"]}`,
  "ORGANIZER:mailto:organizer@people.example",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

/** What the feed says on a good day. */
export const MARKED_FEED = {
  status: 200,
  headers: { "content-type": "text/calendar" },
  body: MARKED_EVENT.replaceAll("T120000Z", "T140000Z"),
} as const;

/** The tokens of an answer (RFC 6749 5.1). */
function addTokens(scan: SecretScan, body: unknown): void {
  const tokens = { access_token: "access token", refresh_token: "refresh token" } as const;
  for (const [name, kind] of Object.entries(tokens)) {
    const text: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    if (typeof text === "string") scan.add(kind, text);
  }
}
