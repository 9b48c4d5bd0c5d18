import { describe, expect, test } from "vitest";
import { instantsOfWallTime } from "../../ui/wall-time.ts";

function instants(date: string, time: string, zone: string): string[] {
  return instantsOfWallTime(date, time, zone).map((at) => new Date(at).toISOString());
}

describe("a wall time", () => {
  test.each([
    ["2026-11-24", "09:00", "Europe/Berlin", "2026-11-24T08:00:00.000Z"],
    ["2026-11-24", "00:00", "Asia/Kathmandu", "2026-11-23T18:15:00.000Z"],
    ["2026-11-24", "23:59", "Pacific/Kiritimati", "2026-11-24T09:59:00.000Z"],
    ["2026-11-24", "00:00", "Etc/GMT+12", "2026-11-24T12:00:00.000Z"],
  ])("on %s at %s in %s is %s", (date, time, zone, instant) => {
    expect(instants(date, time, zone)).toEqual([instant]);
  });

  test("that the clock is set forward over is no instant", () => {
    expect(instants("2027-03-28", "02:30", "Europe/Berlin")).toEqual([]);
    expect(instants("2026-10-04", "02:15", "Australia/Lord_Howe")).toEqual([]);
  });

  test("that comes twice is two instants, the earlier first", () => {
    expect(instants("2026-10-25", "02:30", "Europe/Berlin")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ]);
    expect(instants("2026-04-05", "01:45", "Australia/Lord_Howe")).toEqual([
      "2026-04-04T14:45:00.000Z",
      "2026-04-04T15:15:00.000Z",
    ]);
  });

  test("of a date beyond the calendar is no instant", () => {
    expect(instants("12345-01-01", "09:00", "UTC")).toEqual([]);
  });
});
