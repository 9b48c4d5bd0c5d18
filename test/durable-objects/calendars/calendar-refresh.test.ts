import { describe, expect, it } from "vitest";
import type { CalendarReading, SourceReading } from "../../../adapters/calendars/source.ts";
import {
  afterReading,
  isWorthTelling,
  questionFor,
  rangeToAsk,
  sooner,
} from "../../../durable-objects/calendars/calendar-refresh.ts";
import type { ConnectedCalendar } from "../../../durable-objects/calendars/calendar-store.ts";
import type { Connection } from "../../../durable-objects/calendars/connection-store.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 25, 12);
const RANGE = rangeToAsk(60, NOW);
const BUSY = [{ start: NOW, end: NOW + 30 * MINUTE_MS }];

const WELL: Connection = {
  id: "c1",
  kind: "feed",
  label: "Work",
  state: "ok",
  nextRefreshAt: NOW,
  attempts: 0,
  generation: 3,
};
const FAILING: Connection = { ...WELL, state: "failing", problem: "timeout", attempts: 4 };
const CALENDAR: ConnectedCalendar = {
  id: "a",
  connectionId: "c1",
  position: 0,
  blocks: true,
  isWritable: false,
  takesBookings: false,
  asOf: NOW - 20 * MINUTE_MS,
  coversUntil: RANGE.end - DAY_MS,
  timeZone: "UTC",
  events: 12,
  validators: "v1",
};
const OTHER: ConnectedCalendar = { ...CALENDAR, id: "b", position: 1 };
const ASKED = { range: RANGE, timeZone: "UTC", isBooking: () => false };

function after(before: Connection, reading: SourceReading, chance = 0, isPushed = false) {
  return afterReading(before, [CALENDAR], reading, { ...ASKED, now: NOW, chance, isPushed });
}

/** The same of one calendar that was answered about. */
function afterOne(before: ConnectedCalendar, reading: CalendarReading) {
  const whole = { kind: "read", calendars: new Map([[before.id, reading]]) } as const;
  const { connection, calendars } = afterReading(FAILING, [before], whole, { ...ASKED, now: NOW, chance: 0 });
  return { connection, calendar: calendars[0]?.calendar, busy: calendars[0]?.busy };
}

function question(calendar: ConnectedCalendar, timeZone = "UTC") {
  const refs = new Map([["a", "ref of a"]]);
  return questionFor([calendar], { access: "s", refs, holding: new Set() }, { ...ASKED, timeZone })
    .calendars[0];
}

