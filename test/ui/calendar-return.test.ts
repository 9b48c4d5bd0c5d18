import { expect, test } from "vitest";
import { returnNotice } from "../../ui/calendar-return.ts";

test.each([
  ["connected", "good", /is connected/],
  ["denied", "warn", /You said no/],
  ["incomplete", "warn", /not ticked.*try again/s],
  ["failed", "error", /Try again/],
  ["unreadable", "error", /could not be read.*Try again/s],
  ["something-new", "error", /Try again/],
] as const)("who comes back from Google with %s is told so", (outcome, tone, text) => {
  expect(returnNotice(`?calendar=${outcome}`)).toEqual({ tone, text: expect.stringMatching(text) });
});

test("who comes from elsewhere is told nothing", () => {
  expect(returnNotice("")).toBeUndefined();
  expect(returnNotice("?published=1")).toBeUndefined();
});
