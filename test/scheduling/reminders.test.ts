import { expect, it } from "vitest";
import { remindersAhead, stillReminds } from "../../scheduling/reminders.ts";

const HOUR_MS = 60 * 60_000;
const start = Date.parse("2026-11-30T12:00:00Z");
const confirmed = { status: "confirmed", start } as const;

it.each([
  ["three days", 72 * HOUR_MS, ["day", "hour"]],
  ["a day and a moment", 24 * HOUR_MS + 1, ["day", "hour"]],
  ["a day", 24 * HOUR_MS, ["hour"]],
  ["five hours", 5 * HOUR_MS, ["hour"]],
  ["an hour", HOUR_MS, []],
  ["half an hour", HOUR_MS / 2, []],
  ["less than no time", -HOUR_MS, []],
])("%s before the start, what is ahead is only what has not passed", (_name, before, leads) => {
  expect(remindersAhead(confirmed, start - before).map(({ lead }) => lead)).toEqual(leads);
});

it("reminds a day and an hour before the start, to the millisecond", () => {
  expect(remindersAhead(confirmed, 0)).toEqual([
    { lead: "day", dueAt: start - 24 * HOUR_MS },
    { lead: "hour", dueAt: start - HOUR_MS },
  ]);
});

it.each(["pending", "declined", "cancelled", "expired"] as const)("never reminds of what is %s", (status) => {
  expect(remindersAhead({ status, start }, 0)).toEqual([]);
  expect(stillReminds({ status, start }, start, 0)).toBe(false);
});

it("still reminds late, but not once it has begun, nor of a start it was moved from", () => {
  expect(stillReminds(confirmed, start, start - 1)).toBe(true);
  expect(stillReminds(confirmed, start, start)).toBe(false);
  expect(stillReminds(confirmed, start - HOUR_MS, 0)).toBe(false);
});
