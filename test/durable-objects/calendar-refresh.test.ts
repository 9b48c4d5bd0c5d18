import { describe, expect, it } from "vitest";
import type { SourceReading } from "../../adapters/calendars/source.ts";
import { afterReading, questionFor, rangeToAsk } from "../../durable-objects/calendar-refresh.ts";
import type { Connection } from "../../durable-objects/calendar-store.ts";

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
  asOf: NOW - 20 * MINUTE_MS,
  coversUntil: RANGE.end - DAY_MS,
  timeZone: "UTC",
  events: 12,
  nextRefreshAt: NOW,
  attempts: 0,
  generation: 3,
  validators: "v1",
};
const FAILING: Connection = { ...WELL, state: "failing", problem: "timeout", attempts: 4 };

function after(before: Connection, reading: SourceReading, chance = 0) {
  return afterReading(before, reading, { range: RANGE, timeZone: "UTC", now: NOW, chance });
}

describe("a reading", () => {
  it("that went well takes the place of what was known, and mends what failed before", () => {
    const reading: SourceReading = { kind: "read", busy: BUSY, events: 3, validators: "v2" };
    const { connection, busy } = after(FAILING, reading);
    expect(busy).toBe(BUSY);
    expect(connection).toEqual({
      ...WELL,
      asOf: NOW,
      coversUntil: RANGE.end,
      events: 3,
      nextRefreshAt: NOW + 15 * MINUTE_MS,
      validators: "v2",
    });
  });

  it("forgets what the source said of itself where it says nothing now", () => {
    expect(after(WELL, { kind: "read", busy: BUSY, events: 3 }).connection).not.toHaveProperty("validators");
  });

  it("that brings no event where there were some clears nothing", () => {
    const { connection, busy } = after(WELL, { kind: "read", busy: [], events: 0 });
    expect(busy).toBeUndefined();
    expect(connection).toMatchObject({ state: "failing", problem: "emptied", asOf: WELL.asOf, events: 12 });
  });

  it("of a calendar that never had an event is believed", () => {
    const empty = { ...WELL, events: 0 };
    const { connection, busy } = after(empty, { kind: "read", busy: [], events: 0 });
    expect([connection.state, busy]).toEqual(["ok", []]);
  });

  it("that changed nothing is as good as one that did, and says nothing new of how far it reaches", () => {
    const { connection, busy } = after(FAILING, { kind: "unchanged" });
    expect(busy).toBeUndefined();
    expect(connection).toMatchObject({ state: "ok", asOf: NOW, attempts: 0, coversUntil: WELL.coversUntil });
    expect(connection).not.toHaveProperty("problem");
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
    const { connection, busy } = after(WELL, { kind: "failed", problem });
    expect(busy).toBeUndefined();
    expect(connection).toEqual({
      ...WELL,
      state,
      problem,
      attempts: 1,
      nextRefreshAt: NOW + MINUTE_MS,
    });
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
    const rest = (restMs: number, chance: number) =>
      after(WELL, { kind: "read", busy: [], events: 1, restMs }, chance).connection.nextRefreshAt - NOW;
    expect([rest(0, 0), rest(60 * MINUTE_MS, 0), rest(9 * DAY_MS, 0), rest(0, 1)]).toEqual([
      15 * MINUTE_MS,
      60 * MINUTE_MS,
      DAY_MS,
      18.75 * MINUTE_MS,
    ]);
  });

  it("asks in full where less is known than people can book, though the source may be unchanged", () => {
    const about = { range: RANGE, timeZone: "UTC" };
    expect(questionFor(WELL, "s", about)).toMatchObject({ validators: "v1" });
    const known = (coversUntil: number) => questionFor({ ...WELL, coversUntil }, "s", about).validators;
    expect([known(RANGE.end - 7 * DAY_MS), known(RANGE.end - 7 * DAY_MS - 1)]).toEqual(["v1", undefined]);
  });

  it("asks in full where all-day events would be read in another zone than before", () => {
    const about = { range: RANGE, timeZone: "Europe/Berlin" };
    expect(questionFor(WELL, "s", about)).not.toHaveProperty("validators");
    expect(questionFor({ ...WELL, timeZone: "Europe/Berlin" }, "s", about)).toHaveProperty("validators");
  });

  it("asks about the same time all day long, and always further than people can book", () => {
    const [morning, night] = [Date.UTC(2026, 10, 25), Date.UTC(2026, 10, 25, 23, 59)];
    expect(rangeToAsk(60, night)).toEqual(rangeToAsk(60, morning));
    expect(rangeToAsk(60, night).end).toBeGreaterThanOrEqual(night + 68 * DAY_MS);
  });
});
