import { expect, test } from "vitest";
import { pendingHoursFrom } from "../../ui/pending-hours.ts";

test.each([
  ["1", 1],
  [" 48 ", 48],
  ["336", 336],
])("%j are hours", (typed, value) => {
  expect(pendingHoursFrom(typed)).toEqual({ ok: true, value });
});

test.each(["", "0", "337", "1000", "1.5", "-3", "two", "4 8"])("%j are none", (typed) => {
  expect(pendingHoursFrom(typed)).toEqual({
    ok: false,
    error: "Enter a whole number of hours from 1 to 336.",
  });
});