describe("a reading", () => {
  it("that went well takes the place of what was known, and mends what failed before", () => {
    const { connection, calendar, busy } = afterOne(
      { ...CALENDAR, problem: "emptied" },
      { kind: "read", busy: BUSY, events: 3, validators: "v2" },
    );
    expect(busy).toBe(BUSY);
    expect(connection).toEqual({ ...WELL, nextRefreshAt: NOW + 15 * MINUTE_MS });
    expect(calendar).toEqual({
      ...CALENDAR,
      asOf: NOW,
      coversUntil: RANGE.end,
      events: 3,
      validators: "v2",
    });
  });

  it("forgets what the source said of itself where it says nothing now", () => {
    expect(afterOne(CALENDAR, { kind: "read", busy: BUSY, events: 3 }).calendar).not.toHaveProperty(
      "validators",
    );
  });

  it("that brings no event where there were some clears nothing", () => {
    const { connection, calendar, busy } = afterOne(CALENDAR, { kind: "read", busy: [], events: 0 });
    expect(busy).toBeUndefined();
    expect(connection).toMatchObject({ state: "failing", problem: "emptied" });
    expect(calendar).toMatchObject({ problem: "emptied", asOf: CALENDAR.asOf, events: 12 });
  });

  it("of a calendar that never had an event, or of a source that counts none, is believed", () => {
    const empty = afterOne({ ...CALENDAR, events: 0 }, { kind: "read", busy: [], events: 0 });
    expect([empty.connection.state, empty.busy]).toEqual(["ok", []]);
    const uncounted = afterOne(CALENDAR, { kind: "read", busy: [] });
    expect([uncounted.connection.state, uncounted.busy]).toEqual(["ok", []]);
  });

  it("that changed nothing is as good as one that did, and says nothing new of how far it reaches", () => {
    const { connection, calendar, busy } = afterOne(CALENDAR, { kind: "unchanged" });
    expect(busy).toBeUndefined();
    expect(connection).toMatchObject({ state: "ok", attempts: 0 });
    expect(connection).not.toHaveProperty("problem");
    expect(calendar).toMatchObject({ asOf: NOW, coversUntil: CALENDAR.coversUntil });
  });

  it.each([
    ["unreachable", "failing"],
    ["timeout", "failing"],
    ["too-large", "failing"],
    ["not-a-calendar", "failing"],
    ["rate-limited", "failing"],
    ["server-error", "failing"],
    ["not-found", "needs_reauth"],
    ["unauthorized", "needs_reauth"],
  ] as const)("that failed (%s) leaves all that was known, and the connection %s", (problem, state) => {
    const { connection, calendars } = after(WELL, { kind: "failed", problem });
    expect(calendars).toEqual([]);
    expect(connection).toEqual({ ...WELL, state, problem, attempts: 1, nextRefreshAt: NOW + MINUTE_MS });
  });

  it("that says the password of a CalDAV account is wrong is believed when it is said again", () => {
    const account: Connection = { ...WELL, kind: "caldav" };
    const wrong = (before: Connection) =>
      after(before, { kind: "failed", problem: "unauthorized" }).connection;
    const first = wrong(account);
    expect(first).toMatchObject({
      state: "failing",
      problem: "unauthorized",
      nextRefreshAt: NOW + MINUTE_MS,
    });
    expect(wrong(first).state).toBe("needs_reauth");
    expect(wrong({ ...account, state: "failing", problem: "timeout", attempts: 2 }).state).toBe("failing");
  });

  it("that failed for one calendar renews the others, keeps what was known of that one, and is tried again soon", () => {
    const read: CalendarReading = { kind: "read", busy: BUSY };
    const calendars = new Map<string, CalendarReading>([
      ["a", read],
      ["b", { kind: "failed", problem: "not-found" }],
    ]);
    const answer = afterReading(
      WELL,
      [CALENDAR, OTHER],
      { kind: "read", calendars },
      { ...ASKED, now: NOW, chance: 0 },
    );
    expect(answer.connection).toEqual({
      ...WELL,
      state: "failing",
      problem: "not-found",
      attempts: 1,
      nextRefreshAt: NOW + MINUTE_MS,
    });
    expect(answer.calendars[0]).toMatchObject({ calendar: { asOf: NOW }, busy: BUSY });
    expect(answer.calendars[1]).toEqual({ calendar: { ...OTHER, problem: "not-found" } });
  });

  it("that passes a calendar over in silence does not make it free", () => {
    const answer = after(WELL, { kind: "read", calendars: new Map() });
    expect(answer.connection.state).toBe("failing");
    expect(answer.calendars).toEqual([{ calendar: { ...CALENDAR, problem: "server-error" } }]);
  });
});

describe("a host is told", () => {
  const failing = (attempts: number): Connection => ({
    ...WELL,
    state: "failing",
    problem: "timeout",
    attempts,
  });
  const restless = (minutes: number): Connection =>
    after(WELL, { kind: "failed", problem: "rate-limited", retryAfterMs: minutes * MINUTE_MS }).connection;
  const locked: Connection = { ...WELL, state: "needs_reauth", problem: "unauthorized", attempts: 1 };

  it.each([
    ["that only they can help", WELL, locked, true],
    ["that once only", locked, { ...locked, attempts: 2 }, false],
    ["nothing of a hiccup", WELL, failing(1), false],
    ["of the fourth failure in a row", failing(3), failing(4), true],
    ["not of the fifth as well", failing(4), failing(5), false],
    ["nothing where all is well", WELL, WELL, false],
    ["at once where its source wants to be left alone for an hour", WELL, restless(60), true],
    ["nothing where it wants to be left alone for ten minutes", WELL, restless(10), false],
  ] as const)("%s", (_what, before, now, isTold) => {
    expect(isWorthTelling(before, now)).toBe(isTold);
  });
});

