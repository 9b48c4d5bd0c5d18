import { describe, expect, test } from "vitest";
import { runsOf } from "../../ui/explanation-runs.ts";
import type { ReasonJson } from "../../worker/wire.ts";

const BOOKED: ReasonJson = { code: "booked", uid: "b1", start: at("12:00"), end: at("13:00") };
const SOON: ReasonJson = { code: "too_soon", minimumNoticeMinutes: 240, isPast: false };

function at(time: string): string {
  return `2026-11-24T${time}:00Z`;
}

function start(time: string, ...reasons: ReasonJson[]) {
  return { start: at(time), end: at(time), reasons };
}

/** `09:00–10:30 booked`, run by run. */
function runs(starts: ReturnType<typeof start>[]): string[] {
  return runsOf({ starts, reasons: [] }, 30).runs.map(
    (run) =>
      `${run.first.slice(11, 16)}–${run.last.slice(11, 16)} ${run.reasons.map(({ code }) => code).join("+")}`,
  );
}

describe("the starts of a date", () => {
  test("are one run as long as their reasons are the same", () => {
    expect(
      runs([start("11:00"), start("11:30"), start("12:00", BOOKED), start("12:30", BOOKED), start("13:00")]),
    ).toEqual(["11:00–11:30 ", "12:00–12:30 booked", "13:00–13:00 "]);
  });

  test("are two runs where two bookings meet", () => {
    const other: ReasonJson = { ...BOOKED, uid: "b2" };
    expect(runs([start("12:00", BOOKED), start("12:30", other)])).toHaveLength(2);
  });

  test("are never one run across a break in the hours, though they read in order of time", () => {
    expect(runs([start("13:00"), start("13:30"), start("11:00"), start("11:30")])).toEqual([
      "11:00–11:30 ",
      "13:00–13:30 ",
    ]);
  });

  test("are one run where two windows overlap and the steps are shorter", () => {
    expect(runs([start("11:00"), start("11:10"), start("11:30")])).toEqual(["11:00–11:30 "]);
  });

  test("that are over are told apart from those that are too soon", () => {
    const past: ReasonJson = { ...SOON, isPast: true };
    expect(runs([start("09:00", past), start("09:30", past), start("10:00", SOON)])).toHaveLength(2);
  });

  test("do not repeat what holds for the whole date", () => {
    const paused: ReasonJson = { code: "inactive" };
    const starts = [start("09:00", paused), start("09:30", paused, SOON)];
    const { shared, runs: left } = runsOf({ starts, reasons: [paused] }, 30);
    expect(shared).toEqual([]);
    expect(left.map((run) => run.reasons)).toEqual([[], [SOON]]);
  });

  test("say once what stands against all of them, and keep the rest", () => {
    const limit: ReasonJson = { code: "limit_reached", per: "day", max: 2 };
    const starts = [start("12:00", BOOKED, limit), start("12:30", limit), start("13:00", limit)];
    const { shared, runs: left } = runsOf({ starts, reasons: [] }, 30);
    expect(shared).toEqual([limit]);
    expect(left.map((run) => run.reasons)).toEqual([[BOOKED], []]);
  });

  test("say it themselves where they are a single run", () => {
    const { shared, runs: left } = runsOf({ starts: [start("12:00", SOON)], reasons: [] }, 30);
    expect(shared).toEqual([]);
    expect(left.map((run) => run.reasons)).toEqual([[SOON]]);
  });

  test("are no run where there are none", () => {
    expect(runs([])).toEqual([]);
  });
});
