import { describe, expect, test } from "vitest";
import { addDays } from "../../ui/local-date.ts";
import { rangeOfMonth, slotsByDate } from "../../ui/slot-days.ts";

function half(start: string): { start: string; end: string } {
  return { start, end: new Date(Date.parse(start) + 30 * 60_000).toISOString() };
}

function labels(starts: string[], zone: string, hourCycle: "h12" | "h23" = "h23"): Record<string, string[]> {
  const days = slotsByDate(starts.map(half), zone, hourCycle);
  return Object.fromEntries([...days].map(([date, slots]) => [date, slots.map((slot) => slot.label)]));
}

describe("slots of a reader", () => {
  test("stand under the date they have where the reader is", () => {
    const starts = ["2026-11-24T22:30:00Z", "2026-11-24T23:00:00Z"];
    expect(labels(starts, "Europe/Amsterdam")).toEqual({ "2026-11-24": ["23:30"], "2026-11-25": ["00:00"] });
    expect(labels(starts, "America/New_York")).toEqual({ "2026-11-24": ["17:30", "18:00"] });
  });

  test("carry offsets when the clock is set back and their time comes twice", () => {
    const starts = [
      "2026-10-25T00:00:00Z",
      "2026-10-25T00:30:00Z",
      "2026-10-25T01:30:00Z",
      "2026-10-25T02:00:00Z",
    ];
    expect(labels(starts, "Europe/Amsterdam")).toEqual({
      "2026-10-25": ["02:00 (GMT+2)", "02:30 (GMT+2)", "02:30 (GMT+1)", "03:00"],
    });
  });

  test("carry them also when the other of the two is taken, and where the clock moves by half an hour", () => {
    expect(labels(["2027-11-07T06:00:00Z"], "America/New_York", "h12")).toEqual({
      "2027-11-07": ["1:00 am (GMT−5)"],
    });
    expect(labels(["2026-04-04T14:30:00Z", "2026-04-04T15:30:00Z"], "Australia/Lord_Howe")).toEqual({
      "2026-04-05": ["01:30 (GMT+11)", "02:00"],
    });
  });

  test("follow the reader's clock", () => {
    expect(labels(["2026-11-24T00:00:00Z", "2026-11-24T12:00:00Z"], "UTC", "h12")).toEqual({
      "2026-11-24": ["12:00 am", "12:00 pm"],
    });
  });

  test("that are no instants are left out", () => {
    expect(slotsByDate([{ start: "soon", end: "later" }], "UTC", "h23").size).toBe(0);
  });
});

test.each([
  ["Pacific/Kiritimati", "Etc/GMT+12"],
  ["Etc/GMT+12", "Pacific/Kiritimati"],
  ["Europe/Amsterdam", "America/Los_Angeles"],
])("a month of a reader in %s is whole for a host in %s, within 62 days", (reader, host) => {
  const { from, to } = rangeOfMonth("2026-12");
  const asked = (instant: number): boolean => {
    const [date] = slotsByDate([half(new Date(instant).toISOString())], host, "h23").keys();
    return date !== undefined && date >= from && date < to;
  };
  for (let at = Date.UTC(2026, 10, 29); at < Date.UTC(2027, 0, 3); at += 30 * 60_000) {
    const [date] = slotsByDate([half(new Date(at).toISOString())], reader, "h23").keys();
    if (date?.startsWith("2026-12")) expect(asked(at)).toBe(true);
  }
  expect(to <= addDays(from, 62)).toBe(true);
});
