import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDAVClient } from "tsdav";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  removeCalDavBooking,
  writeCalDavBooking,
} from "../../../../adapters/calendars/caldav/caldav-write.ts";
import { bookingCalendar } from "../../../../adapters/ics/booking-calendar.ts";
import { calendarUid } from "../../../../adapters/ics/booking-text.ts";
import { uidsIn } from "../../../../adapters/calendars/icalendar/uids.ts";
import { CALDAV_CASES, HOST_ADDRESS, calendarText, written } from "../../../support/caldav-cases.ts";
import { NOW, SETTINGS, accessTo, find, read, readOne } from "../../../support/caldav-questions.ts";
import { startRadicale } from "../../../support/radicale.ts";
import type { Radicale } from "../../../support/radicale.ts";
import { BOOKING } from "../../ics/booking.ts";
import { RUNTIMES } from "../runtimes.ts";

let radicale: Radicale;
beforeAll(async () => {
  radicale = await startRadicale(["alice", "jürgen", "bob"]);
});
afterAll(() => radicale.stop());

const UNTIL_NOON = calendarText("until-noon", [["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z"]]);
const AFTER_NOON = calendarText("after-noon", [["DTSTART:20260312T130000Z", "DTEND:20260312T140000Z"]]);

describe("finding calendars on Radicale", () => {
  let bob: ReturnType<Radicale["as"]>;
  beforeAll(async () => {
    bob = radicale.as("bob");
    await bob.makeCalendar("work", "<d:displayname>Work &amp; play</d:displayname>");
    await bob.makeCalendar(
      "tasks",
      '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>',
    );
    await bob.makeCalendar("años 日本");
  });

  it.each(["", "bob/", "bob", "bob/work/", "no/such/place", ".well-known/caldav"])(
    "finds the same whether one types the server, a principal, a calendar or nonsense: /%s",
    async (path) => {
      const found = await find({ ...bob, url: `${bob.url}${path}` });
      expect(found).toMatchObject({ kind: "found" });
      const calendars = found.kind === "found" ? found.calendars : [];
      expect(calendars.map(({ ref }) => ref).toSorted()).toEqual([
        `${bob.url}bob/a%C3%B1os%20%E6%97%A5%E6%9C%AC/`,
        `${bob.url}bob/work/`,
      ]);
      expect(calendars.find(({ ref }) => ref.endsWith("/work/"))).toEqual({
        ref: `${bob.url}bob/work/`,
        name: "Work & play",
        isOwn: true,
        isWritable: true,
      });
    },
  );

  it("takes a server without a scheme, as people type it", async () => {
    const url = bob.url.replace("http://", "").replace(/\/$/, "");
    expect(await find({ ...bob, url })).toMatchObject({ kind: "found", calendars: [{}, {}] });
  });

  it("brings the access anew, with how the server calls its host", async () => {
    const found = await find(bob);
    expect(found.access && JSON.parse(found.access)).toEqual({
      url: bob.url,
      username: "bob",
      password: bob.password,
      addresses: ["/bob/"],
    });
  });

  it("lists what another client lists", async () => {
    const client = await createDAVClient({
      serverUrl: bob.url,
      credentials: { username: bob.username, password: bob.password },
      authMethod: "Basic",
      defaultAccountType: "caldav",
    });
    const theirs = (await client.fetchCalendars()).filter(({ components }) => components?.includes("VEVENT"));
    const found = await find(bob);
    const ours = found.kind === "found" ? found.calendars : [];
    expect(ours.map(({ ref }) => decodeURI(ref)).toSorted()).toEqual(
      theirs.map(({ url }) => decodeURI(url)).toSorted(),
    );
  });

  it("signs in with a name that is not ASCII", async () => {
    const juergen = radicale.as("jürgen");
    const calendar = await juergen.makeCalendar("kalender");
    await juergen.put(calendar, "one", UNTIL_NOON);
    expect(await find(juergen)).toMatchObject({ kind: "found", calendars: [{ ref: calendar.href }] });
    expect(await readOne(juergen, calendar)).toMatchObject({ kind: "read", busy: [{}] });
  });

  it("says that the password is wrong, once, whatever it was asked", async () => {
    const wrong = { ...bob, password: "guessed" };
    expect(await find(wrong)).toEqual({ kind: "failed", problem: "unauthorized" });
    expect(await read(wrong, [`${bob.url}bob/work/`, `${bob.url}bob/tasks/`])).toEqual({
      kind: "failed",
      problem: "unauthorized",
    });
  });
});

