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
