import { describe, expect, test } from "vitest";
import {
  asksForAnotherTime,
  problemText,
  refusesBookingToo,
  saysHostChanged,
} from "../../ui/refusal-meaning.ts";

test.each([
  ["SlotTaken", true],
  ["HoldExpired", true],
  ["LimitReached", true],
  ["DurationNotOffered", true],
  ["NotAllowed", false],
  ["TooManyPending", false],
  ["MeetingTypeInactive", false],
])("after %s another time or length may do: %j", (code, expected) => {
  expect(asksForAnotherTime(code)).toBe(expected);
});

test.each([
  ["SlotTaken", true],
  ["TooSoon", true],
  ["NotAllowed", true],
  ["TooManyPending", true],
  ["MeetingTypeInactive", true],
  ["Offline", false],
  ["TooManyRequests", false],
  ["InternalError", false],
  ["NotFound", false],
  ["RequestIdReused", false],
])("a hold that fails with %s says that a booking would fail as well: %j", (code, expected) => {
  expect(refusesBookingToo(code)).toBe(expected);
});

test.each([
  ["MeetingTypeInactive", true],
  ["DurationNotOffered", true],
  ["SlotTaken", false],
])("%s means that the host offers something else now: %j", (code, expected) => {
  expect(saysHostChanged(code)).toBe(expected);
});

describe("somebody who is led back to the times", () => {
  const chosen = "Tuesday 24 November 2026, 10:00";

  test("is told which time was taken", () => {
    expect(problemText({ error: "SlotTaken", message: "Taken." }, chosen)).toBe(
      "Tuesday 24 November 2026, 10:00 was just taken. Here are the times that are still free.",
    );
  });

  test("is told that their hold had run out", () => {
    expect(problemText({ error: "HoldExpired", message: "Gone." }, chosen)).toMatch(
      /^Your five minutes were over, and Tuesday 24 November 2026, 10:00 was given to somebody else\./,
    );
  });

  test("reads any other reason in the worker's words", () => {
    expect(problemText({ error: "TooSoon", message: "Choose a later slot." }, chosen)).toBe(
      "Choose a later slot.",
    );
  });
});
