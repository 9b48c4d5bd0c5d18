import { describe, expect, it } from "vitest";

import { meetingTypeRecord, parseMeetingTypeRecord } from "../../../adapters/atproto/record-meeting-type.ts";

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const RECORD = {
  $type: "social.schedule.meetingType",
  title: "Coffee chat",
  availability: `at://${DID}/social.schedule.availability/3kabc`,
  durationMinutes: 30,
  createdAt: "2026-11-22T10:00:00.000Z",
};

function parse(changes: Record<string, unknown>): ReturnType<typeof parseMeetingTypeRecord> {
  return parseMeetingTypeRecord(DID, "3kdef", { ...RECORD, ...changes });
}

describe("reading a meeting type", () => {
  it("fills in every default", () => {
    expect(parse({})).toEqual({
      ok: true,
      value: {
        rkey: "3kdef",
        title: "Coffee chat",
        availabilityRkey: "3kabc",
        durationMinutes: 30,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 0,
        minimumNoticeMinutes: 0,
        horizonDays: 60,
        approval: "manual",
        bookableBy: "anyone",
        active: true,
      },
    });
  });

  it.each([
    ["durationMinutes", 5, 1440],
    ["slotIntervalMinutes", 5, 1440],
    ["bufferBeforeMinutes", 0, 1440],
    ["bufferAfterMinutes", 0, 1440],
    ["minimumNoticeMinutes", 0, 525_600],
    ["horizonDays", 1, 3650],
    ["maxPerDay", 1, 1000],
    ["maxPerWeek", 1, 1000],
  ])("takes %s from %d to %d and nothing around or between", (field, least, most) => {
    expect(parse({ [field]: least })).toMatchObject({ ok: true, value: { [field]: least } });
    expect(parse({ [field]: most })).toMatchObject({ ok: true, value: { [field]: most } });
    expect(parse({ [field]: least - 1 })).toEqual({
      ok: false,
      reason: `"${field}" must be at least ${least}.`,
    });
    expect(parse({ [field]: most + 1 })).toEqual({
      ok: false,
      reason: `"${field}" must be at most ${most}.`,
    });
    expect(parse({ [field]: least + 0.5 })).toMatchObject({ ok: false });
    expect(parse({ [field]: String(least) })).toMatchObject({ ok: false });
    expect(parse({ [field]: null })).toMatchObject({ ok: false });
  });

  it("takes other lengths, each once and not its own", () => {
    expect(parse({ moreDurations: [60, 15, 30, 60] })).toMatchObject({
      ok: true,
      value: { durationMinutes: 30, moreDurations: [60, 15] },
    });
    for (const none of [[], [30]]) expect(parse({ moreDurations: none })).toEqual(parse({}));
    for (const bad of [[4], [1441], [15.5], ["15"], 15, Array.from({ length: 11 }, () => 15)]) {
      expect(parse({ moreDurations: bad })).toMatchObject({ ok: false });
    }
  });

  it("takes a kind of approval it does not know for manual", () => {
    expect(parse({ approval: "automatic" })).toMatchObject({ value: { approval: "automatic" } });
    expect(parse({ approval: "by-committee" })).toMatchObject({ ok: true, value: { approval: "manual" } });
    expect(parse({ approval: "Automatic" })).toMatchObject({ ok: true, value: { approval: "manual" } });
  });

  it("refuses a circle of bookers it does not know", () => {
    expect(parse({ bookableBy: "mutuals" })).toMatchObject({ ok: true, value: { bookableBy: "mutuals" } });
    expect(parse({ bookableBy: "colleagues" })).toEqual({
      ok: false,
      reason: expect.stringContaining("bookableBy"),
    });
  });

  it.each([
    ["another repository", "at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/social.schedule.availability/3kabc"],
    ["a handle instead of the DID", "at://alice.test/social.schedule.availability/3kabc"],
    ["another collection", `at://${DID}/social.schedule.profile/self`],
    ["a whole collection", `at://${DID}/social.schedule.availability`],
    ["something longer", `at://${DID}/social.schedule.availability/3kabc/more`],
    ["a web page", "https://example.com/"],
  ])("refuses an availability in %s", (_, availability) => {
    expect(parse({ availability })).toEqual({ ok: false, reason: expect.stringContaining("availability") });
  });

  it("takes text for text: a script stays as it was typed, lines and control characters do not", () => {
    const title = "<script>alert(1)</script>";
    expect(parse({ title, description: "a\r\nb\u0000\u202E\n\nc" })).toMatchObject({
      value: { title, description: "a\nb\n\nc" },
    });
    expect(parse({ title: "Hi\r\nDTSTART:x" })).toMatchObject({ value: { title: "Hi DTSTART:x" } });
    expect(parse({ title: "a\u2028b\u2029c\u0085d" })).toMatchObject({ value: { title: "a b c d" } });
    expect(parse({ description: "a\u2028b\u2029c\u0085d" })).toMatchObject({
      value: { description: "a\nb\nc\nd" },
    });
    expect(parse({ title: "\uD800 half" })).toMatchObject({ value: { title: "\uFFFD half" } });
    expect(parse({ title: "\n" })).toMatchObject({ ok: false });
    expect(parse({ title: "👩‍👩‍👧‍👦".repeat(100) })).toMatchObject({ ok: false });
    expect(parse({ title: "é".repeat(100) })).toMatchObject({ ok: true });
    expect(parse({ title: "é".repeat(101) })).toMatchObject({ ok: false });
  });

  it.each(["https://meet.example.com/x", "http://10.0.0.1/room", "tel:+351123456", "sip:me@example.com"])(
    "takes %s for a link",
    (uri) => {
      const location = { $type: "social.schedule.meetingType#link", uri };
      expect(parse({ location })).toMatchObject({ ok: true, value: { location: { kind: "link", uri } } });
    },
  );

  it.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "https://example.com/\u202Egpj.exe",
    "https://example.com/\u0007",
    "x",
  ])("refuses %s for a link", (uri) => {
    const location = { $type: "social.schedule.meetingType#link", uri };
    expect(parse({ location })).toEqual({ ok: false, reason: expect.stringContaining("location.uri") });
  });

  it("takes a place in words, and leaves out a kind of place it does not know", () => {
    const place = { $type: "social.schedule.meetingType#text", text: "The café" };
    expect(parse({ location: place })).toMatchObject({
      value: { location: { kind: "text", text: "The café" } },
    });
    const address = { $type: "community.lexicon.location.address", street: "Rua Augusta" };
    const read = parse({ location: address });
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && "location" in read.value).toBe(false);
    expect(parse({ location: { uri: "https://x.example" } })).toMatchObject({ ok: false });
  });
});

