import { describe, expect, test } from "vitest";
import {
  DEFAULT_HOURS,
  endsNextDay,
  hoursFromWeekly,
  nextWindow,
  overnightLabel,
  summaryOf,
  timeChoices,
  weeklyFromHours,
} from "../../ui/weekly-hours.ts";

describe("weekly hours", () => {
  test("share an entry where weekdays have the same window", () => {
    expect(weeklyFromHours(DEFAULT_HOURS)).toEqual([
      { days: ["mo", "tu", "we", "th", "fr"], start: "09:00", end: "17:00" },
    ]);
  });

  test("come back from the record as they were, whatever its order", () => {
    const weekly = [
      { days: ["fr", "mo"], start: "13:00", end: "24:00" },
      { days: ["mo"], start: "09:00", end: "12:00" },
      { days: ["someday"], start: "01:00", end: "02:00" },
    ];
    const hours = hoursFromWeekly(weekly);
    expect(hours.mo).toEqual([
      { start: "09:00", end: "12:00" },
      { start: "13:00", end: "24:00" },
    ]);
    expect(hoursFromWeekly(weeklyFromHours(hours))).toEqual(hours);
  });

  test("read as one line", () => {
    const weekly = [
      { days: ["mo", "tu", "we"], start: "09:00", end: "17:00" },
      { days: ["fr", "su"], start: "10:00", end: "12:00" },
    ];
    expect(summaryOf(weekly, (time) => time)).toBe("Mon–Wed 09:00–17:00, Fri, Sun 10:00–12:00");
    expect(summaryOf([], (time) => time)).toBe("No weekly hours");
  });

  test("say in that line when a window ends on the next day", () => {
    const late = [{ days: ["fr"], start: "22:00", end: "02:00" }];
    expect(summaryOf(late, (time) => time)).toBe("Fri 22:00–02:00 next day");
  });
});

describe("windows", () => {
  test.each([
    [[], { start: "09:00", end: "17:00" }],
    [[{ start: "09:00", end: "12:00" }], { start: "13:00", end: "14:00" }],
    [[{ start: "09:00", end: "24:00" }], { start: "23:00", end: "24:00" }],
  ])("after %j the next proposed is %j", (windows, expected) => {
    expect(nextWindow(windows)).toEqual(expected);
  });

  test("end the next day when they end at or before their start", () => {
    expect(endsNextDay({ start: "22:00", end: "02:00" })).toBe(true);
    expect(endsNextDay({ start: "09:00", end: "09:00" })).toBe(true);
    expect(endsNextDay({ start: "09:00", end: "24:00" })).toBe(false);
  });

  test("past midnight say on which day they end", () => {
    const label = (start: string, end: string) =>
      overnightLabel({ start, end }, "on Tuesday", (time) => `${time} h`);
    expect(label("22:00", "02:00")).toBe("22:00 h to 02:00 h on Tuesday");
    expect(label("09:00", "09:00")).toBe("09:00 h to 09:00 h on Tuesday, 24 hours");
    expect(label("22:00", "24:00")).toBeUndefined();
  });

  test("offer quarter hours, the end of the day, and the odd time a record has", () => {
    expect(timeChoices("09:00", false)).toHaveLength(96);
    expect(timeChoices("09:00", true).at(-1)).toBe("24:00");
    expect(timeChoices("09:10", false).slice(36, 39)).toEqual(["09:00", "09:10", "09:15"]);
  });
});
