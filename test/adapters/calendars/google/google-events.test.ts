import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import {
  formatAccess,
  WRITE_SCOPE,
  READ_SCOPES,
} from "../../../../adapters/calendars/google/google-access.ts";
import { readGoogleSource } from "../../../../adapters/calendars/google/google-source.ts";
import type { CalendarReading, SourceReading } from "../../../../adapters/calendars/source.ts";
import type { Period } from "../../../../scheduling/period.ts";
import { DAY, MINUTE } from "../../../../scheduling/time-zone.ts";
import type { EventSeed } from "../../../google/seeds.ts";
import { startCheckedGoogle } from "../../../google/support/checked-google.ts";
import type { CheckedGoogle } from "../../../google/support/checked-google.ts";
import { CLIENT, signIn } from "../../../google/support/visitor.ts";
import { NOW, settingsFor } from "./scripted-google.ts";

vi.setConfig({ testTimeout: 60_000 });

const HOUR = 60 * MINUTE;
const ALICE = "alice@x.example";
const OURS = "booked@cal.example";
/** Berlin leaves summer time in it, on 25 October. */
const RANGE = { start: Date.UTC(2026, 9, 20), end: Date.UTC(2026, 11, 1) };

const at = (text: string): number => Date.parse(`${text}Z`);
const span = (start: string, end: string): Period => ({ start: at(start), end: at(end) });

