/** Cases worked out by hand, as a table: what a host publishes, and the instants it means. All instants are UTC. */

import { describe, expect, test } from "vitest";
import type { Availability } from "../../scheduling/availability.ts";
import { availablePeriods } from "../../scheduling/available-periods.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import { listSlots } from "../../scheduling/slots.ts";
import {
  DAY_MS,
  EVERY_DAY,
  FREE,
  availabilityIn,
  busyAt,
  openOn,
  override,
  period,
  question,
  showInstant,
  showPeriods,
  startsOf,
  utc,
  weekly,
} from "./scenario.ts";

describe("windows", () => {
  const openDaily = (zone: string, window: string): Availability =>
    availabilityIn(zone, weekly(EVERY_DAY, window));

  test.each<[name: string, availability: Availability, range: string, expected: string[]]>([
    [
      "an afternoon keeps its hours through the days around a change in the morning",
      openDaily("America/New_York", "13:00-18:00"),
      "2026-03-06 12:00/2026-03-10 12:00",
      [
        "2026-03-06 18:00/23:00",
        "2026-03-07 18:00/23:00",
        "2026-03-08 17:00/22:00",
        "2026-03-09 17:00/22:00",
      ],
    ],
    [
      "a working day keeps its hours when clocks go back",
      openDaily("America/New_York", "09:00-17:00"),
      "2026-10-31 00:00/2026-11-02 00:00",
      ["2026-10-31 13:00/21:00", "2026-11-01 14:00/22:00"],
    ],
    [
      "a window over a gap is shorter by it",
      openOn("2026-03-08", "America/New_York", "01:00-04:00"),
      "2026-03-08 00:00/2026-03-09 00:00",
      ["2026-03-08 06:00/08:00"],
    ],
    [
      "a window that is the gap is empty",
      openOn("2026-03-08", "America/New_York", "02:00-03:00"),
      "2026-03-08 00:00/2026-03-09 00:00",
      [],
    ],
    [
      "a window inside the gap is empty, and not moved to where nobody offered it",
      openOn("2026-03-08", "America/New_York", "02:00-02:30"),
      "2026-03-08 00:00/2026-03-09 00:00",
      [],
    ],
    [
      "a window over a fold is longer by it",
      openOn("2026-11-01", "America/New_York", "00:30-02:00"),
      "2026-11-01 00:00/2026-11-02 00:00",
      ["2026-11-01 04:30/07:00"],
    ],
    [
      "a night in which clocks go back has nine hours",
      openOn("2026-10-24", "Europe/Berlin", "22:00-06:00"),
      "2026-10-24 00:00/2026-10-26 00:00",
      ["2026-10-24 20:00/2026-10-25 05:00"],
    ],
    [
      "a night in which clocks go forward has seven",
      openOn("2026-03-28", "Europe/Berlin", "22:00-06:00"),
      "2026-03-28 00:00/2026-03-30 00:00",
      ["2026-03-28 21:00/2026-03-29 04:00"],
    ],
    [
      "a zone at three quarters of an hour",
      openDaily("Asia/Kathmandu", "09:00-17:00"),
      "2026-06-01 00:00/2026-06-02 00:00",
      ["2026-06-01 03:15/11:15"],
    ],
    [
      "Monday morning in Auckland is found on a UTC Sunday",
      availabilityIn("Pacific/Auckland", weekly(["mo"], "08:00-10:00")),
      "2026-05-31 00:00/2026-06-01 00:00",
      ["2026-05-31 20:00/22:00"],
    ],
    [
      "windows of two dates that meet at midnight are one",
      availabilityIn("UTC", weekly([]), [
        override("2026-06-01", "22:00-24:00"),
        override("2026-06-02", "00:00-02:00"),
      ]),
      "2026-06-01 00:00/2026-06-03 00:00",
      ["2026-06-01 22:00/2026-06-02 02:00"],
    ],
  ])("%s", (_name, availability, range, expected) => {
    expect(showPeriods(availablePeriods(availability, period(range)))).toEqual(expected);
  });
});

describe("slots", () => {
  const june = (window: string): Availability => openOn("2026-06-01", "UTC", window);

  test.each<
    [
      name: string,
      availability: Availability,
      changes: Partial<MeetingType>,
      occupancy: typeof FREE,
      now: string,
      expected: string[],
    ]
  >([
    [
      "over a gap: local 01:00, 01:30, 03:00, 03:30",
      openOn("2026-03-08", "America/New_York", "01:00-04:00"),
      {},
      FREE,
      "2026-03-01 00:00",
      ["06:00", "06:30", "07:00", "07:30"],
    ],
    [
      "over a fold: local 00:30, then 01:00 and 01:30 twice each",
      openOn("2026-11-01", "America/New_York", "00:30-02:00"),
      {},
      FREE,
      "2026-10-01 00:00",
      ["04:30", "05:00", "05:30", "06:00", "06:30"],
    ],
    [
      "are never snapped to half hours of UTC",
      openOn("2026-06-01", "Asia/Kathmandu", "09:00-10:30"),
      {},
      FREE,
      "2026-05-01 00:00",
      ["03:15", "03:45", "04:15"],
    ],
    [
      "with an hour's notice at 08:50 stay on the window's grid",
      june("09:00-12:00"),
      { minimumNoticeMinutes: 60 },
      FREE,
      "2026-06-01 08:50",
      ["10:00", "10:30", "11:00", "11:30"],
    ],
    [
      "with an hour's notice at 08:50 stay on a grid of 45 minutes",
      june("09:00-12:00"),
      { minimumNoticeMinutes: 60, slotIntervalMinutes: 45 },
      FREE,
      "2026-06-01 08:50",
      ["10:30", "11:15"],
    ],
    [
      "keep both buffers from busy time, inside the window or not",
      june("09:00-12:00"),
      { slotIntervalMinutes: 15, bufferBeforeMinutes: 15, bufferAfterMinutes: 10 },
      busyAt("2026-06-01 10:00/11:00"),
      "2026-05-01 00:00",
      ["09:00", "09:15", "11:15", "11:30"],
    ],
    [
      "may span midnight where two dates' windows meet",
      availabilityIn("UTC", weekly([]), [
        override("2026-06-01", "22:00-24:00"),
        override("2026-06-02", "00:00-02:00"),
      ]),
      { durationMinutes: 60, slotIntervalMinutes: 30 },
      FREE,
      "2026-05-01 00:00",
      ["22:00", "22:30", "23:00", "23:30", "00:00", "00:30", "01:00"],
    ],
    [
      "go around busy time that is off the grid",
      june("09:00-10:30"),
      { slotIntervalMinutes: 15 },
      busyAt("2026-06-01 09:10/09:20"),
      "2026-05-01 00:00",
      ["09:30", "09:45", "10:00"],
    ],
  ])("%s", (_name, availability, changes, occupancy, now, expected) => {
    expect(startsOf(availability, changes, occupancy, utc(now))).toEqual(expected);
  });

  test("of a single date are offered without any weekly hours", () => {
    const availability = availabilityIn("Europe/Lisbon", weekly([]), [
      override("2026-06-13", "10:00-11:00"),
      override("2026-07-04", "20:00-21:00"),
    ]);
    const asked = question(availability, utc("2026-06-01 00:00"));
    const range = { start: utc("2026-06-01 00:00"), end: utc("2026-06-01 00:00") + 62 * DAY_MS };
    expect(listSlots(asked, range).map(({ start }) => showInstant(start))).toEqual([
      "2026-06-13 09:00",
      "2026-06-13 09:30",
      "2026-07-04 19:00",
      "2026-07-04 19:30",
    ]);
  });
});
