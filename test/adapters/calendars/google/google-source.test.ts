import { afterEach, describe, expect, it } from "vitest";

import { readGoogleSource } from "../../../../adapters/calendars/google/google-source.ts";
import type { AskedCalendar, SourceReading } from "../../../../adapters/calendars/source.ts";
import type { Period } from "../../../../scheduling/period.ts";
import { DAY, MINUTE, rfc3339 } from "../../../../scheduling/time-zone.ts";
import { accessUntil, NOW, startScriptedGoogle } from "./scripted-google.ts";
import type { Scripted, ScriptedGoogle } from "./scripted-google.ts";

const HOUR = 60 * MINUTE;

let google: ScriptedGoogle | undefined;
afterEach(async () => {
  await google?.stop();
  google = undefined;
});

/** As freeBusy.query is asked. */
interface Query {
  readonly timeMin: string;
  readonly timeMax: string;
  readonly timeZone: string;
  readonly calendarExpansionMax: number;
  readonly items: readonly { readonly id: string }[];
}

async function reading(
  calendars: readonly AskedCalendar[],
  range: Period,
  answer: (query: Query) => Scripted,
): Promise<{ told: SourceReading; queries: Query[] }> {
  const queries: Query[] = [];
  google = await startScriptedGoogle(({ method, path, body }) => {
    expect([method, path]).toEqual(["POST", "/calendar/v3/freeBusy"]);
    const query = body as Query;
    queries.push(query);
    return answer(query);
  });
  const question = {
    access: accessUntil(),
    calendars,
    range,
    timeZone: "Europe/Berlin",
    isBooking: () => false,
  };
  return { told: await readGoogleSource(question, google.settings, NOW), queries };
}

function calendarsOf(told: SourceReading): Record<string, unknown> {
  expect(told.kind).toBe("read");
  return told.kind === "read" ? Object.fromEntries(told.calendars) : {};
}

function span(start: number, end: number): { start: string; end: string } {
  return { start: rfc3339(start), end: rfc3339(end) };
}

const WEEK = { start: NOW, end: NOW + 7 * DAY };