describe("a calendar that holds bookings", () => {
  let google: CheckedGoogle;
  let access: string;
  let calendars = 0;

  beforeAll(async () => {
    google = await startCheckedGoogle({ now: () => NOW });
    google.seed({ clients: [CLIENT], accounts: [{ email: ALICE, timeZone: "Europe/Berlin" }] });
    const scopes = [...READ_SCOPES, WRITE_SCOPE];
    const tokens = await signIn(google, ALICE, ...scopes.map((scope) => scope.split("/auth/")[1] ?? ""));
    access = formatAccess({
      refreshToken: tokens.refresh_token ?? "",
      accessToken: tokens.access_token,
      accessUntil: NOW + HOUR,
      scope: tokens.scope,
    });
  });
  afterEach(() => google.heal());
  afterAll(async () => {
    await google.stop();
    expect(google.problems).toEqual([]);
    expect(google.checked()).toBeGreaterThan(100);
  });

  /** A new calendar of Alice's with these events. */
  function calendarWith(events: readonly Omit<EventSeed, "calendar">[], timeZone = "Europe/Berlin"): string {
    calendars += 1;
    const id = `c${calendars}@group.calendar.google.com`;
    google.seed({
      calendars: [{ id, summary: "Work", owner: ALICE, timeZone }],
      events: events.map((event) => ({ ...event, calendar: id })),
    });
    return id;
  }

  function reads(refs: readonly string[], holdsBookings = true, range = RANGE): Promise<SourceReading> {
    const question = {
      access,
      calendars: refs.map((ref) => ({ id: ref, ref, holdsBookings })),
      range,
      timeZone: "UTC",
      isBooking: (uid: string) => uid === OURS,
    };
    const settings = { ...settingsFor(google.url), GOOGLE_CLIENT_ID: CLIENT.id };
    return readGoogleSource(question, { ...settings, GOOGLE_CLIENT_SECRET: CLIENT.secret }, NOW);
  }

  async function reading(ref: string, holdsBookings = true, range = RANGE): Promise<CalendarReading> {
    const told = await reads([ref], holdsBookings, range);
    const one = told.kind === "read" ? told.calendars.get(ref) : undefined;
    if (!one) throw new Error(`not read: ${JSON.stringify(told)}`);
    return one;
  }

  const busy = async (...events: readonly Omit<EventSeed, "calendar">[]): Promise<readonly Period[]> => {
    const one = await reading(calendarWith(events));
    return one.kind === "read" ? one.busy : [];
  };

  it("is busy when its events are, those of others beside our bookings, in one list and in order", async () => {
    expect(
      await busy(
        { start: "2026-10-21T12:00:00", end: "2026-10-21T13:00:00" },
        { start: "2026-10-21T09:00:00", end: "2026-10-21T10:00:00", uid: OURS },
        { start: "2026-10-21T09:30:00", end: "2026-10-21T09:45:00", uid: `x-${OURS}` },
        { start: "2026-10-21T08:00:00", end: "2026-10-21T08:30:00" },
        { start: "2026-10-21T08:15:00", end: "2026-10-21T09:00:00" },
      ),
    ).toEqual([
      span("2026-10-21T06:00", "2026-10-21T07:00"),
      span("2026-10-21T07:30", "2026-10-21T07:45"),
      span("2026-10-21T10:00", "2026-10-21T11:00"),
    ]);
  });

  it("is busy at each time of a series but those that were moved or left out, and where they went", async () => {
    expect(
      await busy(
        {
          id: "series00",
          start: "2026-10-21T09:00:00",
          end: "2026-10-21T10:00:00",
          rrule: "FREQ=WEEKLY;COUNT=4",
          recurrence: ["EXDATE;TZID=Europe/Berlin:20261028T090000"],
        },
        {
          series: "series00",
          originalStart: "2026-11-04T09:00:00",
          start: "2026-11-05T15:00:00",
          end: "2026-11-05T15:30:00",
        },
      ),
    ).toEqual([
      span("2026-10-21T07:00", "2026-10-21T08:00"),
      span("2026-11-05T14:00", "2026-11-05T14:30"),
      span("2026-11-11T08:00", "2026-11-11T09:00"),
    ]);
  });

  it.each([
    ["free", { isFree: true }],
    ["cancelled", { status: "cancelled" }],
    ["one that its person declined", { myResponse: "declined" }],
  ] as const)("is not busy with an event that is %s", async (_what, event) => {
    expect(await busy({ start: "2026-10-21T09:00:00", ...event })).toEqual([]);
  });

  it.each([
    ["tentative", { status: "tentative" }],
    ["not answered", { myResponse: "needsAction" }],
    ["accepted with doubts", { myResponse: "tentative" }],
    ["accepted", { myResponse: "accepted" }],
  ] as const)("is busy with an event that is %s", async (_what, event) => {
    expect(await busy({ start: "2026-10-21T09:00:00", ...event })).toHaveLength(1);
  });

  it.each([
    ["Europe/Berlin", span("2026-10-24T22:00", "2026-10-25T23:00")],
    ["America/New_York", span("2026-10-25T04:00", "2026-10-26T04:00")],
    ["UTC", span("2026-10-25T00:00", "2026-10-26T00:00")],
  ] as const)("has whole days in its own zone (%s), be the host's what it may", async (zone, day) => {
    const ref = calendarWith([{ start: "2026-10-25" }], zone);
    expect(await reading(ref)).toEqual({ kind: "read", busy: [day] });
    expect(await reading(ref, false)).toEqual({ kind: "read", busy: [day] });
  });

  it("is busy within what was asked about only, with what began before and ends after", async () => {
    const ref = calendarWith([
      { start: "2026-10-01", end: "2026-10-22" },
      { start: "2026-11-30", end: "2026-12-24" },
      { start: "2026-10-19T12:00:00Z" },
      { start: "2026-12-01T00:00:00Z" },
    ]);
    expect(await reading(ref)).toEqual({
      kind: "read",
      busy: [span("2026-10-20T00:00", "2026-10-21T22:00"), span("2026-11-29T23:00", "2026-12-01T00:00")],
    });
  });

  it("is read to its end, however many pages that takes", async () => {
    const ref = calendarWith(
      [
        {
          start: "2026-10-20T00:00:00Z",
          end: "2026-10-20T00:05:00Z",
          rrule: "FREQ=MINUTELY;INTERVAL=10;COUNT=5500",
        },
      ],
      "UTC",
    );
    google.forgetCalls();
    const one = await reading(ref);
    expect(google.calls({ path: "/events" })).toHaveLength(3);
    const counted = one.kind === "read" ? one.busy : [];
    expect(counted).toHaveLength(5500);
    expect(counted.at(-1)).toEqual({
      start: at("2026-10-20T00:00") + 5499 * 10 * MINUTE,
      end: at("2026-10-20T00:05") + 5499 * 10 * MINUTE,
    });
  });

  it("is the only one that is asked for its events; all others are asked when they are busy", async () => {
    const [holds, other] = [calendarWith([]), calendarWith([{ start: "2026-10-21T09:00:00Z" }])];
    google.forgetCalls();
    const question = {
      access,
      calendars: [
        { id: "1", ref: holds, holdsBookings: true },
        { id: "2", ref: other },
        { id: "3", ref: other, holdsBookings: false },
      ],
      range: RANGE,
      timeZone: "UTC",
      isBooking: () => true,
    };
    const settings = { ...settingsFor(google.url), GOOGLE_CLIENT_ID: CLIENT.id };
    const told = await readGoogleSource(question, settings, NOW);
    expect(told.kind === "read" && [...told.calendars.keys()]).toEqual(["1", "2", "3"]);
    expect(told.kind === "read" && told.calendars.get("3")).toEqual({
      kind: "read",
      busy: [span("2026-10-21T09:00", "2026-10-21T10:00")],
    });
    const paths = google.calls().map(({ path }) => path);
    expect(paths.filter((path) => path.includes("/events"))).toEqual([
      expect.stringContaining(encodeURIComponent(holds)),
    ]);
  });

  it.each([
    ["404", { status: 404 }, "not-found"],
    ["410", { status: 410 }, "not-found"],
  ] as const)("that is not there (%s) has failed, and the others are read", async (_what, error, problem) => {
    const [gone, other] = [calendarWith([]), calendarWith([{ start: "2026-10-21T09:00:00Z" }])];
    google.fail({ path: encodeURIComponent(gone), error });
    const told = await reads([gone, other]);
    expect(told.kind === "read" && Object.fromEntries(told.calendars)).toEqual({
      [gone]: { kind: "failed", problem },
      [other]: { kind: "read", busy: [span("2026-10-21T09:00", "2026-10-21T10:00")] },
    });
  });

  it.each([
    ["403", { status: 403 }, { problem: "unauthorized" }],
    ["403 for asking too often", { status: 403, reason: "rateLimitExceeded" }, { problem: "rate-limited" }],
    ["429", { status: 429, retryAfterSeconds: 7 }, { problem: "rate-limited", retryAfterMs: 7_000 }],
    ["500", { status: 500 }, { problem: "server-error" }],
  ] as const)("%s is of the account, and nothing of it is believed", async (_what, error, expected) => {
    const [ref, other] = [calendarWith([]), calendarWith([])];
    google.fail({ path: encodeURIComponent(ref), error });
    expect(await reads([other, ref])).toEqual({ kind: "failed", ...expected });
  });

  it("is asked for with a token that was renewed, and the answer brings it", async () => {
    google.expireAccessTokens();
    const told = await reads([calendarWith([{ start: "2026-10-21T09:00:00Z" }])]);
    expect(told).toMatchObject({ kind: "read", access: expect.any(String) });
    access = told.access ?? access;
  });

  it("without bookings of ours says the same of its events as freeBusy does, whatever they are", async () => {
    let busyOnes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 6 }),
        fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"),
        anyRange,
        async (events, zone, range) => {
          const ref = calendarWith(events, zone);
          const byEvents = await reading(ref, true, range);
          expect(byEvents).toEqual(await reading(ref, false, range));
          busyOnes += Number(byEvents.kind === "read" && byEvents.busy.length > 0);
        },
      ),
      { numRuns: 150 },
    );
    expect(busyOnes).toBeGreaterThan(50);
  });
});

