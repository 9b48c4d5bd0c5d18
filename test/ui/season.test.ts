import { expect, test } from "vitest";
import { hoursSummary, replaceableBy, seasonsOf } from "../../ui/season.ts";
import type { AvailabilityJson } from "../../worker/wire.ts";

function hours(rkey: string, change: Partial<AvailabilityJson> = {}): AvailabilityJson {
  return {
    rkey,
    uri: `at://x/${rkey}`,
    name: rkey,
    timeZone: "UTC",
    weekly: [{ days: ["mo"], start: "09:00", end: "17:00" }],
    overrides: [],
    ...change,
  };
}

const USUAL = hours("usual", { overrides: [{ date: "2027-07-14", windows: [] }] });
const SUMMER = hours("summer", { insteadOfRkey: "usual", from: "2027-06-01", until: "2027-08-31" });
const JULY = hours("july", {
  insteadOfRkey: "usual",
  from: "2027-07-01",
  until: "2027-07-31",
  overrides: [{ date: "2027-07-02", windows: [] }],
});
const OTHER = hours("other");
const ALL = [JULY, SUMMER, USUAL, OTHER];

function names(list: readonly AvailabilityJson[]): string[] {
  return list.map(({ rkey }) => rkey);
}

test("seasons of hours come the earliest first", () => {
  expect(names(seasonsOf("usual", ALL))).toEqual(["summer", "july"]);
  expect(seasonsOf("other", ALL)).toEqual([]);
  expect(seasonsOf(undefined, ALL)).toEqual([]);
});

test.each([
  [undefined, ["usual", "other"]],
  ["other", ["usual"]],
  ["summer", ["usual", "other"]],
  ["usual", []],
])("hours %j may take the place of %j", (rkey, expected) => {
  expect(names(replaceableBy(rkey, ALL))).toEqual(expected);
});

test.each<[Partial<AvailabilityJson>, string]>([
  [{}, "Mon 09:00–17:00"],
  [{ weekly: [] }, "No weekly hours"],
  [{ weekly: [], overrides: [{ date: "2027-07-02", windows: [] }] }, "No weekly hours"],
  [
    { weekly: [], overrides: [{ date: "2027-07-02", windows: [{ start: "09:00", end: "12:00" }] }] },
    "Only on single dates",
  ],
  [{ from: "2027-06-01", until: "2027-08-31" }, "Mon 09:00–17:00 · 1 Jun – 31 Aug 2027"],
  [{ from: "2026-12-20", until: "2027-01-03" }, "Mon 09:00–17:00 · 20 Dec 2026 – 3 Jan 2027"],
  [{ from: "2027-06-01" }, "Mon 09:00–17:00 · from 1 Jun 2027"],
  [{ until: "2027-06-01", insteadOfRkey: "usual" }, "Mon 09:00–17:00 · until 1 Jun 2027 · instead of usual"],
  [{ insteadOfRkey: "usual" }, "Mon 09:00–17:00 · always instead of usual"],
  [{ insteadOfRkey: "gone" }, "Mon 09:00–17:00 · always instead of hours that no longer exist"],
])("hours with %j read %j", (change, line) => {
  expect(hoursSummary(hours("h", change), ALL, (time) => time)).toBe(line);
});
