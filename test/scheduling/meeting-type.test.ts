import { describe, expect, test } from "vitest";
import { durationsOf, pickDuration } from "../../scheduling/meeting-type.ts";
import { meetingType } from "./scenario.ts";

describe("the length of a meeting", () => {
  const several = meetingType({ durationMinutes: 30, moreDurations: [60, 15, 30] });

  test("is its own where nobody picks one", () => {
    expect(pickDuration(several, undefined)).toEqual({ ok: true, value: 30 });
    expect(pickDuration(meetingType({ durationMinutes: 45 }), undefined)).toEqual({ ok: true, value: 45 });
  });

  test.each([15, 30, 60])("may be picked: %d", (minutes) => {
    expect(pickDuration(several, minutes)).toEqual({ ok: true, value: minutes });
  });

  test.each([0, 45, 60.5, -15, Number.NaN])("is none but those: %d", (minutes) => {
    expect(pickDuration(several, minutes)).toEqual({
      ok: false,
      refusal: { code: "DurationNotOffered", durations: [15, 30, 60] },
    });
  });

  test("is listed once each, the shortest first", () => {
    expect(durationsOf(several)).toEqual([15, 30, 60]);
    expect(durationsOf(meetingType({ durationMinutes: 45 }))).toEqual([45]);
  });
});
