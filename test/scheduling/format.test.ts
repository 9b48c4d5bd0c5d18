import { describe, expect, test } from "vitest";
import { formatLongDate, formatTimeRange, zoneLabel } from "../../scheduling/format.ts";
import { period, utc } from "./scenario.ts";

describe("formatting", () => {
  test.each([
    ["2026-06-01 13:00/13:30", "America/New_York", "h23", "en-US", "09:00–09:30"],
    ["2026-06-01 03:30/04:30", "America/New_York", "h23", "en-US", "23:30–00:30"],
    ["2026-06-01 13:00/13:30", "America/New_York", "h12", "en-US", "9:00 AM–9:30 AM"],
    ["2026-06-01 13:00/13:30", "Europe/Berlin", "h23", "de-DE", "15:00–15:30"],
    ["2026-11-01 05:30/06:30", "America/New_York", "h23", "en-US", "01:30 GMT−4 – 01:30 GMT−5"],
    ["2026-11-01 07:00/07:30", "America/New_York", "h23", "en-US", "02:00–02:30"],
  ] as const)("%sZ in %s (%s, %s) reads %s", (range, zone, hourCycle, locale, expected) => {
    expect(formatTimeRange(period(range), zone, hourCycle, locale).replaceAll("\u202f", " ")).toBe(expected);
  });

  test("a date is the zone's", () => {
    const instant = utc("2026-11-22 04:00");
    expect(formatLongDate(instant, "America/New_York", "en-US")).toBe("Saturday, November 21, 2026");
    expect(formatLongDate(instant, "Europe/Berlin", "de-DE")).toBe("Sonntag, 22. November 2026");
  });

  test.each([
    ["America/New_York", "2026-11-22 00:00", "New York, GMT−5"],
    ["America/New_York", "2026-06-01 00:00", "New York, GMT−4"],
    ["America/Argentina/Buenos_Aires", "2026-06-01 00:00", "Buenos Aires, GMT−3"],
    ["Asia/Kathmandu", "2026-06-01 00:00", "Kathmandu, GMT+5:45"],
    ["Europe/London", "2026-12-01 00:00", "London, GMT"],
    ["UTC", "2026-06-01 00:00", "GMT"],
    ["Etc/GMT+5", "2026-06-01 00:00", "GMT−5"],
  ])("%s at %s is %s", (zone, instant, expected) => {
    expect(zoneLabel(zone, utc(instant))).toBe(expected);
  });
});
