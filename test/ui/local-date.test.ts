import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  lastDateOf,
  monthGrid,
  monthOf,
  moveByKey,
  weekdayOf,
} from "../../ui/local-date.ts";

const MONDAY_FIRST = 0;
const SUNDAY_FIRST = 6;

describe("a month grid", () => {
  test("starts on the reader's first weekday and leaves other months' days out", () => {
    expect(monthGrid("2026-11", MONDAY_FIRST)[0]).toEqual([
      ...Array.from({ length: 6 }, () => undefined),
      "2026-11-01",
    ]);
    expect(monthGrid("2026-11", SUNDAY_FIRST)[0]?.[0]).toBe("2026-11-01");
    expect(monthGrid("2026-11", MONDAY_FIRST).at(-1)?.[0]).toBe("2026-11-30");
  });

  test.each(["2024-02", "2026-02", "2026-11", "2026-12", "2027-08", "1999-12"])(
    "shows every day of %s once, in whole weeks, under its weekday",
    (month) => {
      for (let firstWeekday = 0; firstWeekday < 7; firstWeekday += 1) {
        const weeks = monthGrid(month, firstWeekday);
        const dates = weeks.flat().filter((date) => date !== undefined);
        const expected = [];
        for (let date = `${month}-01`; monthOf(date) === month; date = addDays(date, 1)) expected.push(date);
        expect(dates).toEqual(expected);
        for (const week of weeks) {
          expect(week).toHaveLength(7);
          expect(week.some((date) => date !== undefined)).toBe(true);
          for (const [column, date] of week.entries()) {
            if (date !== undefined) expect(weekdayOf(date)).toBe((firstWeekday + column) % 7);
          }
        }
      }
    },
  );
});

describe("dates", () => {
  test("months carry over years both ways", () => {
    expect(addMonths("2026-12", 1)).toBe("2027-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    expect(addMonths("2026-01", -13)).toBe("2024-12");
  });

  test("a month ends on its last date, leap years included", () => {
    expect(["2024-02", "2025-02", "2026-04", "2026-12"].map(lastDateOf)).toEqual([
      "2024-02-29",
      "2025-02-28",
      "2026-04-30",
      "2026-12-31",
    ]);
  });
});

describe("keys in the grid", () => {
  test.each([
    ["ArrowLeft", "2026-11-30"],
    ["ArrowRight", "2026-12-02"],
    ["ArrowUp", "2026-11-24"],
    ["ArrowDown", "2026-12-08"],
    ["Home", "2026-11-30"],
    ["End", "2026-12-06"],
    ["PageUp", "2026-11-01"],
    ["PageDown", "2027-01-01"],
  ])("%s moves from Tuesday 1 December to %s", (key, expected) => {
    expect(moveByKey("2026-12-01", key, MONDAY_FIRST)).toBe(expected);
  });

  test("paging from the 31st stays within the shorter month", () => {
    expect(moveByKey("2027-01-31", "PageDown", MONDAY_FIRST)).toBe("2027-02-28");
  });

  test("other keys mean nothing", () => {
    expect(moveByKey("2026-12-01", "a", MONDAY_FIRST)).toBeUndefined();
  });
});