describe("somebody who looks", () => {
  const later = { ...WELL, nextRefreshAt: NOW + 10 * MINUTE_MS };

  it.each([
    ["brings the next reading forward", later, 5, NOW],
    ["does not where it was read lately", later, 4, undefined],
    ["does not where it fails", { ...FAILING, nextRefreshAt: NOW + 10 * MINUTE_MS }, 20, undefined],
    [
      "does not where its source asked for hours of rest",
      { ...WELL, nextRefreshAt: NOW + 4 * 60 * MINUTE_MS },
      20,
      undefined,
    ],
    ["does not where it is due already", WELL, 20, undefined],
  ] as const)("%s", (_what, connection, minutes, at) => {
    expect(sooner(connection, NOW - minutes * MINUTE_MS, NOW)).toBe(at);
  });
});

describe("the next reading", () => {
  it.each([
    [0, 1],
    [1, 2],
    [4, 16],
    [9, 60],
  ])("after %i failures in a row and one more comes in %i minutes", (attempts, minutes) => {
    const { connection } = after({ ...FAILING, attempts }, { kind: "failed", problem: "timeout" });
    expect(connection.nextRefreshAt).toBe(NOW + minutes * MINUTE_MS);
  });

  it("comes when the source asks for it, though never later than in a day, and a quarter later by chance", () => {
    const wait = (retryAfterMs: number) =>
      after(WELL, { kind: "failed", problem: "rate-limited", retryAfterMs }).connection.nextRefreshAt - NOW;
    expect([wait(7 * MINUTE_MS), wait(9 * DAY_MS)]).toEqual([7 * MINUTE_MS, DAY_MS]);
    const unchanged = new Map<string, CalendarReading>([["a", { kind: "unchanged" }]]);
    const rest = (restMs: number, chance: number) =>
      after(WELL, { kind: "read", calendars: unchanged, restMs }, chance).connection.nextRefreshAt - NOW;
    expect([rest(0, 0), rest(60 * MINUTE_MS, 0), rest(9 * DAY_MS, 0), rest(0, 1)]).toEqual([
      15 * MINUTE_MS,
      60 * MINUTE_MS,
      DAY_MS,
      18.75 * MINUTE_MS,
    ]);
  });

  it("comes after an hour where the source tells of changes by itself", () => {
    const unchanged = new Map<string, CalendarReading>([["a", { kind: "unchanged" }]]);
    const { connection } = after(WELL, { kind: "read", calendars: unchanged }, 0, true);
    expect(connection.nextRefreshAt).toBe(NOW + 60 * MINUTE_MS);
  });

  it("asks in full where less is known than people can book, though the source may be unchanged", () => {
    expect(question(CALENDAR)).toEqual({
      id: "a",
      ref: "ref of a",
      validators: "v1",
    });
    const known = (coversUntil: number) => question({ ...CALENDAR, coversUntil })?.validators;
    expect([known(RANGE.end - 7 * DAY_MS), known(RANGE.end - 7 * DAY_MS - 1)]).toEqual(["v1", undefined]);
  });

  it("asks in full where all-day events would be read in another zone than before", () => {
    expect(question(CALENDAR, "Europe/Berlin")).not.toHaveProperty("validators");
    expect(question({ ...CALENDAR, timeZone: "Europe/Berlin" }, "Europe/Berlin")).toHaveProperty(
      "validators",
    );
  });

  it("asks about the same time all day long, and always further than people can book", () => {
    const [morning, night] = [Date.UTC(2026, 10, 25), Date.UTC(2026, 10, 25, 23, 59)];
    expect(rangeToAsk(60, night)).toEqual(rangeToAsk(60, morning));
    expect(rangeToAsk(60, night).end).toBeGreaterThanOrEqual(night + 68 * DAY_MS);
  });
});
