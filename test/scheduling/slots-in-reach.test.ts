import { describe, expect, test } from "vitest";
import type { Availability } from "../../scheduling/availability.ts";
import { judgeSlot, listSlots } from "../../scheduling/slots.ts";
import {
  EVERY_DAY,
  FREE,
  LONG_AGO,
  MINUTE_MS,
  MONDAY,
  availabilityIn,
  busyAt,
  openOn,
  period,
  question,
  showInstant,
  startsOf,
  utc,
  weekly,
} from "./scenario.ts";

const morning = (window: string): Availability => openOn(MONDAY, "UTC", window);

describe("notice and horizon", () => {
  test("a slot exactly at the end of the notice is offered, one a millisecond earlier is not", () => {
    const notice = { minimumNoticeMinutes: 60 };
    expect(startsOf(morning("09:00-10:00"), notice, FREE, utc("2026-06-01 08:00"))).toEqual([
      "09:00",
      "09:30",
    ]);
    expect(startsOf(morning("09:00-10:00"), notice, FREE, utc("2026-06-01 08:00") + 1)).toEqual(["09:30"]);
  });

  test("the horizon counts the host's dates: the whole last date is offered, whatever the hour is now", () => {
    const availability = availabilityIn("Pacific/Auckland", weekly(EVERY_DAY, "00:00-00:30", "23:30-24:00"));
    // 23:59 on Monday the 1st in Auckland, still noon of the 1st in UTC; 00:01 on the 2nd there is the same date in UTC.
    expect(startsOf(availability, { horizonDays: 1 }, FREE, utc("2026-06-01 11:59"))).toEqual([
      "12:00",
      "11:30",
    ]);
    expect(startsOf(availability, { horizonDays: 1 }, FREE, utc("2026-06-01 12:01"))).toEqual([
      "11:30",
      "12:00",
      "11:30",
    ]);
  });

  test("a last date that comes back after a fold over midnight is still within the horizon", () => {
    const availability = availabilityIn("America/St_Johns", weekly(EVERY_DAY, "23:10-23:40", "00:00-00:01"));
    const range = period("2009-11-01 00:00/2009-11-01 12:00");
    const asked = question(availability, utc("2009-10-30 16:00"), {
      durationMinutes: 1,
      slotIntervalMinutes: 15,
      horizonDays: 1,
    });
    expect(listSlots(asked, range).map(({ start }) => showInstant(start))).toEqual([
      "2009-11-01 01:40",
      "2009-11-01 01:55",
      "2009-11-01 02:40",
      "2009-11-01 02:55",
    ]);
  });
});

describe("a query", () => {
  test("asks for the slots that start in its range, wherever they end", () => {
    const asked = question(morning("09:00-11:00"), LONG_AGO);
    const starts = (text: string): string[] =>
      listSlots(asked, period(text)).map(({ start }) => showInstant(start).slice(11));
    expect(starts("2026-06-01 09:30/10:00")).toEqual(["09:30"]);
    expect(starts("2026-06-01 09:31/10:01")).toEqual(["10:00"]);
  });

  test("of a range that is empty, inverted, not a number or out of this world has no slots", () => {
    const asked = question(availabilityIn("UTC", weekly(EVERY_DAY, "00:00-24:00")), LONG_AGO);
    const bad: [number, number][] = [
      [5, 5],
      [9, 5],
      [Number.NaN, 5],
      [5, Number.NaN],
      [-8e15, -7e15],
      [8e15, 9e15],
      [1e300, Number.POSITIVE_INFINITY],
    ];
    for (const [start, end] of bad) expect(listSlots(asked, { start, end })).toEqual([]);
  });

  test("of all time ends with the horizon", () => {
    const asked = question(availabilityIn("UTC", weekly(EVERY_DAY, "09:00-10:00")), LONG_AGO, {
      durationMinutes: 60,
      horizonDays: 3650,
    });
    expect(listSlots(asked, { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY })).toHaveLength(
      3651,
    );
  });
});

describe("judging one slot", () => {
  const now = utc("2026-06-01 08:00");
  const everyDay = availabilityIn("UTC", weekly(EVERY_DAY, "09:00-12:00"));
  const rules = { minimumNoticeMinutes: 90, horizonDays: 2 };
  const busy = busyAt("2026-06-01 09:00/12:00", "2026-06-02 09:00/10:00", "2026-06-04 09:00/10:00");

  test.each([
    ["2026-06-02 10:00", undefined],
    ["2026-06-03 11:30", undefined],
    ["2026-06-03 11:45", { code: "OutsideAvailability" }],
    ["2026-06-02 12:00", { code: "OutsideAvailability" }],
    ["2026-06-02 08:30", { code: "OutsideAvailability" }],
    ["2026-05-01 08:30", { code: "OutsideAvailability" }],
    ["2026-05-01 09:00", { code: "TooSoon", minimumNoticeMinutes: 90 }],
    ["2026-06-01 09:00", { code: "TooSoon", minimumNoticeMinutes: 90 }],
    ["2026-06-01 09:30", { code: "SlotTaken" }],
    ["2026-06-02 09:30", { code: "SlotTaken" }],
    ["2026-06-04 09:00", { code: "BeyondHorizon", horizonDays: 2 }],
    ["2031-06-04 09:00", { code: "BeyondHorizon", horizonDays: 2 }],
  ])("%s: %j", (start, refusal) => {
    const at = utc(start);
    expect(judgeSlot(question(everyDay, now, rules, busy), at)).toEqual(
      refusal === undefined
        ? { ok: true, value: { start: at, end: at + 30 * MINUTE_MS } }
        : { ok: false, refusal },
    );
  });

  test("an inactive meeting type is refused before everything else and lists nothing", () => {
    const asked = question(everyDay, now, { ...rules, active: false }, busy);
    expect(judgeSlot(asked, 0)).toEqual({ ok: false, refusal: { code: "MeetingTypeInactive" } });
    expect(listSlots(asked, period("2026-06-01 00:00/2026-06-05 00:00"))).toEqual([]);
  });

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1e300,
    2 ** 60,
    8.64e15,
    utc("2026-06-02 10:00") + 0.5,
    utc("2026-06-02 10:00") - 0.5,
    utc("2026-06-02 10:00") + 1,
  ])("%d is no start on the grid", (start) => {
    expect(judgeSlot(question(everyDay, now, rules), start)).toEqual({
      ok: false,
      refusal: { code: "OutsideAvailability" },
    });
  });
});
