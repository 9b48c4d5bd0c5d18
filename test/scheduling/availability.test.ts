import { describe, expect, test } from "vitest";
import { availablePeriods } from "../../scheduling/available-periods.ts";
import { DAY_MS, EVERY_DAY, availabilityIn, override, period, showPeriods, utc, weekly } from "./scenario.ts";

const NOBODY = weekly([]);

/** Only the given dates are open, so each row shows one night or day in full. */
function onDates(zone: string, dates: Record<string, string[]>): string[] {
  const overrides = Object.entries(dates).map(([date, windows]) => override(date, ...windows));
  const days = overrides.map(({ date }) => utc(`${date} 00:00`));
  const range = { start: Math.min(...days) - 2 * DAY_MS, end: Math.max(...days) + 3 * DAY_MS };
  return showPeriods(availablePeriods(availabilityIn(zone, NOBODY, overrides), range));
}

describe("a window becomes instants", () => {
  test.each<[string, string, Record<string, string[]>, string[]]>([
    [
      "beginning in a gap it begins after it",
      "America/New_York",
      { "2026-03-08": ["02:30-04:00"] },
      ["2026-03-08 07:00/08:00"],
    ],
    [
      "ending in a gap it ends before it",
      "America/New_York",
      { "2026-03-08": ["01:00-02:30"] },
      ["2026-03-08 06:00/07:00"],
    ],
    [
      "two windows around a gap touch",
      "America/New_York",
      { "2026-03-08": ["01:00-02:00", "03:00-04:00"] },
      ["2026-03-08 06:00/08:00"],
    ],
    [
      "inside a fold it comes twice",
      "America/New_York",
      { "2026-11-01": ["01:00-01:30"] },
      ["2026-11-01 05:00/05:30", "2026-11-01 06:00/06:30"],
    ],
    [
      "a fold of half an hour",
      "Australia/Lord_Howe",
      { "2026-04-05": ["01:00-02:00"] },
      ["2026-04-04 14:00/15:30"],
    ],
    ["a gap at midnight", "Asia/Beirut", { "2026-03-29": ["00:00-02:00"] }, ["2026-03-28 22:00/23:00"]],
    [
      "a fold back over midnight gives the old date its hour again",
      "America/St_Johns",
      { "2009-10-31": ["23:00-24:00"] },
      ["2009-11-01 01:30/02:30", "2009-11-01 02:31/03:30"],
    ],
    [
      "and cuts the new date after its first minute",
      "America/St_Johns",
      { "2009-11-01": ["00:00-01:00"] },
      ["2009-11-01 02:30/02:31", "2009-11-01 03:30/04:30"],
    ],
    ["a date that the zone skipped has none", "Pacific/Apia", { "2011-12-30": ["09:00-17:00"] }, []],
    ["nor does its night reach into the next date", "Pacific/Apia", { "2011-12-30": ["22:00-06:00"] }, []],
    [
      "a night into a skipped date ends at midnight",
      "Pacific/Apia",
      { "2011-12-29": ["22:00-06:00"] },
      ["2011-12-30 08:00/10:00"],
    ],
    [
      "24:00 is the end of the date",
      "UTC",
      { "2026-06-01": ["22:00-24:00"] },
      ["2026-06-01 22:00/2026-06-02 00:00"],
    ],
    [
      "00:00 is the end of the date as well",
      "UTC",
      { "2026-06-01": ["22:00-00:00"] },
      ["2026-06-01 22:00/2026-06-02 00:00"],
    ],
    [
      "an end equal to the start is a whole day",
      "UTC",
      { "2026-06-01": ["09:00-09:00"] },
      ["2026-06-01 09:00/2026-06-02 09:00"],
    ],
    [
      "windows that overlap or touch are one",
      "UTC",
      { "2026-06-01": ["11:00-12:00", "09:00-10:30", "10:00-11:00"] },
      ["2026-06-01 09:00/12:00"],
    ],
  ])("%s (%s)", (_name, zone, dates, expected) => {
    expect(onDates(zone, dates)).toEqual(expected);
  });
});

describe("weekly windows and overrides", () => {
  test("an override replaces all windows of its date and leaves the others, and an empty one closes it", () => {
    const availability = availabilityIn("UTC", weekly(EVERY_DAY, "09:00-12:00", "13:00-17:00"), [
      override("2026-12-24", "10:00-11:00"),
      override("2026-12-25"),
    ]);
    expect(showPeriods(availablePeriods(availability, period("2026-12-23 12:00/2026-12-26 12:00")))).toEqual([
      "2026-12-23 13:00/17:00",
      "2026-12-24 10:00/11:00",
      "2026-12-26 09:00/12:00",
    ]);
  });

  test("two overrides of one date count as one with the windows of both", () => {
    const availability = availabilityIn("UTC", NOBODY, [
      override("2026-12-24", "10:00-11:00"),
      override("2026-12-24", "15:00-16:00"),
    ]);
    expect(showPeriods(availablePeriods(availability, period("2026-12-24 00:00/2026-12-25 00:00")))).toEqual([
      "2026-12-24 10:00/11:00",
      "2026-12-24 15:00/16:00",
    ]);
  });

  test("a night belongs to the date it begins on: closing the next date does not end it", () => {
    const availability = availabilityIn("UTC", weekly(["mo"], "22:00-06:00"), [override("2026-06-02")]);
    expect(showPeriods(availablePeriods(availability, period("2026-06-01 00:00/2026-06-03 00:00")))).toEqual([
      "2026-06-01 22:00/2026-06-02 06:00",
    ]);
  });

  test("a period that touches the range is whole, and one that only ends where it begins is not there", () => {
    const availability = availabilityIn("UTC", weekly(EVERY_DAY, "09:00-17:00"));
    expect(showPeriods(availablePeriods(availability, period("2026-06-01 10:00/10:01")))).toEqual([
      "2026-06-01 09:00/17:00",
    ]);
    expect(availablePeriods(availability, period("2026-06-01 17:00/18:00"))).toEqual([]);
    expect(availablePeriods(availability, period("2026-06-01 08:00/09:00"))).toEqual([]);
  });

  test("a range that is empty, inverted, not a number or out of this world is answered with nothing", () => {
    const availability = availabilityIn("America/New_York", weekly(EVERY_DAY, "00:00-24:00"));
    const bad: [number, number][] = [
      [5, 5],
      [9, 5],
      [Number.NaN, 5],
      [-8e15, -7e15],
      [8e15, 9e15],
      [1e300, Number.POSITIVE_INFINITY],
    ];
    for (const [start, end] of bad) expect(availablePeriods(availability, { start, end })).toEqual([]);
  });
});
