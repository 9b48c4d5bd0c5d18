import { describe, expect, test } from "vitest";
import { durationsFromText, namesDuration, toggleDuration } from "../../ui/duration-list.ts";

describe("other lengths as typed", () => {
  test.each([
    ["", []],
    [" 60, 15 ", [15, 60]],
    ["15 45;90", [15, 45, 90]],
    ["15,,15,", [15]],
    ["30, 60", [60]],
    ["5, 1440", [5, 1440]],
  ])("%j become %j, without duplicates and the main length of 30", (typed, value) => {
    expect(durationsFromText(typed, 30)).toEqual({ ok: true, value });
  });

  test.each(["4", "1441", "15.5", "1e2", "-15", "1 h", "15, soon"])("%j are refused", (typed) => {
    expect(durationsFromText(typed, 30).ok).toBe(false);
  });

  test("are at most ten, not counting what is dropped", () => {
    const ten = Array.from({ length: 10 }, (_, index) => 35 + index * 5).join(",");
    expect(durationsFromText(`${ten}, 30, 35`, 30).ok).toBe(true);
    expect(durationsFromText(`${ten}, 15`, 30).ok).toBe(false);
  });
});

describe("a tap on a common length", () => {
  test.each([
    ["", 15, "15"],
    ["15, 60", 45, "15, 45, 60"],
    ["15,60", 60, "15"],
    ["60 , 15, 60", 60, "15"],
    ["15, soon", 45, "15, soon, 45"],
  ])("changes %j by %i to %j", (typed, minutes, after) => {
    expect(toggleDuration(typed, minutes)).toBe(after);
    expect(namesDuration(after, minutes)).toBe(!namesDuration(typed, minutes));
  });
});