const DATE = (days: number): string =>
  new Date(Date.UTC(2026, 9, 18) + days * DAY).toISOString().slice(0, 10);
const WALL = (minutes: number): string =>
  new Date(Date.UTC(2026, 9, 18) + minutes * MINUTE).toISOString().slice(0, 19);

/** In the fortnight around the end of summer time in Berlin, and before it begins to end elsewhere. */
const anyEvent: fc.Arbitrary<Omit<EventSeed, "calendar">> = fc
  .record({
    isAllDay: fc.boolean(),
    at: fc.nat(14 * 24 * 4),
    length: fc.nat(40),
    timeZone: fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Tokyo"),
    rrule: fc.constantFrom(undefined, undefined, "FREQ=DAILY;COUNT=5", "FREQ=WEEKLY;COUNT=3"),
    isFree: fc.constantFrom(undefined, undefined, undefined, true),
    status: fc.constantFrom(undefined, undefined, "tentative", "cancelled"),
    myResponse: fc.constantFrom(undefined, undefined, "declined", "accepted", "needsAction"),
  })
  .map(({ isAllDay, at: quarter, length, timeZone, rrule, isFree, status, myResponse }) => ({
    ...(isAllDay
      ? { start: DATE(Math.floor(quarter / 96)), end: DATE(Math.floor(quarter / 96) + 1 + (length % 3)) }
      : { start: WALL(quarter * 15), end: WALL((quarter + length) * 15), timeZone }),
    ...(rrule !== undefined && { rrule }),
    ...(isFree && { isFree }),
    ...(status !== undefined && { status }),
    ...(myResponse !== undefined && { myResponse }),
  }));

const anyRange: fc.Arbitrary<Period> = fc
  .tuple(fc.nat(14 * 24), fc.integer({ min: 1, max: 20 * 24 }))
  .map(([from, hours]) => {
    const start = Date.UTC(2026, 9, 18) + from * HOUR;
    return { start, end: start + hours * HOUR };
  });
