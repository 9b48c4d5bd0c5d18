import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  lengthOf,
  longMoment,
  longTime,
  shortMoment,
} from "../../../../adapters/mail/letters/letter-times.ts";

const MINUTE = 60_000;

function reader(timeZone: string, hourCycle?: "h12" | "h23") {
  return { timeZone, isOwnZone: true, ...(hourCycle && { hourCycle }) };
}

it.each<[string, number, string, "h12" | "h23" | undefined, string]>([
  // The example of the issue.
  [
    "2026-12-03T13:00Z",
    30,
    "Europe/Berlin",
    undefined,
    "Thursday, 3 December 2026, 14:00–14:30 (Europe/Berlin, GMT+1)",
  ],
  // 25 October 2026, Berlin: 03:00 GMT+2 becomes 02:00 GMT+1.
  [
    "2026-10-24T12:00Z",
    30,
    "Europe/Berlin",
    "h23",
    "Saturday, 24 October 2026, 14:00–14:30 (Europe/Berlin, GMT+2)",
  ],
  [
    "2026-10-25T00:30Z",
    60,
    "Europe/Berlin",
    "h23",
    "Sunday, 25 October 2026, 02:30 GMT+2 – 02:30 GMT+1 (Europe/Berlin)",
  ],
  [
    "2026-10-25T01:30Z",
    15,
    "Europe/Berlin",
    "h23",
    "Sunday, 25 October 2026, 02:30 GMT+1 – 02:45 GMT+1 (Europe/Berlin)",
  ],
  [
    "2026-10-25T12:00Z",
    30,
    "Europe/Berlin",
    "h23",
    "Sunday, 25 October 2026, 13:00–13:30 (Europe/Berlin, GMT+1)",
  ],
  // One end alone in the hour that comes twice.
  [
    "2026-10-24T23:30Z",
    60,
    "Europe/Berlin",
    "h23",
    "Sunday, 25 October 2026, 01:30 GMT+2 – 02:30 GMT+2 (Europe/Berlin)",
  ],
  [
    "2026-10-25T01:30Z",
    60,
    "Europe/Berlin",
    "h23",
    "Sunday, 25 October 2026, 02:30 GMT+1 – 03:30 GMT+1 (Europe/Berlin)",
  ],
  // Over the change: 3 hours, and later 4 hours that end in the hour that comes twice.
  [
    "2026-10-24T23:30Z",
    180,
    "Europe/Berlin",
    "h23",
    "Sunday, 25 October 2026, 01:30 GMT+2 – 03:30 GMT+1 (Europe/Berlin)",
  ],
  [
    "2026-10-24T21:30Z",
    240,
    "Europe/Berlin",
    "h23",
    "Saturday, 24 October 2026, 23:30 GMT+2 – Sunday, 25 October 2026, 02:30 GMT+1 (Europe/Berlin)",
  ],
  // 29 March 2026, Berlin: 02:00 GMT+1 becomes 03:00 GMT+2, and two hours on the clock are one.
  [
    "2026-03-29T00:30Z",
    60,
    "Europe/Berlin",
    "h23",
    "Sunday, 29 March 2026, 01:30 GMT+1 – 03:30 GMT+2 (Europe/Berlin)",
  ],
  // 1 November 2026, New York: 02:00 GMT−4 becomes 01:00 GMT−5.
  [
    "2026-11-01T05:30Z",
    60,
    "America/New_York",
    "h12",
    "Sunday, 1 November 2026, 1:30 am GMT−4 – 1:30 am GMT−5 (America/New_York)",
  ],
  [
    "2026-11-01T17:00Z",
    60,
    "America/New_York",
    "h12",
    "Sunday, 1 November 2026, 12:00 pm–1:00 pm (America/New_York, GMT−5)",
  ],
  [
    "2026-12-01T09:00Z",
    30,
    "Asia/Kathmandu",
    "h23",
    "Tuesday, 1 December 2026, 14:45–15:15 (Asia/Kathmandu, GMT+5:45)",
  ],
  ["2026-12-01T09:00Z", 30, "UTC", "h23", "Tuesday, 1 December 2026, 09:00–09:30 (UTC)"],
  ["2026-12-01T09:00Z", 30, "Mars/Olympus", "h23", "Tuesday, 1 December 2026, 09:00–09:30 (UTC)"],
  // Over midnight, and up to it.
  [
    "2026-12-03T22:30Z",
    60,
    "Europe/Berlin",
    "h23",
    "Thursday, 3 December 2026, 23:30 – Friday, 4 December 2026, 00:30 (Europe/Berlin, GMT+1)",
  ],
  [
    "2026-12-03T22:30Z",
    30,
    "Europe/Berlin",
    "h12",
    "Thursday, 3 December 2026, 11:30 pm–12:00 am (Europe/Berlin, GMT+1)",
  ],
])("%s, for %d minutes in %s (%s), is spelled %s", (at, minutes, zone, hourCycle, expected) => {
  const start = Date.parse(at.replace("Z", ":00Z"));
  expect(longTime({ start, end: start + minutes * MINUTE }, reader(zone, hourCycle))).toBe(expected);
});

