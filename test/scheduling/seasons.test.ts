import { describe, expect, test } from "vitest";
import type { Availability, DateOverride } from "../../scheduling/availability.ts";
import { availablePeriods } from "../../scheduling/available-periods.ts";
import { EVERY_DAY, availabilityIn, override, period, showPeriods, weekly } from "./scenario.ts";

const WEEK = "2026-06-01 00:00/2026-06-08 00:00";

/** Open daily for one window; `from` and `until` are days of June 2026. */
function daily(
  window: string,
  from?: number,
  until?: number,
  more: Partial<Availability> = {},
): Availability {
  const day = (june: number): string => `2026-06-${String(june).padStart(2, "0")}`;
  return {
    ...availabilityIn("UTC", weekly(EVERY_DAY, window)),
    ...(from !== undefined && { from: day(from) }),
    ...(until !== undefined && { until: day(until) }),
    ...more,
  };
}

/** The hours at which each day of the week from 2026-06-01 opens: `1 9` is nine o'clock on the first. */
function opens(availability: Availability): string[] {
  return showPeriods(availablePeriods(availability, period(WEEK))).map(
    (text) => `${Number(text.slice(8, 10))} ${Number(text.slice(11, 13))}`,
  );
}

function usual(seasons: readonly Availability[], overrides: readonly DateOverride[] = []): Availability {
  return { ...availabilityIn("UTC", weekly(EVERY_DAY, "09:00-10:00"), overrides), seasons };
}

describe("hours that hold on some dates only", () => {
  test.each<[string, Availability, string[]]>([
    ["from a date on, that date included", daily("09:00-10:00", 6), ["6 9", "7 9"]],
    ["until a date, that date included", daily("09:00-10:00", undefined, 2), ["1 9", "2 9"]],
    ["on one date", daily("09:00-10:00", 3, 3), ["3 9"]],
    [
      "with an override on them",
      daily("09:00-10:00", 3, 4, { overrides: [override("2026-06-04", "12:00-13:00")] }),
      ["3 9", "4 12"],
    ],
    [
      "with an override beside them, which does not count",
      daily("09:00-10:00", 3, 3, { overrides: [override("2026-06-04", "12:00-13:00")] }),
      ["3 9"],
    ],
  ])("%s", (_name, availability, expected) => {
    expect(opens(availability)).toEqual(expected);
  });

  test("a night that begins on the last of them ends the morning after", () => {
    expect(showPeriods(availablePeriods(daily("22:00-06:00", 3, 3), period(WEEK)))).toEqual([
      "2026-06-03 22:00/2026-06-04 06:00",
    ]);
  });

  test("the dates are those of the zone", () => {
    const auckland = { ...daily("08:00-09:00", 3, 3), timeZone: "Pacific/Auckland" };
    expect(showPeriods(availablePeriods(auckland, period(WEEK)))).toEqual(["2026-06-02 20:00/21:00"]);
  });
});

describe("a season in the place of the usual hours", () => {
  test.each<[string, Availability, string[]]>([
    [
      "replaces them on its dates",
      usual([daily("11:00-12:00", 3, 5)]),
      ["1 9", "2 9", "3 11", "4 11", "5 11", "6 9", "7 9"],
    ],
    [
      "without windows closes its dates",
      usual([{ ...daily("11:00-12:00", 2, 6), weekly: [] }]),
      ["1 9", "7 9"],
    ],
    [
      "without an end holds from then on",
      usual([daily("11:00-12:00", 6)]),
      ["1 9", "2 9", "3 9", "4 9", "5 9", "6 11", "7 11"],
    ],
    [
      "without any dates always holds",
      usual([daily("11:00-12:00")]),
      ["1 11", "2 11", "3 11", "4 11", "5 11", "6 11", "7 11"],
    ],
    [
      "gives way to one that began later",
      usual([daily("13:00-14:00", 4, 5), daily("11:00-12:00", 3, 6)]),
      ["1 9", "2 9", "3 11", "4 13", "5 13", "6 11", "7 9"],
    ],
    [
      "gives way to one that ends earlier when both began together",
      usual([daily("11:00-12:00", 3), daily("13:00-14:00", 3, 4)]),
      ["1 9", "2 9", "3 13", "4 13", "5 11", "6 11", "7 11"],
    ],
    [
      "leaves a day off of the usual hours closed",
      usual([daily("11:00-12:00", 3, 5)], [override("2026-06-04")]),
      ["1 9", "2 9", "3 11", "5 11", "6 9", "7 9"],
    ],
    [
      "may say otherwise about a day off",
      usual(
        [daily("11:00-12:00", 3, 5, { overrides: [override("2026-06-04", "15:00-16:00")] })],
        [override("2026-06-04")],
      ),
      ["1 9", "2 9", "3 11", "4 15", "5 11", "6 9", "7 9"],
    ],
    [
      "says nothing by its overrides on dates on which it does not hold",
      usual([daily("11:00-12:00", 3, 3, { overrides: [override("2026-06-06", "15:00-16:00")] })]),
      ["1 9", "2 9", "3 11", "4 9", "5 9", "6 9", "7 9"],
    ],
    [
      "holds after the usual hours have ended",
      { ...usual([daily("11:00-12:00", 4)]), until: "2026-06-02" },
      ["1 9", "2 9", "4 11", "5 11", "6 11", "7 11"],
    ],
    [
      "may be meant in another zone",
      usual([{ ...daily("11:00-12:00", 3, 4), timeZone: "Asia/Tokyo" }]),
      ["1 9", "2 9", "3 2", "4 2", "5 9", "6 9", "7 9"],
    ],
  ])("%s", (_name, availability, expected) => {
    expect(opens(availability)).toEqual(expected);
  });

  test("does not depend on the order in which the records come", () => {
    const seasons = [daily("11:00-12:00", 3, 6, { rkey: "a" }), daily("13:00-14:00", 3, 6, { rkey: "b" })];
    const expected = ["1 9", "2 9", "3 13", "4 13", "5 13", "6 13", "7 9"];
    expect(opens(usual(seasons))).toEqual(expected);
    expect(opens(usual(seasons.toReversed()))).toEqual(expected);
  });
});
