import { describe, expect, test } from "vitest";
import type { Availability } from "../../scheduling/availability.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import { listSlots } from "../../scheduling/slots.ts";
import type { Occupancy } from "../../scheduling/slot-question.ts";
import {
  FREE,
  MONDAY,
  availabilityIn,
  busyAt,
  openOn,
  override,
  period,
  question,
  showInstant,
  utc,
  startsOf,
  weekly,
} from "./scenario.ts";

const morning = (window: string): Availability => openOn(MONDAY, "UTC", window);
const booking = (text: string, bufferBeforeMinutes: number, bufferAfterMinutes: number): Occupancy => ({
  ...FREE,
  bookings: [
    { uid: "1", meetingTypeRkey: "3lother", ...period(text), bufferBeforeMinutes, bufferAfterMinutes },
  ],
});

describe("the grid", () => {
  test.each<[string, Availability, Partial<MeetingType>, string[]]>([
    [
      "begins anew with the second piece of a window that comes twice",
      openOn("2026-11-01", "America/New_York", "01:10-01:50"),
      { durationMinutes: 20 },
      ["05:10", "05:30", "06:10", "06:30"],
    ],
    [
      "is anchored at the window when that begins in a gap",
      openOn("2026-03-08", "America/New_York", "02:10-04:00"),
      { durationMinutes: 40 },
      ["07:00"],
    ],
    [
      "steps by the interval, and the last slot ends with the window",
      morning("09:00-10:30"),
      { durationMinutes: 45, slotIntervalMinutes: 15 },
      ["09:00", "09:15", "09:30", "09:45"],
    ],
    [
      "may step further than the duration",
      morning("09:00-12:00"),
      { durationMinutes: 30, slotIntervalMinutes: 60 },
      ["09:00", "10:00", "11:00"],
    ],
    ["has nothing when the window is a minute too short", morning("09:00-09:29"), {}, []],
    ["has one slot when the window just fits", morning("09:00-09:30"), {}, ["09:00"]],
    [
      "begins anew with each window",
      openOn(MONDAY, "UTC", "09:00-10:10", "11:00-12:00"),
      {},
      ["09:00", "09:30", "11:00", "11:30"],
    ],
    [
      "does not begin anew where windows of one date touch",
      openOn(MONDAY, "UTC", "09:00-09:45", "09:45-11:00"),
      {},
      ["09:00", "09:30", "10:00", "10:30"],
    ],
    [
      "begins anew with the next date even when its window touches",
      availabilityIn("UTC", weekly([]), [
        override(MONDAY, "23:00-24:00"),
        override("2026-06-02", "00:00-01:10"),
      ]),
      { durationMinutes: 25 },
      ["23:00", "23:25", "23:50", "00:00", "00:25"],
    ],
    [
      "joins the grids of a night and of the morning it runs into, each start once",
      availabilityIn("UTC", weekly([]), [
        override(MONDAY, "23:00-01:00"),
        override("2026-06-02", "00:10-01:30"),
      ]),
      { durationMinutes: 30, slotIntervalMinutes: 20 },
      ["23:00", "23:20", "23:40", "00:00", "00:10", "00:20", "00:30", "00:40", "00:50"],
    ],
    [
      "offers a start once where the night's last is the morning's first",
      availabilityIn("UTC", weekly([]), [
        override(MONDAY, "23:00-00:30"),
        override("2026-06-02", "00:00-02:00"),
      ]),
      { durationMinutes: 60 },
      ["23:00", "00:00", "01:00"],
    ],
    [
      "is one where a gap makes two windows of its date touch",
      openOn("2026-03-08", "America/New_York", "01:00-02:00", "03:00-04:00"),
      { durationMinutes: 40 },
      ["06:00", "06:40", "07:20"],
    ],
  ])("%s", (_name, availability, changes, expected) => {
    expect(startsOf(availability, changes)).toEqual(expected);
  });

  test("does not lend a date's minute before a fold to the date that comes back after it", () => {
    const availability = availabilityIn("America/St_Johns", weekly([]), [
      override("2009-10-31", "23:10-23:40"),
      override("2009-11-01", "00:00-00:01"),
    ]);
    const asked = question(availability, utc("2009-10-31 00:00"), {
      durationMinutes: 5,
      slotIntervalMinutes: 15,
    });
    const starts = listSlots(asked, period("2009-11-01 00:00/12:00")).map(({ start }) => showInstant(start));
    expect(starts.map((start) => start.slice(11))).toEqual(["01:40", "01:55", "02:40", "02:55"]);
  });
});

describe("what is taken", () => {
  test.each<[string, string, Partial<MeetingType>, Occupancy, string[]]>([
    [
      "busy time that only touches",
      "09:00-10:30",
      {},
      busyAt("2026-06-01 08:00/09:00", "2026-06-01 09:30/10:00"),
      ["09:00", "10:00"],
    ],
    [
      "busy time with no length",
      "09:00-10:30",
      {},
      busyAt("2026-06-01 09:10/09:10"),
      ["09:00", "09:30", "10:00"],
    ],
    [
      "overlapping busy times in any order",
      "09:00-12:00",
      {},
      busyAt("2026-06-01 10:40/11:10", "2026-06-01 09:00/09:10", "2026-06-01 09:05/10:50"),
      ["11:30"],
    ],
    [
      "a booking: its own buffers count when the slot has none",
      "09:00-12:00",
      {},
      booking("2026-06-01 10:00/10:30", 20, 40),
      ["09:00", "11:30"],
    ],
    [
      "a booking: the slot's buffers count when it has none",
      "09:00-12:00",
      { bufferBeforeMinutes: 40, bufferAfterMinutes: 20 },
      booking("2026-06-01 10:00/10:30", 0, 0),
      ["09:00", "11:30"],
    ],
    [
      "a booking: equal buffers are shared, not stacked",
      "09:00-12:00",
      { bufferBeforeMinutes: 30, bufferAfterMinutes: 30 },
      booking("2026-06-01 10:00/10:30", 30, 30),
      ["09:00", "11:00", "11:30"],
    ],
    [
      "a booking: the larger of two facing buffers is kept",
      "09:00-12:00",
      { slotIntervalMinutes: 15, bufferBeforeMinutes: 15, bufferAfterMinutes: 30 },
      booking("2026-06-01 10:00/10:30", 15, 45),
      ["09:00", "11:15", "11:30"],
    ],
    [
      "buffers may reach outside the windows",
      "09:00-10:00",
      { bufferBeforeMinutes: 60, bufferAfterMinutes: 60 },
      FREE,
      ["09:00", "09:30"],
    ],
    [
      "busy time outside the windows takes what a buffer needs",
      "09:00-10:00",
      { bufferBeforeMinutes: 10 },
      busyAt("2026-06-01 08:00/08:51"),
      ["09:30"],
    ],
  ])("%s", (_name, window, changes, occupancy, expected) => {
    expect(startsOf(morning(window), changes, occupancy)).toEqual(expected);
  });

  test("a millisecond of overlap takes a slot, on either side", () => {
    const nine = utc("2026-06-01 09:00");
    const halfPast = utc("2026-06-01 09:30");
    const around = (end: number, start: number): string[] =>
      startsOf(
        morning("09:00-09:30"),
        {},
        {
          ...FREE,
          busy: [
            { start: nine - 9, end },
            { start, end: halfPast + 9 },
          ],
        },
      );
    expect(around(nine, halfPast)).toEqual(["09:00"]);
    expect(around(nine + 1, halfPast)).toEqual([]);
    expect(around(nine, halfPast - 1)).toEqual([]);
  });
});
