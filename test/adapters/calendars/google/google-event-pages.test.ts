import { afterEach, describe, expect, it } from "vitest";

import { readGoogleSource } from "../../../../adapters/calendars/google/google-source.ts";
import type { CalendarReading } from "../../../../adapters/calendars/source.ts";
import type { Period } from "../../../../scheduling/period.ts";
import { accessUntil, NOW, startScriptedGoogle } from "./scripted-google.ts";
import type { Asked, Scripted, ScriptedGoogle } from "./scripted-google.ts";

const OURS = "booked@cal.example";
const RANGE = { start: Date.UTC(2026, 9, 20), end: Date.UTC(2026, 11, 1) };

const at = (text: string): number => Date.parse(`${text}Z`);
const span = (start: string, end: string): Period => ({ start: at(start), end: at(end) });

describe("a page of events", () => {
  let google: ScriptedGoogle | undefined;
  afterEach(async () => {
    await google?.stop();
    google = undefined;
  });

  const EVENT = {
    iCalUID: "a@x.example",
    start: { dateTime: "2026-10-21T09:00:00Z" },
    end: { dateTime: "2026-10-21T10:00:00Z" },
  };
  const PAGE = { timeZone: "Europe/Berlin", items: [EVENT] };
  const READ = { kind: "read", busy: [span("2026-10-21T09:00", "2026-10-21T10:00")] };

  async function of(answer: (asked: Asked) => Scripted): Promise<CalendarReading | undefined> {
    google = await startScriptedGoogle(answer);
    const question = {
      access: accessUntil(),
      calendars: [{ id: "1", ref: "a/b@x.example", holdsBookings: true }],
      range: RANGE,
      timeZone: "UTC",
      isBooking: (uid: string) => uid === OURS,
    };
    const told = await readGoogleSource(question, google.settings, NOW);
    return told.kind === "read" ? told.calendars.get("1") : undefined;
  }

  it("is asked for without titles and people, one by one, in the range", async () => {
    expect(await of(() => ({ body: PAGE }))).toEqual(READ);
    const { pathname, searchParams } = new URL(`https://x${google?.asked[0]?.path}`);
    expect([google?.asked.length, google?.asked[0]?.method]).toEqual([1, "GET"]);
    expect(pathname).toBe("/calendar/v3/calendars/a%2Fb%40x.example/events");
    expect(Object.fromEntries(searchParams)).toEqual({
      singleEvents: "true",
      timeMin: "2026-10-20T00:00:00Z",
      timeMax: "2026-12-01T00:00:00Z",
      maxResults: "2500",
      fields:
        "timeZone,nextPageToken,items(iCalUID,status,transparency,start,end,attendees(self,responseStatus))",
    });
  });

  const broken: readonly (readonly [string, unknown])[] = [
    ["has no UID", { ...EVENT, iCalUID: undefined }],
    ["has no start", { ...EVENT, start: undefined }],
    ["has no end", { ...EVENT, end: undefined }],
    ["has a start that says nothing", { ...EVENT, start: {} }],
    ["has a start without an offset", { ...EVENT, start: { dateTime: "2026-10-21T09:00:00" } }],
    ["has a date that does not exist", { ...EVENT, start: { date: "2026-02-30" } }],
    ["has a day that does not exist", { ...EVENT, start: { dateTime: "2026-02-30T09:00:00Z" } }],
    ["has an hour that does not exist", { ...EVENT, end: { dateTime: "2026-10-21T25:00:00Z" } }],
    ["ends before it starts", { ...EVENT, end: { dateTime: "2026-10-21T08:59:59Z" } }],
    ["has a number for a time", { ...EVENT, start: { dateTime: 5 } }],
    ["is no object", "busy"],
  ];
  it.each(broken)(
    "on which a busy event %s is a failure of the calendar, ours or not",
    async (_what, event) => {
      const items = [EVENT, event];
      expect(await of(() => ({ body: { ...PAGE, items } }))).toEqual({
        kind: "failed",
        problem: "not-a-calendar",
      });
    },
  );

  it.each([
    ["our own", { ...EVENT, iCalUID: OURS, end: undefined }, "failed"],
    ["one that is free", { transparency: "transparent" }, "read"],
    ["one that is cancelled", { status: "cancelled" }, "read"],
    [
      "one that its person declined",
      { attendees: [{ responseStatus: "accepted" }, { self: true, responseStatus: "declined" }] },
      "read",
    ],
    ["one that somebody else declined", { attendees: [{ responseStatus: "declined" }] }, "failed"],
  ])("with %s, of which no time is known, is told by what it is", async (_what, event, kind) => {
    expect(await of(() => ({ body: { ...PAGE, items: [event] } }))).toMatchObject({ kind });
  });

  it.each([
    ["no events", { timeZone: "Europe/Berlin" }],
    ["no zone", { items: [EVENT] }],
    ["events that are none", { ...PAGE, items: {} }],
  ])("that says %s is a failure of the calendar", async (_what, body) => {
    expect(await of(() => ({ body }))).toEqual({ kind: "failed", problem: "not-a-calendar" });
  });

  it("with a whole day is a failure where its zone is not known, and none where there is no whole day", async () => {
    const day = { ...EVENT, start: { date: "2026-10-21" }, end: { date: "2026-10-22" } };
    const body = { ...PAGE, timeZone: "Mars/Olympus" };
    expect(await of(() => ({ body }))).toEqual(READ);
    await google?.stop();
    expect(await of(() => ({ body: { ...body, items: [day] } }))).toEqual({
      kind: "failed",
      problem: "not-a-calendar",
    });
  });

  it("that leads to another is followed by it, and a failure there is one of the calendar", async () => {
    const tokens: (string | null)[] = [];
    const answer =
      (last: Scripted) =>
      (asked: Asked): Scripted => {
        const token = new URL(`https://x${asked.path}`).searchParams.get("pageToken");
        tokens.push(token);
        return token === null ? { body: { ...PAGE, nextPageToken: "p/2&x" } } : last;
      };
    const second = {
      ...EVENT,
      start: { dateTime: "2026-10-21T12:00:00+02:00" },
      end: { dateTime: "2026-10-21T11:00:00Z" },
    };
    expect(await of(answer({ body: { ...PAGE, items: [second] } }))).toEqual({
      kind: "read",
      busy: [span("2026-10-21T09:00", "2026-10-21T11:00")],
    });
    expect(tokens).toEqual([null, "p/2&x"]);
    await google?.stop();
    expect(await of(answer({ status: 404 }))).toEqual({ kind: "failed", problem: "not-found" });
  });

  it("that leads to others without end is too much: eight are read, and nothing is believed", async () => {
    expect(await of(() => ({ body: { ...PAGE, nextPageToken: "again" } }))).toEqual({
      kind: "failed",
      problem: "too-large",
    });
    expect(google?.asked).toHaveLength(8);
  });
});
