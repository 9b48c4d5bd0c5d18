import { describe, expect, test } from "vitest";
import { durationsLabel, noticeLabel } from "../../ui/clock-format.ts";
import { durationsOf, minutesBetween, pickedDuration } from "../../ui/duration-choice.ts";

const SEVERAL = { durationMinutes: 30, moreDurations: [60, 15, 30] };

describe("the lengths of a meeting", () => {
  test("are all on offer once, the shortest first", () => {
    expect(durationsOf(SEVERAL)).toEqual([15, 30, 60]);
    expect(durationsOf({ durationMinutes: 45 })).toEqual([45]);
  });

  test.each([
    ["?duration=60", 60],
    ["?booked=abc&duration=15", 15],
    ["", 30],
    ["?duration=45", 30],
    ["?duration=060", 30],
    ["?duration=sixty", 30],
    ["?duration=", 30],
  ])("are picked by the address %j: %i min", (search, minutes) => {
    expect(pickedDuration(SEVERAL, search)).toBe(minutes);
  });

  test("last from a start to an end, however the instants are written", () => {
    expect(minutesBetween("2026-11-24T09:00:00Z", "2026-11-24T10:30:00.000+01:00")).toBe(30);
  });

  test.each([
    [[30], "30 min"],
    [[60], "1 h"],
    [[15, 30], "15 or 30 min"],
    [[15, 30, 60], "15, 30 or 60 min"],
    [[30, 90, 120], "30 min, 1 h 30 min or 2 h"],
  ])("%j read as %j", (minutes, label) => {
    expect(durationsLabel(minutes)).toBe(label);
  });
});

test.each([
  [0, "0 min"],
  [240, "4 h"],
  [1440, "24 h"],
  [2880, "2 days"],
  [2940, "49 h"],
])("%i minutes of notice read as %j", (minutes, label) => {
  expect(noticeLabel(minutes)).toBe(label);
});
