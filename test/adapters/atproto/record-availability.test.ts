import { describe, expect, it } from "vitest";

import {
  availabilityDraft,
  availabilityRecord,
  parseAvailabilityRecord,
} from "../../../adapters/atproto/record-availability.ts";

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const RECORD = {
  $type: "social.schedule.availability",
  name: "Working hours",
  timeZone: "Europe/Lisbon",
  weekly: [{ days: ["tu", "mo", "mo"], start: "09:00", end: "17:30" }],
  overrides: [{ date: "2026-12-24", windows: [] }],
  createdAt: "2026-11-22T10:00:00.000Z",
};

function parse(changes: Record<string, unknown>): ReturnType<typeof parseAvailabilityRecord> {
  return parseAvailabilityRecord(DID, "3kabc", { ...RECORD, ...changes });
}

function weekly(start: string, end: string): Record<string, unknown> {
  return { weekly: [{ days: ["mo"], start, end }] };
}

describe("reading an availability", () => {
  it("gives minutes since midnight, and each day once, Monday first", () => {
    expect(parse({})).toEqual({
      ok: true,
      value: {
        rkey: "3kabc",
        name: "Working hours",
        timeZone: "Europe/Lisbon",
        weekly: [{ days: ["mo", "tu"], startMinute: 540, endMinute: 1050 }],
        overrides: [{ date: "2026-12-24", windows: [] }],
      },
    });
  });

  it("takes a week without windows and a record without overrides", () => {
    expect(parse({ weekly: [], overrides: undefined })).toMatchObject({
      ok: true,
      value: { weekly: [], overrides: [] },
    });
  });

  it.each([
    ["22:00", "02:00", 1320, 120],
    ["09:00", "24:00", 540, 1440],
    ["09:00", "00:00", 540, 1440],
    ["00:00", "00:00", 0, 1440],
    ["09:00", "09:00", 540, 540],
  ])("reads %s to %s as one window", (start, end, startMinute, endMinute) => {
    expect(parse(weekly(start, end))).toMatchObject({
      ok: true,
      value: { weekly: [{ startMinute, endMinute }] },
    });
  });

  it.each([
    ["24:00", "02:00", "start"],
    ["9:00 ", "17:00", "start"],
    ["09:60", "17:00", "start"],
    ["-1:00", "17:00", "start"],
    ["٠٩:٠٠", "17:00", "start"],
    ["09:00", "24:01", "end"],
    ["09:00", "25:00", "end"],
    ["09:00", "", "end"],
  ])("refuses %j to %j and says that %s is wrong", (start, end, field) => {
    expect(parse(weekly(start, end))).toEqual({
      ok: false,
      reason: expect.stringContaining(`weekly[0].${field}`),
    });
  });

  it.each([
    ["an unknown zone", { timeZone: "Europe/Atlantis" }, "timeZone"],
    ["an offset for a zone", { timeZone: "+01:00" }, "timeZone"],
    [
      "an unknown day",
      { weekly: [{ days: ["mo", "monday"], start: "09:00", end: "10:00" }] },
      "weekly[0].days",
    ],
    ["no day", { weekly: [{ days: [], start: "09:00", end: "10:00" }] }, "weekly[0].days"],
    ["a date that does not exist", { overrides: [{ date: "2026-02-30", windows: [] }] }, "overrides[0].date"],
    ["a date in another order", { overrides: [{ date: "24-12-2026", windows: [] }] }, "overrides[0].date"],
    [
      "a wrong window on a date",
      { overrides: [{ date: "2026-12-24", windows: [{ start: "xx:yy", end: "10:00" }] }] },
      "overrides[0].windows[0].start",
    ],
    [
      "a date listed twice",
      {
        overrides: [RECORD.overrides[0], { date: "2026-12-24", windows: [{ start: "09:00", end: "10:00" }] }],
      },
      "2026-12-24 more than once",
    ],
    [
      "too many windows",
      { weekly: Array.from({ length: 101 }, () => RECORD.weekly[0]) },
      "at most 100 entries",
    ],
    [
      "too many dates",
      { overrides: Array.from({ length: 401 }, () => RECORD.overrides[0]) },
      "at most 400 entries",
    ],
    ["a name too long", { name: "x".repeat(65) }, "at most 64 characters"],
    ["a name of nothing visible", { name: "\u202E\u0000 " }, "no visible text"],
    ["no name", { name: undefined }, "name"],
    ["no moment of making", { createdAt: "yesterday" }, "createdAt"],
    ["another type", { $type: "social.schedule.meetingType" }, "$type"],
  ])("refuses %s", (_, changes, reason) => {
    expect(parse(changes)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("makes one plain line of a name that tries to be more", () => {
    expect(parse({ name: "Work\r\nBcc: all@example.com\u202E\u0007" })).toMatchObject({
      value: { name: "Work Bcc: all@example.com" },
    });
  });
});

describe("the dates on which an availability holds", () => {
  const usual = `at://${DID}/social.schedule.availability/3kusual`;

  it("are two local dates, and in whose place it holds is a record key", () => {
    expect(parse({ from: "2027-06-01", until: "2027-08-31", insteadOf: usual })).toMatchObject({
      ok: true,
      value: { from: "2027-06-01", until: "2027-08-31", insteadOfRkey: "3kusual" },
    });
    expect(parse({ from: "2027-06-01", until: "2027-06-01" })).toMatchObject({ ok: true });
    expect(parse({ until: "2027-08-31" })).toMatchObject({ ok: true, value: { until: "2027-08-31" } });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ from: "2027-02-30" }, '"from" must be a date that exists'],
    [{ until: "31.08.2027" }, '"until" must be a date that exists'],
    [{ from: "2027-06-02", until: "2027-06-01" }, '"until" must not be before "from".'],
    [{ from: 20270601 }, '"from" must be of type string'],
    [{ insteadOf: "3kusual" }, '"insteadOf" must be written as'],
    [
      { insteadOf: "at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/social.schedule.availability/3kusual" },
      "same repository",
    ],
    [{ insteadOf: `at://${DID}/social.schedule.meetingType/3kusual` }, "same repository"],
    [{ insteadOf: `at://${DID}/social.schedule.availability/3kabc` }, "another"],
  ])("%j is refused: %s", (changes, reason) => {
    expect(parse(changes)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe("writing an availability", () => {
  const draft = {
    name: "Evenings",
    timeZone: "America/New_York",
    weekly: [{ days: ["fr"], start: "20:00", end: "02:00" }],
    overrides: [{ date: "2026-12-31", windows: [{ start: "18:00", end: "24:00" }] }],
    from: "2026-11-01",
    until: "2027-02-28",
    insteadOfRkey: "3kusual",
  };

  it("gives a record that reads back as what was filled in", () => {
    const record = availabilityRecord(DID, "3kabc", draft, Date.UTC(2026, 10, 22));
    expect(record).toMatchObject({
      ok: true,
      value: { $type: "social.schedule.availability", createdAt: "2026-11-22T00:00:00.000Z" },
    });
    const read = record.ok ? parseAvailabilityRecord(DID, "3kabc", record.value) : undefined;
    expect(read?.ok && availabilityDraft(read.value)).toEqual(draft);
  });

  it("writes nothing but its own fields", () => {
    const window = { days: ["fr"], start: "20:00", end: "22:00", note: "private" };
    const record = availabilityRecord(DID, "3kabc", { ...draft, weekly: [window] }, 0);
    expect(JSON.stringify(record)).not.toContain("private");
  });

  it("refuses what no reader would accept", () => {
    expect(availabilityRecord(DID, "3kabc", { ...draft, timeZone: "Nowhere" }, 0)).toMatchObject({
      ok: false,
    });
    expect(availabilityRecord(DID, "3kabc", { ...draft, name: " " }, 0)).toMatchObject({ ok: false });
  });
});