describe("reading calendars on Radicale", () => {
  const hostAccess = (): string =>
    JSON.stringify({ ...JSON.parse(accessTo(radicale)), addresses: [HOST_ADDRESS.toUpperCase()] });

  it.each(CALDAV_CASES)("reads $name", async ({ name, events, busy }) => {
    const calendar = await radicale.makeCalendar(`case ${name}`);
    const status = await radicale.put(calendar, "it", calendarText("it", events));
    // The one thing it does not take: a period among dates.
    if (status !== 201) {
      expect(name).toContain("period");
      return;
    }
    const reading = await readOne(radicale, calendar, { access: hostAccess() });
    expect(reading.kind === "read" && written(reading.busy)).toEqual(busy);
  });

  it("joins the events of a calendar, though they are too many to be asked for at once", async () => {
    const calendar = await radicale.makeCalendar("many");
    for (let at = 0; at < 110; at += 1) {
      const start = new Date(Date.UTC(2026, 2, 12, 0, at)).toISOString().replaceAll(/[-:]|\.000/g, "");
      const text = calendarText(`event-${at}`, [[`DTSTART:${start}`, "DURATION:PT1M"]]);
      expect(await radicale.put(calendar, `event & ${at} ü`, text)).toBe(201);
    }
    const reading = await readOne(radicale, calendar);
    expect(reading.kind === "read" && written(reading.busy)).toEqual(["2026-03-12T00:00/2026-03-12T01:50"]);
  }, 30_000);

  it("calls a calendar unchanged until something in it changes, even the same event to the same time", async () => {
    const calendar = await radicale.makeCalendar("changing");
    await radicale.put(calendar, "one", UNTIL_NOON);
    const first = await readOne(radicale, calendar);
    const validators = (first.kind === "read" && first.validators) || "";
    expect(validators).not.toBe("");
    const asked = { id: "it", ref: calendar.href, validators };
    const again = async () => {
      const reading = await read(radicale, [], { calendars: [asked] });
      return reading.kind === "read" ? reading.calendars.get("it") : reading;
    };
    expect(await again()).toEqual({ kind: "unchanged" });
    await radicale.put(calendar, "two", AFTER_NOON);
    expect(await again()).toMatchObject({ kind: "read", busy: [{}, {}] });
    await radicale.ask("DELETE", new URL("two.ics", calendar));
    expect(await again()).toMatchObject({ kind: "read", busy: [{}] });
  });

  it("reads several calendars, and says of each by its id what is so of it", async () => {
    const work = await radicale.makeCalendar("several work");
    const empty = await radicale.makeCalendar("several empty");
    const gone = new URL("never-there/", work);
    await radicale.put(work, "one", UNTIL_NOON);
    const reading = await read(radicale, [gone, work, empty, radicale.as("bob").url + "bob/work/"]);
    expect(reading.kind === "read" && [...reading.calendars.values()]).toEqual([
      { kind: "failed", problem: "not-found" },
      expect.objectContaining({ kind: "read", busy: [expect.anything()] }),
      expect.objectContaining({ kind: "read", busy: [] }),
      { kind: "failed", problem: "unauthorized" },
    ]);
  });

  it("leaves bookings made here out, with the instances that were moved, and nothing else", async () => {
    const calendar = await radicale.makeCalendar("booked");
    await radicale.put(
      calendar,
      "booking",
      calendarText("abc@cal.example", [
        ["DTSTART:20260312T100000Z", "DTEND:20260312T110000Z", "RRULE:FREQ=DAILY;COUNT=2"],
        ["RECURRENCE-ID:20260313T100000Z", "DTSTART:20260314T100000Z", "DTEND:20260314T110000Z"],
      ]),
    );
    await radicale.put(calendar, "other", AFTER_NOON);
    const isBooking = (uid: string): boolean => uid === "abc@cal.example";
    const reading = await readOne(radicale, calendar, { isBooking });
    expect(reading.kind === "read" && written(reading.busy)).toEqual(["2026-03-12T13:00/2026-03-12T14:00"]);
  });

  it("fails for a calendar in which something cannot be read, rather than call that time free", async () => {
    const calendar = await radicale.makeCalendar("spoiled");
    await radicale.put(calendar, "one", UNTIL_NOON);
    await radicale.put(calendar, "two", AFTER_NOON);
    const file = join(radicale.folder, "alice/spoiled/two.ics");
    await rm(file);
    await writeFile(file, AFTER_NOON.slice(0, -20));
    const reading = await readOne(radicale, calendar);
    expect(reading.kind).toBe("failed");
  });

  it("is not led to another server by a calendar's address", async () => {
    expect(await readOne(radicale, "https://elsewhere.example/calendar/")).toEqual({
      kind: "failed",
      problem: "refused-address",
    });
    expect(await readOne(radicale, "no address")).toEqual({ kind: "failed", problem: "refused-address" });
  });
});