describe("busy time at Google", () => {
  it("is asked for in UTC, and answered by the asker's ids, merged and clipped", async () => {
    const { told, queries } = await reading(
      [
        { id: "1", ref: "a@x.example" },
        { id: "2", ref: "b@x.example", validators: "old" },
      ],
      WEEK,
      () => ({
        body: {
          calendars: {
            "a@x.example": {
              busy: [
                span(NOW + 3 * HOUR, NOW + 4 * HOUR),
                span(NOW - HOUR, NOW + HOUR),
                span(NOW + HOUR, NOW + 2 * HOUR),
                span(NOW + 5 * HOUR, NOW + 5 * HOUR),
                span(NOW + 8 * DAY, NOW + 9 * DAY),
              ],
            },
            "b@x.example": { busy: [] },
          },
        },
      }),
    );
    expect(calendarsOf(told)).toEqual({
      1: {
        kind: "read",
        busy: [
          { start: NOW, end: NOW + 2 * HOUR },
          { start: NOW + 3 * HOUR, end: NOW + 4 * HOUR },
        ],
      },
      2: { kind: "read", busy: [] },
    });
    expect(queries).toEqual([
      {
        timeMin: "2026-11-25T12:00:00Z",
        timeMax: "2026-12-02T12:00:00Z",
        timeZone: "UTC",
        calendarExpansionMax: 50,
        items: [{ id: "a@x.example" }, { id: "b@x.example" }],
      },
    ]);
  });

  it("is asked for from whole second to whole second, and answered to the millisecond", async () => {
    const range = { start: NOW + 1, end: NOW + HOUR + 1 };
    const { told, queries } = await reading([{ id: "1", ref: "a" }], range, ({ timeMin, timeMax }) => ({
      body: { calendars: { a: { busy: [{ start: timeMin, end: timeMax }] } } },
    }));
    expect(queries).toMatchObject([{ timeMin: "2026-11-25T12:00:00Z", timeMax: "2026-11-25T13:00:01Z" }]);
    expect(calendarsOf(told)).toEqual({ 1: { kind: "read", busy: [range] } });
  });

  it("of a year is asked for in pieces of eighty days that leave nothing out, and put together again", async () => {
    const year = { start: NOW, end: NOW + 372 * DAY };
    // Busy all the time, in pieces as they were asked for.
    const { told, queries } = await reading([{ id: "1", ref: "a" }], year, ({ timeMin, timeMax }) => ({
      body: { calendars: { a: { busy: [{ start: timeMin, end: timeMax }] } } },
    }));
    expect(calendarsOf(told)).toEqual({ 1: { kind: "read", busy: [year] } });
    expect(queries).toHaveLength(5);
    for (const { timeMin, timeMax } of queries) {
      expect(Date.parse(timeMax) - Date.parse(timeMin)).toBeLessThanOrEqual(80 * DAY);
    }
  });

  it("of more than fifty calendars is asked for by fifty, and of the same calendar once", async () => {
    const calendars = Array.from({ length: 120 }, (_, i) => ({ id: `${i}`, ref: `c${i % 101}` }));
    const { told, queries } = await reading(calendars, WEEK, ({ items }) => ({
      body: { calendars: Object.fromEntries(items.map(({ id }) => [id, { busy: [] }])) },
    }));
    expect(Object.keys(calendarsOf(told))).toHaveLength(120);
    expect(queries.map(({ items }) => items.length)).toEqual([50, 50, 1]);
  });

  it.each([0, 1, 2])(
    "that failed in one piece (%i) of three has failed for that calendar alone",
    async (bad) => {
      let asked = 0;
      const { told } = await reading(
        [
          { id: "1", ref: "a" },
          { id: "2", ref: "b" },
        ],
        { start: NOW, end: NOW + 200 * DAY },
        ({ timeMin }) => {
          const busy = [span(Date.parse(timeMin), Date.parse(timeMin) + HOUR)];
          const a = asked === bad ? { errors: [{ reason: "internalError" }], busy: [] } : { busy };
          asked += 1;
          return { body: { calendars: { a, b: { busy } } } };
        },
      );
      expect(calendarsOf(told)).toEqual({
        1: { kind: "failed", problem: "server-error" },
        2: {
          kind: "read",
          busy: [0, 80, 160].map((day) => ({ start: NOW + day * DAY, end: NOW + day * DAY + HOUR })),
        },
      });
    },
  );

  it("is asked for no further once Google has refused altogether", async () => {
    const { told, queries } = await reading(
      [{ id: "1", ref: "a" }],
      { start: NOW, end: NOW + 200 * DAY },
      () => ({
        status: 403,
        headers: { "retry-after": "30" },
        body: { error: { errors: [{ domain: "usageLimits", reason: "rateLimitExceeded" }] } },
      }),
    );
    expect(told).toEqual({ kind: "failed", problem: "rate-limited", retryAfterMs: 30_000 });
    expect(queries).toHaveLength(1);
  });

  it.each(["__proto__", "constructor", "toString"])(
    "of a calendar with a peculiar name (%s) is no more than what was said of it",
    async (ref) => {
      const { told } = await reading([{ id: "1", ref }], WEEK, () => ({ body: '{"calendars":{}}' }));
      expect(calendarsOf(told)).toEqual({ 1: { kind: "failed", problem: "server-error" } });
    },
  );

  it("of no calendars and of no time is none, and nobody is asked", async () => {
    expect(calendarsOf((await reading([], WEEK, () => ({}))).told)).toEqual({});
    await google?.stop();
    const empty = await reading([{ id: "1", ref: "a" }], { start: NOW, end: NOW }, () => ({}));
    expect(calendarsOf(empty.told)).toEqual({ 1: { kind: "read", busy: [] } });
    expect(empty.queries).toEqual([]);
  });
});
