import { expect, test } from "vitest";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import { decisivePeriod } from "../../scheduling/slot-question.ts";
import { meetingType, period, showPeriods } from "./scenario.ts";

test.each<[string, Partial<MeetingType>, string]>([
  ["as long as the last slot", {}, "2026-06-10 09:00/12:45"],
  [
    "with the buffers around the slots",
    { bufferBeforeMinutes: 20, bufferAfterMinutes: 10 },
    "2026-06-10 08:40/12:55",
  ],
  ["with the days of a daily limit", { maxPerDay: 1 }, "2026-06-08 09:00/2026-06-12 12:00"],
  ["with the weeks of a weekly limit", { maxPerDay: 1, maxPerWeek: 1 }, "2026-06-02 09:00/2026-06-18 12:00"],
  [
    "with buffers longer than the days of a limit",
    { maxPerDay: 1, bufferBeforeMinutes: 3 * 1440, bufferAfterMinutes: 3 * 1440 },
    "2026-06-07 09:00/2026-06-13 12:45",
  ],
])("what decides about slots is looked for %s", (_name, changes, expected) => {
  const range = period("2026-06-10 09:00/12:00");
  expect(showPeriods([decisivePeriod(meetingType(changes), 45, range)])).toEqual([expected]);
});
