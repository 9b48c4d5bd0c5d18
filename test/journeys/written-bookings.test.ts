import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { calendar_v3 } from "@googleapis/calendar";
import { call, CLIENT as READER, signIn } from "../google/support/visitor.ts";
import { startGoogle } from "../google/stand-in.ts";
import type { Google } from "../google/stand-in.ts";
import { startRadicale } from "../support/radicale.ts";
import type { Radicale } from "../support/radicale.ts";
import { CalendarHost } from "./support/calendar-host.ts";
import { eventually, inDays } from "./support/eventually.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const CLIENT = { id: "broker.apps.googleusercontent.example", secret: "s" };
const EMAIL = "alice@gmail.example";

let world: TestNetwork;
let google: Google;
let radicale: Radicale;

beforeAll(async () => {
  [google, radicale] = await Promise.all([startGoogle(), startRadicale(["alice", "bob"])]);
  world = await startTestNetwork({
    vars: { GOOGLE_URL: google.url, GOOGLE_CLIENT_ID: CLIENT.id, GOOGLE_CLIENT_SECRET: CLIENT.secret },
  });
  google.seed({
    clients: [READER, { ...CLIENT, redirectUris: [`${world.url}/api/calendar/google/callback`] }],
    accounts: [{ email: EMAIL }],
  });
});
afterAll(async () => {
  await Promise.all([world?.stop(), google?.stop(), radicale?.stop()]);
});

/** One entry of a calendar, as an independent reader sees it. */
interface Entry {
  readonly uid: string;
  readonly start: string;
  readonly summary: string;
  readonly sequence: number;
}

/** Where a host's bookings are written: what stands there, and what its owner puts there themselves. */
interface Place {
  readonly host: CalendarHost;
  readonly connectionId: string;
  entries(): Promise<Entry[]>;
  ownEvent(start: string): Promise<void>;
}

async function atRadicale(name: "alice" | "bob"): Promise<Place> {
  const server = radicale.as(name);
  const calendar = await server.makeCalendar("own");
  const host = new CalendarHost(world, await world.host());
  const { url, username, password } = server;
  const connection = await host.connects({ kind: "caldav", label: "Server", url, username, password });
  const [own] = connection.calendars;
  await host.chooses(connection.id, { blocking: [own?.id ?? ""], takesBookings: own?.id ?? "" });
  return {
    host,
    connectionId: connection.id,
    async entries() {
      const text = await (await server.ask("GET", calendar)).text();
      const vevents = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent");
      return vevents.map((vevent) => {
        const event = new ICAL.Event(vevent);
        return {
          uid: event.uid,
          start: event.startDate.toJSDate().toISOString(),
          summary: event.summary,
          sequence: Number(vevent.getFirstPropertyValue("sequence")),
        };
      });
    },
    async ownEvent(start) {
      const stamp = start.replaceAll(/[-:]|\.000/g, "");
      const lines = [
        "BEGIN:VEVENT",
        "UID:own@x",
        "DTSTAMP:20260101T000000Z",
        `DTSTART:${stamp}`,
        "DURATION:PT1H",
      ];
      const text = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//EN",
        ...lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
      ];
      expect(await server.put(calendar, "own", text.join("\r\n"))).toBe(201);
    },
  };
}

async function atGoogle(): Promise<Place> {
  const host = new CalendarHost(world, await world.host());
  const reader = await signIn(google, EMAIL, "calendar.readonly");
  expect(await host.connectsGoogle(EMAIL, { write: true })).toBe("/settings?calendar=connected");
  const [connection] = await host.connections();
  const own = connection?.calendars.find(({ isWritable }) => isWritable);
  const connectionId = connection?.id ?? "";
  await host.chooses(connectionId, { blocking: [own?.id ?? ""], takesBookings: own?.id ?? "" });
  return {
    host,
    connectionId,
    async entries() {
      const answer = await call(google, reader.access_token, `GET /calendars/${EMAIL}/events`);
      const { items } = answer.body as calendar_v3.Schema$Events;
      return (items ?? []).map((event) => ({
        uid: event.iCalUID ?? "",
        start: new Date(event.start?.dateTime ?? "").toISOString(),
        summary: event.summary ?? "",
        sequence: event.sequence ?? 0,
      }));
    },
    async ownEvent(start) {
      google.seed({ events: [{ calendar: EMAIL, start, uid: "own@x" }] });
    },
  };
}

async function startsWritten(place: Place, expected: readonly string[]): Promise<Entry[]> {
  const read = async () => (await place.entries()).filter(({ uid }) => uid !== "own@x");
  const starts = (entries: readonly Entry[]) => entries.map(({ start }) => start);
  const wanted = expected.map((start) => new Date(start).toISOString());
  const entries = await eventually(read, (found) => starts(found).join() === wanted.join());
  expect(starts(entries)).toEqual(wanted);
  return entries;
}

