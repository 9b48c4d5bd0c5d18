import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startCheckedGoogle } from "./support/checked-google.ts";
import type { CheckedGoogle } from "./support/checked-google.ts";
import { CLIENT, call, signIn } from "./support/visitor.ts";
import type { Answer } from "./support/visitor.ts";

const ALICE = "alice@gmail.example";
const WORK = "work@group.calendar.example";

let google: CheckedGoogle;
let accessToken: string;

beforeAll(async () => {
  google = await startCheckedGoogle();
  google.seed({ clients: [CLIENT] });
});
afterAll(async () => {
  await google.stop();
  expect(google.problems).toEqual([]);
});

beforeEach(async () => {
  google.heal();
  google.seed({
    accounts: [{ email: ALICE, timeZone: "Europe/Berlin" }, { email: "bob@gmail.example" }],
    calendars: [{ id: WORK, summary: "Work", owner: ALICE, timeZone: "America/Los_Angeles" }],
  });
  accessToken = (await signIn(google, ALICE, "calendar.events.freebusy")).access_token;
});

const ask = (question: object): Promise<Answer> => call(google, accessToken, "POST /freeBusy", question);

/** Sorted, as `start/end`. */
async function busyOf(id: string, timeMin: string, timeMax: string, more: object = {}): Promise<string[]> {
  const { body } = await ask({ timeMin, timeMax, items: [{ id }], ...more });
  const { calendars } = body as { calendars: Record<string, { busy: { start: string; end: string }[] }> };
  return (calendars[id]?.busy ?? []).map(({ start, end }) => `${start}/${end}`).toSorted();
}

describe("busy time", () => {
  it("is that of a series with an exclusion and an exception, in a zone whose clocks change", async () => {
    google.seed({
      events: [
        {
          calendar: ALICE,
          id: "series",
          start: "2026-10-19T10:00:00",
          rrule: "FREQ=DAILY;COUNT=10",
          recurrence: ["EXDATE;TZID=Europe/Berlin:20261021T100000"],
        },
        {
          calendar: ALICE,
          series: "series",
          originalStart: "2026-10-26T10:00:00",
          start: "2026-10-26T15:00:00",
        },
      ],
    });
    expect(await busyOf("primary", "2026-10-01T00:00:00Z", "2026-11-30T00:00:00Z")).toEqual([
      "2026-10-19T08:00:00Z/2026-10-19T09:00:00Z",
      "2026-10-20T08:00:00Z/2026-10-20T09:00:00Z",
      "2026-10-22T08:00:00Z/2026-10-22T09:00:00Z",
      "2026-10-23T08:00:00Z/2026-10-23T09:00:00Z",
      "2026-10-24T08:00:00Z/2026-10-24T09:00:00Z",
      "2026-10-25T09:00:00Z/2026-10-25T10:00:00Z",
      "2026-10-26T14:00:00Z/2026-10-26T15:00:00Z",
      "2026-10-27T09:00:00Z/2026-10-27T10:00:00Z",
      "2026-10-28T09:00:00Z/2026-10-28T10:00:00Z",
    ]);
  });

  it("repeats in the zone of the series, takes UNTIL in UTC, and shifts what the clocks skip", async () => {
    google.seed({
      events: [
        {
          calendar: WORK,
          start: "2026-10-24T10:00:00",
          timeZone: "Europe/Berlin",
          rrule: "FREQ=DAILY;UNTIL=20261026T090000Z",
        },
        {
          calendar: ALICE,
          start: "2026-03-28T02:30:00",
          end: "2026-03-28T02:45:00",
          rrule: "FREQ=DAILY;COUNT=3",
        },
      ],
    });
    expect(await busyOf(WORK, "2026-10-01T00:00:00Z", "2026-11-30T00:00:00Z")).toEqual([
      "2026-10-24T08:00:00Z/2026-10-24T09:00:00Z",
      "2026-10-25T09:00:00Z/2026-10-25T10:00:00Z",
      "2026-10-26T09:00:00Z/2026-10-26T10:00:00Z",
    ]);
    expect(await busyOf(ALICE, "2026-03-01T00:00:00Z", "2026-04-10T00:00:00Z")).toEqual([
      "2026-03-28T01:30:00Z/2026-03-28T01:45:00Z",
      "2026-03-29T01:30:00Z/2026-03-29T01:45:00Z",
      "2026-03-30T00:30:00Z/2026-03-30T00:45:00Z",
    ]);
  });

  it("of all-day events is a day of the calendar's zone, in the zone that is asked for", async () => {
    google.seed({
      events: [
        { calendar: ALICE, start: "2026-10-25" },
        { calendar: WORK, start: "2026-10-25" },
      ],
    });
    const range = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"] as const;
    expect(await busyOf(ALICE, ...range)).toEqual(["2026-10-24T22:00:00Z/2026-10-25T23:00:00Z"]);
    expect(await busyOf(WORK, ...range, { timeZone: "Asia/Kathmandu" })).toEqual([
      "2026-10-25T12:45:00+05:45/2026-10-26T12:45:00+05:45",
    ]);
  });

  it("is not what is shown as free, declined or cancelled", async () => {
    const start = "2026-10-05T10:00:00Z";
    google.seed({
      events: [
        { calendar: ALICE, start, isFree: true },
        { calendar: ALICE, start, status: "cancelled" },
        { calendar: ALICE, start, myResponse: "declined" },
        { calendar: ALICE, start: "2026-10-05T12:00:00Z", myResponse: "needsAction" },
        { calendar: ALICE, start: "2026-10-05T14:00:00Z", status: "tentative" },
        { calendar: ALICE, id: "weekly", start: "2026-10-06T10:00:00Z", rrule: "FREQ=DAILY;COUNT=2" },
        { calendar: ALICE, series: "weekly", start: "2026-10-06T10:00:00Z", status: "cancelled" },
      ],
    });
    expect(await busyOf(ALICE, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")).toEqual([
      "2026-10-05T12:00:00Z/2026-10-05T13:00:00Z",
      "2026-10-05T14:00:00Z/2026-10-05T15:00:00Z",
      "2026-10-07T10:00:00Z/2026-10-07T11:00:00Z",
    ]);
  });

  it("is by event, in no order, and reaches over the ends of the range", async () => {
    google.seed({
      events: [
        { calendar: ALICE, start: "2026-10-05T10:00:00Z" },
        { calendar: ALICE, start: "2026-10-05T10:30:00Z" },
      ],
    });
    const { body } = await ask({
      timeMin: "2026-10-05T10:45:00Z",
      timeMax: "2026-10-05T11:00:00Z",
      items: [{ id: ALICE }],
    });
    expect(body).toEqual({
      kind: "calendar#freeBusy",
      timeMin: "2026-10-05T10:45:00.000Z",
      timeMax: "2026-10-05T11:00:00.000Z",
      calendars: {
        [ALICE]: {
          busy: [
            { start: "2026-10-05T10:30:00Z", end: "2026-10-05T11:30:00Z" },
            { start: "2026-10-05T10:00:00Z", end: "2026-10-05T11:00:00Z" },
          ],
        },
      },
    });
  });
});

