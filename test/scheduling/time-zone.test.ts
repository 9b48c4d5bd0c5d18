import { describe, expect, test } from "vitest";
import {
  COVERED,
  addDays,
  isKnownTimeZone,
  localDateOf,
  offsetAt,
  offsetSegments,
  parseLocalDate,
  startOfLocalDate,
} from "../../scheduling/time-zone.ts";
import { wallClock } from "./minute-table.ts";
import { DAY_MS, showInstant, utc } from "./scenario.ts";

describe("time zone names", () => {
  test.each([
    "UTC",
    "Europe/Berlin",
    "europe/berlin",
    "America/Argentina/Buenos_Aires",
    "Etc/GMT+5",
    "EST5EDT",
  ])("%s is known", (zone) => {
    expect(isKnownTimeZone(zone)).toBe(true);
    expect(isKnownTimeZone(zone)).toBe(true);
  });

  test.each([
    "",
    " ",
    "Mars/Olympus",
    "+05:30",
    "GMT+25",
    "Europe/Berlin\n",
    "../etc/passwd",
    "x".repeat(9999),
    "\0",
  ])("%j is not known, and asking does not throw", (zone) => {
    expect(isKnownTimeZone(zone)).toBe(false);
  });

  test("a value that is no string is not known, although Intl would take undefined for the machine's own zone", () => {
    for (const value of [undefined, null, 5, {}, []])
      expect(Reflect.apply(isKnownTimeZone, undefined, [value])).toBe(false);
  });

  test("offsets in an unknown zone are a bug, not UTC", () => {
    expect(() => offsetAt(0, "Mars/Olympus")).toThrow(RangeError);
  });
});

describe("offsets from 1970 to 2100", () => {
  // Seconds (Monrovia), half hours (Lord Howe), the date line (Apia, Kwajalein), 00:01 (St. John's), Ramadan (Gaza,
  // Casablanca), two changes a week apart (Boa Vista), a negative summer time (Dublin), no summer time at all.
  test.each([
    "Africa/Monrovia",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "America/St_Johns",
    "Asia/Gaza",
    "Africa/Casablanca",
    "America/Boa_Vista",
    "Europe/Dublin",
    "Asia/Kathmandu",
  ])("%s agrees with the wall clock, and changes at the very second", (zone) => {
    const clock = wallClock(zone);
    const segments = offsetSegments(zone, COVERED);
    expect(segments[0]!.start).toBe(COVERED.start);
    expect(segments.at(-1)!.end).toBeGreaterThanOrEqual(COVERED.end);
    for (const [index, { start, end, offset }] of segments.entries()) {
      expect(clock(start) - start).toBe(offset);
      expect(clock(end - 1000) - (end - 1000)).toBe(offset);
      if (index > 0) {
        expect(start).toBe(segments[index - 1]!.end);
        expect(offset).not.toBe(segments[index - 1]!.offset);
      }
    }
    let wrong = 0;
    for (let at = COVERED.start; at < COVERED.end; at += 3.25 * DAY_MS) {
      if (offsetAt(at, zone) !== clock(at) - at) wrong += 1;
    }
    expect(wrong).toBe(0);
  });

  test("outside these years the nearest offset holds and nothing throws", () => {
    expect(offsetAt(utc("1900-01-01 00:00"), "Europe/Berlin")).toBe(3_600_000);
    expect(offsetAt(8.64e15, "Europe/Berlin")).toBe(3_600_000);
    expect(offsetSegments("Europe/Berlin", { start: -1e15, end: -9e14 })).toMatchObject([{ start: -1e15 }]);
  });
});

describe("local dates", () => {
  test.each([
    ["2026-11-22 04:59", "America/New_York", "2026-11-21"],
    ["2026-11-22 05:00", "America/New_York", "2026-11-22"],
    ["2026-05-31 20:00", "Pacific/Auckland", "2026-06-01"],
    ["2026-05-31 18:14", "Asia/Kathmandu", "2026-05-31"],
    ["2026-05-31 18:15", "Asia/Kathmandu", "2026-06-01"],
    ["2011-12-30 10:00", "Pacific/Apia", "2011-12-31"],
  ])("%sZ in %s is on %s", (instant, zone, date) => {
    expect(localDateOf(utc(instant), zone)).toBe(date);
  });

  test.each([
    ["2026-03-08", "America/New_York", "2026-03-08 05:00"],
    ["2026-03-29", "Asia/Beirut", "2026-03-28 22:00"],
    ["2026-11-01", "America/Havana", "2026-11-01 04:00"],
    ["2009-11-01", "America/St_Johns", "2009-11-01 02:30"],
    ["2011-12-30", "Pacific/Apia", "2011-12-30 10:00"],
    ["2011-12-31", "Pacific/Apia", "2011-12-30 10:00"],
  ])("%s in %s begins at %sZ", (date, zone, instant) => {
    expect(showInstant(startOfLocalDate(date, zone))).toBe(instant);
  });

  test("days are added across months and leap days", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(() => addDays("2026-02-30", 1)).toThrow(RangeError);
  });

  test.each([
    "2026-02-29",
    "2026-02-30",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-1-1",
    "26-01-01",
    "",
    "2026-01-01T00:00",
  ])("%j is not a date", (date) => {
    expect(parseLocalDate(date)).toBeUndefined();
  });
});