describe("writing a meeting type", () => {
  it("gives a record that reads back as what was filled in", () => {
    const draft = {
      title: "Review",
      description: "Bring\nquestions",
      availabilityRkey: "3kabc",
      durationMinutes: 45,
      moreDurations: [60],
      slotIntervalMinutes: 15,
      bufferAfterMinutes: 10,
      minimumNoticeMinutes: 240,
      maxPerDay: 3,
      location: { kind: "link", uri: "https://meet.example.com/x" },
      approval: "automatic",
      bookableBy: "mutuals",
      active: false,
    } as const;
    const record = meetingTypeRecord(DID, draft, 0);
    expect(record).toMatchObject({ ok: true, value: { $type: "social.schedule.meetingType" } });
    const read = record.ok ? parseMeetingTypeRecord(DID, "3kdef", record.value) : undefined;
    expect(read).toMatchObject({ ok: true, value: draft });
  });

  it("leaves absent what was left open", () => {
    const record = meetingTypeRecord(DID, { title: "x", availabilityRkey: "3kabc", durationMinutes: 30 }, 0);
    expect(record.ok && Object.keys(record.value).toSorted()).toEqual([
      "$type",
      "availability",
      "createdAt",
      "durationMinutes",
      "title",
    ]);
  });

  it("writes nothing but its own fields", () => {
    const draft = {
      title: "x",
      availabilityRkey: "3kabc",
      durationMinutes: 30,
      note: "private",
      rkey: "3kdef",
    };
    const record = meetingTypeRecord(DID, draft, 0);
    expect(record.ok && Object.keys(record.value)).not.toContain("note");
    expect(record.ok && Object.keys(record.value)).not.toContain("rkey");
  });

  it("refuses what no reader would accept", () => {
    const draft = { title: "x", availabilityRkey: "3kabc", durationMinutes: 30 };
    expect(meetingTypeRecord(DID, { ...draft, durationMinutes: 4 }, 0)).toMatchObject({ ok: false });
    expect(meetingTypeRecord(DID, { ...draft, availabilityRkey: "../x" }, 0)).toMatchObject({ ok: false });
    const location = { kind: "link", uri: "javascript:alert(1)" } as const;
    expect(meetingTypeRecord(DID, { ...draft, location }, 0)).toMatchObject({ ok: false });
  });
});