describe("a question", () => {
  const timeMin = "2026-10-01T00:00:00Z";
  const timeMax = "2026-10-31T00:00:00Z";

  it("about calendars that are not there, or not the caller's, gets an error with each and 200 for all", async () => {
    const { status, body } = await ask({
      timeMin,
      timeMax,
      items: [{ id: "nowhere" }, { id: "bob@gmail.example" }, { id: ALICE }],
    });
    const failed = { errors: [{ domain: "global", reason: "notFound" }], busy: [] };
    expect(status).toBe(200);
    expect(body).toMatchObject({
      calendars: { nowhere: failed, "bob@gmail.example": failed, [ALICE]: { busy: [] } },
    });
  });

  it("about more than fifty calendars fails for the rest", async () => {
    const items = Array.from({ length: 51 }, (_, at) => ({ id: `calendar-${at}` }));
    const { body } = await ask({ timeMin, timeMax, items });
    expect(body).toMatchObject({
      calendars: { "calendar-50": { errors: [{ reason: "tooManyCalendarsRequested" }] } },
    });
  });

  it.each([
    ["required", { timeMax }],
    ["invalid", { timeMin: "2026-10-01", timeMax }],
    ["invalid", { timeMin: "2026-10-01T00:00:00", timeMax }],
    ["invalid", { timeMin, timeMax, timeZone: "Mars/Olympus" }],
    ["invalid", { timeMin, timeMax, calendarExpansionMax: 51 }],
    ["timeRangeEmpty", { timeMin, timeMax: timeMin }],
    ["timeRangeTooLong", { timeMin, timeMax: "2026-12-30T00:00:01Z" }],
  ])("gets 400 %s for %o", async (reason, question) => {
    const { status, body } = await ask({ items: [{ id: ALICE }], ...question });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 400, errors: [{ reason }] } });
  });

  it("may be about ninety days", async () => {
    expect((await ask({ timeMin, timeMax: "2026-12-30T00:00:00Z", items: [] })).status).toBe(200);
  });
});