describe.each(RUNTIMES)("asked from %s", (_, start) => {
  it("Radicale tells the same, a name that is not ASCII and all", async () => {
    const juergen = radicale.as("jürgen");
    const calendar = await juergen.makeCalendar("überall");
    await juergen.put(calendar, "one", UNTIL_NOON);
    const runtime = await start();
    const { username, password } = juergen;
    const now = Date.UTC(2026, 2, 12);
    const told = await runtime.ask({ address: radicale.url, caldav: { username, password }, now });
    await runtime.stop();
    await juergen.ask("DELETE", calendar);
    expect(told).toMatchObject({
      calendars: expect.arrayContaining([expect.objectContaining({ ref: calendar.href })]),
    });
    expect(told).toMatchObject({
      busy: expect.arrayContaining([
        expect.objectContaining({ kind: "read", busy: [{ start: now + 36_000_000, end: now + 39_600_000 }] }),
      ]),
    });
  });
});

describe("writing bookings into a calendar on Radicale", () => {
  const uid = calendarUid(BOOKING.uid, SETTINGS.PUBLIC_URL);
  const placeOf = (calendar: URL) => ({ access: accessTo(radicale), ref: calendar.href });
  const textsIn = async (calendar: URL): Promise<string[]> => {
    const answer = await radicale.ask(
      "REPORT",
      calendar,
      '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><c:calendar-data/></d:prop><c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>',
      { depth: "1" },
    );
    return (await answer.text()).match(/BEGIN:VCALENDAR[^]*?END:VCALENDAR/g) ?? [];
  };

  it("writes one event, changes it in place, and takes it out; each of these twice is as once", async () => {
    const calendar = await radicale.makeCalendar("written");
    const place = placeOf(calendar);
    for (const sequence of [1, 1, 2]) {
      expect(await writeCalDavBooking(place, { ...BOOKING, sequence }, SETTINGS, NOW)).toEqual({
        kind: "done",
      });
      const texts = await textsIn(calendar);
      expect(texts).toHaveLength(1);
      expect(uidsIn(texts[0] ?? "")).toEqual([uid]);
      expect(texts[0]).toContain(`SEQUENCE:${sequence}`);
      expect(texts[0]).toContain("STATUS:CONFIRMED");
      expect(texts[0]).not.toMatch(/METHOD|ORGANIZER|ATTENDEE|@private\.example/);
    }
    expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
    expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
    expect(await textsIn(calendar)).toEqual([]);
  });

  it("writes what is not read as busy again", async () => {
    const calendar = await radicale.makeCalendar("round");
    await writeCalDavBooking(placeOf(calendar), { ...BOOKING, start: NOW, end: NOW + 60_000 }, SETTINGS, NOW);
    expect(await readOne(radicale, calendar)).toMatchObject({ kind: "read", busy: [{}] });
    const isBooking = (found: string): boolean => found === uid;
    expect(await readOne(radicale, calendar, { isBooking })).toMatchObject({ kind: "read", busy: [] });
  });

  it("writes over the copy that the host has imported, and takes that out", async () => {
    const calendar = await radicale.makeCalendar("imported");
    const file = bookingCalendar(BOOKING, { publicUrl: SETTINGS.PUBLIC_URL, now: NOW });
    expect(await radicale.put(calendar, "their own name", file.replace(/METHOD:.*\r\n/, ""))).toBe(201);
    const place = placeOf(calendar);
    expect(await writeCalDavBooking(place, { ...BOOKING, sequence: 7 }, SETTINGS, NOW)).toEqual({
      kind: "done",
    });
    const texts = await textsIn(calendar);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("SEQUENCE:7");
    expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
    expect(await textsIn(calendar)).toEqual([]);
  });

  it("writes a booking whose uid makes no name of a file", async () => {
    const calendar = await radicale.makeCalendar("long");
    const long = { ...BOOKING, uid: `0123456789abcdef01234567-${"Z".repeat(400)}` };
    const odd = { ...BOOKING, uid: "../../bob/work/x" };
    const place = placeOf(calendar);
    for (const booking of [long, odd]) {
      expect(await writeCalDavBooking(place, booking, SETTINGS, NOW)).toEqual({ kind: "done" });
    }
    expect(await textsIn(calendar)).toHaveLength(2);
    for (const booking of [long, odd]) {
      expect(await removeCalDavBooking(place, booking.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
    }
    expect(await textsIn(calendar)).toEqual([]);
  });

  it("says that the calendar is gone, and that there is nothing left to remove in it", async () => {
    const place = placeOf(new URL("alice/not-made/", radicale.url));
    expect(await writeCalDavBooking(place, BOOKING, SETTINGS, NOW)).toEqual({
      kind: "failed",
      problem: "not-found",
    });
    expect(await removeCalDavBooking(place, BOOKING.uid, SETTINGS, NOW)).toEqual({ kind: "done" });
  });
});