it("a subject says the offset where the wall time comes twice", () => {
  const berlin = reader("Europe/Berlin");
  expect(shortMoment(Date.UTC(2026, 9, 25, 0, 30), berlin)).toBe("Sun 25 Oct, 02:30 (Europe/Berlin, GMT+2)");
  expect(shortMoment(Date.UTC(2026, 9, 25, 1, 30), berlin)).toBe("Sun 25 Oct, 02:30 (Europe/Berlin, GMT+1)");
  expect(shortMoment(Date.UTC(2026, 9, 25, 2, 30), berlin)).toBe("Sun 25 Oct, 03:30 (Europe/Berlin)");
});

it("a moment is spelled like a time", () => {
  expect(longMoment(Date.UTC(2026, 11, 3, 13), reader("America/New_York", "h12"))).toBe(
    "Thursday, 3 December 2026, 8:00 am (America/New_York, GMT−5)",
  );
});

it.each([
  [1, "1 minute"],
  [30, "30 minutes"],
  [60, "1 hour"],
  [61, "1 hour 1 minute"],
  [150, "2 hours 30 minutes"],
])("%d minutes are %s", (minutes, expected) => {
  expect(lengthOf(minutes * MINUTE)).toBe(expected);
});

/** Changes of the clock in 2026: by an hour, by half of one, at midnight; and places that have none. */
const CHANGES = [
  ["Europe/Berlin", Date.UTC(2026, 2, 29, 1)],
  ["Europe/Berlin", Date.UTC(2026, 9, 25, 1)],
  ["America/New_York", Date.UTC(2026, 10, 1, 6)],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15)],
  ["America/Havana", Date.UTC(2026, 10, 1, 5)],
  ["Asia/Kathmandu", Date.UTC(2026, 9, 25, 1)],
  ["UTC", Date.UTC(2026, 9, 25, 1)],
] as const;

it("whoever reads a time knows when it begins and ends, also where the clock is changed", () => {
  const around = fc.integer({ min: -30 * 60, max: 30 * 60 });
  const cases = fc.tuple(fc.constantFrom(...CHANGES), around, fc.integer({ min: 1, max: 24 * 60 }));
  fc.assert(
    fc.property(cases, fc.constantFrom("h12", "h23"), ([[zone, change], before, minutes], hourCycle) => {
      const start = change + before * MINUTE;
      const end = start + minutes * MINUTE;
      expect(readBack(longTime({ start, end }, reader(zone, hourCycle)))).toEqual({ start, end });
    }),
    { numRuns: 2000 },
  );
});

/** The instants that a spelled time means, by the runtime's own reading of dates. An end without a date is the next one of its clock. */
function readBack(spelled: string): { readonly start: number; readonly end: number } {
  const [, from = "", to = "", zone = ""] =
    /^(.*?) ?– ?(.*) \((.*)\)$/.exec(spelled.replaceAll("−", "-")) ?? [];
  const shared = /GMT\S*$/.exec(zone)?.[0] ?? "GMT";
  const [date = ""] = /\d+ \w+ \d+/.exec(from) ?? [];
  const start = instantOf(from, date, shared);
  const end = instantOf(to, /\d+ \w+ \d{4}/.exec(to)?.[0] ?? date, shared);
  return { start, end: end > start ? end : end + 24 * 60 * MINUTE };
}

function instantOf(moment: string, date: string, shared: string): number {
  const [clock = ""] = /\d+:\d\d( [ap]m)?/.exec(moment) ?? [];
  const [, sign = "+", hours = "0", minutes = "0"] =
    /GMT(?:([+-])(\d+)(?::(\d+))?)?/.exec(/GMT\S*$/.exec(moment)?.[0] ?? shared) ?? [];
  return Date.parse(`${date} ${clock} GMT${sign}${hours.padStart(2, "0")}${minutes.padStart(2, "0")}`);
}