describe.each([
  ["a CalDAV server", () => atRadicale("alice")],
  ["Google", atGoogle],
])("a confirmed booking in the host's own calendar at %s", (_where, open) => {
  it("comes, moves and goes with the booking, as one entry, and never stands in its own way", async () => {
    const place = await open();
    const { host } = place;
    const booker: TestAccount = await world.person("booker");
    const [ten, half, noon] = [inDays(3, "10:00"), inDays(3, "10:15"), inDays(3, "12:00")];
    const booking = await booker.books({ host: host.host.did, meetingType: host.meetingType, start: ten });
    const [entry] = await startsWritten(place, [ten]);
    expect(entry).toMatchObject({ uid: expect.stringContaining(booking.uid), sequence: booking.sequence });
    expect(entry?.summary).toContain("Half an hour");

    // It is read back as an entry of the calendar, and is neither a clash nor in the way of its own move by a quarter of an hour.
    await host.refreshes(place.connectionId);
    expect(await host.conflicts()).toEqual([]);
    const move = async (start: string) => {
      const path = `/api/bookings/${booking.uid}/reschedule`;
      const body = { start, requestId: crypto.randomUUID() };
      return booker.call("social.schedule.rescheduleBooking", path, { body });
    };
    expect((await move(half)).status).toBe(422); // Not on the grid of half hours, rather than taken.
    expect((await move(noon)).status).toBe(200);
    await startsWritten(place, [noon]);
    await host.refreshes(place.connectionId);
    expect(await host.slots(ten.slice(0, 10), inDays(4, "00:00").slice(0, 10))).toContain(ten);

    // What its owner puts upon it is a clash all the same.
    await place.ownEvent(inDays(3, "12:15"));
    await host.refreshes(place.connectionId);
    expect(await host.conflicts()).toEqual([booking.uid]);
    await host.host.does("cancel", booking.uid);
    await startsWritten(place, []);
    expect((await place.entries()).map(({ uid }) => uid)).toEqual(["own@x"]);
  });
});

it("what was confirmed before a calendar was chosen is written as well, and what waits only when it is confirmed", async () => {
  const server = radicale.as("bob");
  const calendar = await server.makeCalendar("later");
  const host = new CalendarHost(world, await world.host({ meetingType: { approval: "manual" } }));
  const booker = await world.person("booker");
  const asked = { host: host.host.did, meetingType: host.meetingType };
  const [first, second] = [
    await booker.books({ ...asked, start: inDays(3, "10:00") }),
    await booker.books({ ...asked, start: inDays(3, "12:00") }),
  ];
  await host.host.does("confirm", first.uid);
  const { url, username, password } = server;
  const connection = await host.connects({ kind: "caldav", label: "Server", url, username, password });
  const own = connection.calendars.find(({ isWritable }) => isWritable)?.id ?? "";
  await host.chooses(connection.id, { blocking: [own], takesBookings: own });
  const uids = async () =>
    [...(await (await server.ask("GET", calendar)).text()).matchAll(/^UID:(.+?)@/gm)].map(([, uid]) => uid);
  expect(await eventually(uids, (found) => found.length > 0)).toEqual([first.uid]);
  await host.host.does("confirm", second.uid);
  expect((await eventually(uids, (found) => found.length > 1)).toSorted()).toEqual(
    [first.uid, second.uid].toSorted(),
  );
});

it("a broker that is killed while it writes leaves one entry for each booking, as it was decided last", async () => {
  const server = radicale.as("alice");
  const calendar = await server.makeCalendar("killed");
  const host = new CalendarHost(world, await world.host());
  const { url, username, password } = server;
  const connection = await host.connects({ kind: "caldav", label: "Server", url, username, password });
  const calendars = connection.calendars.filter(({ isWritable }) => isWritable);
  const own = calendars.find(({ name }) => name.includes("killed"))?.id ?? "";
  await host.chooses(connection.id, { blocking: [own], takesBookings: own });
  const booker = await world.person("booker");
  const asked = { host: host.host.did, meetingType: host.meetingType };
  const kept = new Set<string>();
  for (let round = 0; round < 6; round += 1) {
    const booking = await booker.books({ ...asked, start: inDays(3, `${String(10 + round)}:00`) });
    if (round % 2 === 0) kept.add(booking.uid);
    else await booker.does("cancel", booking.uid);
    // At another point of the writing each time.
    await new Promise((resolve) => setTimeout(resolve, round * 25));
    process.kill(world.broker.workerdPid(), "SIGKILL");
    await world.broker.answering();
  }
  const uids = async () =>
    [...(await (await server.ask("GET", calendar)).text()).matchAll(/^UID:(.+?)@/gm)].map(
      ([, uid]) => uid ?? "",
    );
  const settled = await eventually(uids, (found) => found.toSorted().join() === [...kept].toSorted().join());
  expect(settled).toHaveLength(3);
});
