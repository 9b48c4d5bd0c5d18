/** Calendars of every kind on this machine, with two meetings a day in each, one of which can be moved. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { caldavAccess } from "../adapters/calendars/caldav/caldav-access.ts";
import { formatAccess } from "../adapters/calendars/google/google-access.ts";
import type { Access, SourceKind } from "../adapters/calendars/source.ts";
import { startGoogle } from "../test/google/stand-in.ts";
import { CLIENT, scopesOf, signIn } from "../test/google/support/visitor.ts";
import { startRadicale } from "../test/support/radicale.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 60;
export const MEETINGS = 2 * DAYS;
const EMAIL = "alice@example.com";

export interface CalendarSource {
  readonly kind: SourceKind;
  readonly access: Access;
  /** Moves a meeting of one calendar, and waits until everybody has been told who is. */
  change(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a source whose meetings begin tomorrow; `now` is its clock, epoch ms. */
export type StartSource = (now: () => number) => Promise<CalendarSource>;

/** The variables of a broker that knows the stand-in at this address. */
export function googleVars(url: string): Record<string, string> {
  return { GOOGLE_CLIENT_ID: CLIENT.id, GOOGLE_CLIENT_SECRET: CLIENT.secret, GOOGLE_URL: url };
}

/** One published file. `saysVersion`: with an ETag, which spares reading it again. */
export function feedSource(saysVersion: boolean): StartSource {
  return async (now) => {
    const first = now();
    let moved = 0;
    const server = createServer((request, response) => {
      const etag = `"${moved}"`;
      if (saysVersion && request.headers["if-none-match"] === etag) {
        response.writeHead(304, { etag }).end();
        return;
      }
      response.writeHead(200, { "content-type": "text/calendar", ...(saysVersion && { etag }) });
      response.end(calendar(meetings(first, moved).map((start, index) => vevent(index, start))));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      kind: "feed",
      access: `http://127.0.0.1:${(server.address() as AddressInfo).port}/private.ics`,
      change: async () => {
        moved += 1;
      },
      stop: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
}

/** Calendars on a Radicale. */
export function caldavSource(calendars: number): StartSource {
  return async (now) => {
    const radicale = await startRadicale();
    const [first, starts] = [await radicale.makeCalendar("calendar-0"), meetings(now(), 0)];
    for (let number = 0; number < calendars; number += 1) {
      const url = number === 0 ? first : await radicale.makeCalendar(`calendar-${number}`);
      // Radicale takes a whole calendar at once, and names its resources by their UIDs.
      const whole = calendar(starts.map((start, index) => vevent(index, start)));
      const answer = await radicale.ask("PUT", url, whole, { "content-type": "text/calendar" });
      if (!answer.ok) throw new Error(`Radicale does not take a calendar: ${answer.status}`);
    }
    const { url, username, password } = radicale;
    const access = caldavAccess({ url, username, password }, true);
    if (!access.ok) throw new Error(access.why);
    const began = now();
    let moved = 0;
    return {
      kind: "caldav",
      access: access.access,
      change: async () => {
        moved += 1;
        const [start = 0] = meetings(began, moved);
        const status = await radicale.put(first, "meeting-0", calendar([vevent(0, start)]));
        if (status >= 300) throw new Error(`Radicale does not take an event: ${status}`);
      },
      stop: () => radicale.stop(),
    };
  };
}

/** Calendars at the stand-in, which is started at `port`. `pushes`: it tells of changes. */
export function googleSource(calendars: number, port: number, pushes: boolean): StartSource {
  return async (now) => {
    const google = await startGoogle({ port, now });
    const began = now();
    const ids = Array.from({ length: calendars }, (_, index) =>
      index === 0 ? EMAIL : `calendar-${index}@example.com`,
    );
    const event = (id: string, index: number, start: number) => ({
      calendar: id,
      id: `meeting${index}`,
      start: new Date(start).toISOString(),
      end: new Date(start + HOUR_MS).toISOString(),
    });
    google.seed({
      clients: [CLIENT],
      accounts: [{ email: EMAIL }],
      calendars: ids.slice(1).map((id) => ({ id, summary: id, owner: EMAIL })),
      events: ids.flatMap((id) => meetings(began, 0).map((start, index) => event(id, index, start))),
    });
    if (!pushes) google.fail({ path: "/events/watch", times: 1_000, error: { status: 403 } });
    const scopes = ["calendar.events.freebusy", "calendar.calendarlist.readonly"];
    const tokens = await signIn(google, EMAIL, ...scopes);
    let moved = 0;
    return {
      kind: "google",
      access: formatAccess({
        refreshToken: tokens.refresh_token ?? "",
        accessToken: tokens.access_token,
        accessUntil: began + tokens.expires_in * 1_000,
        scope: scopesOf(...scopes),
      }),
      change: async () => {
        moved += 1;
        google.seed({ events: [event(EMAIL, 0, meetings(began, moved)[0] ?? 0)] });
        await google.settled();
      },
      stop: () => google.stop(),
    };
  };
}

/** Starts; the first one goes to and fro by a quarter of an hour each time it is moved. */
function meetings(now: number, moved: number): number[] {
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  return Array.from({ length: MEETINGS }, (_, index) => {
    const start = tomorrow + Math.floor(index / 2) * DAY_MS + (index % 2 === 0 ? 9 : 14) * HOUR_MS;
    return index === 0 ? start + (moved % 4) * (HOUR_MS / 4) : start;
  });
}

function calendar(events: readonly string[]): string {
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//atproto Cal//bench//EN",
    ...events,
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

function vevent(index: number, start: number): string {
  const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  return [
    "BEGIN:VEVENT",
    `UID:meeting-${index}`,
    "DTSTAMP:20260901T080000Z",
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + HOUR_MS)}`,
    "SUMMARY:A meeting",
    "END:VEVENT",
  ].join("\r\n");
}
