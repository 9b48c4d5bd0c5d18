import { describe, expect, test } from "vitest";
import {
  formFromMeetingType,
  meetingTypeFromForm,
  NEW_MEETING_TYPE,
  type MeetingTypeForm,
} from "../../ui/meeting-type-form.ts";
import { safeHref } from "../../ui/safe-href.ts";
import type { MeetingTypeJson } from "../../worker/wire.ts";

function filledIn(change: Partial<MeetingTypeForm> = {}) {
  return meetingTypeFromForm({ ...NEW_MEETING_TYPE, title: "Intro call", ...change });
}

describe("the meeting type form", () => {
  test("proposes four hours' notice and leaves empty fields out", () => {
    expect(filledIn()).toEqual({
      ok: true,
      value: {
        title: "Intro call",
        durationMinutes: 30,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 0,
        minimumNoticeMinutes: 240,
        horizonDays: 60,
        approval: "manual",
        bookableBy: "anyone",
        active: true,
      },
    });
  });

  test.each<[keyof MeetingTypeForm, string]>([
    ["title", "   "],
    ["durationMinutes", "4"],
    ["durationMinutes", "1441"],
    ["durationMinutes", "30.5"],
    ["durationMinutes", "1e3"],
    ["durationMinutes", ""],
    ["moreDurations", "15, 4"],
    ["bufferAfterMinutes", "-1"],
    ["minimumNoticeMinutes", "525601"],
    ["horizonDays", "0"],
    ["maxPerDay", "1001"],
    ["maxPerWeek", "0"],
    ["slotIntervalMinutes", "1"],
  ])("says what is wrong with %s %j", (field, value) => {
    const result = filledIn({ [field]: value });
    expect(result.ok ? [] : Object.keys(result.errors)).toEqual([field]);
  });

  test("drops the main length and duplicates from the other lengths, and the list when nothing is left", () => {
    const lengths = (moreDurations: string) => {
      const result = filledIn({ moreDurations });
      return result.ok ? result.value.moreDurations : "refused";
    };
    expect(lengths("60, 15, 30, 15")).toEqual([15, 60]);
    expect(lengths("30")).toBeUndefined();
  });

  test("takes a web address as a link and everything else as words", () => {
    const place = (location: string) => {
      const result = filledIn({ location });
      return result.ok ? result.value.location : undefined;
    };
    expect(place(" https://meet.example.com/a ")).toEqual({
      kind: "link",
      uri: "https://meet.example.com/a",
    });
    expect(place("javascript:alert(1)")).toEqual({ kind: "text", text: "javascript:alert(1)" });
    expect(place("Herengracht 1")).toEqual({ kind: "text", text: "Herengracht 1" });
    expect(place("  ")).toBeUndefined();
  });

  test("shows a saved meeting type and gives it back unchanged", () => {
    const saved = {
      title: "Deep dive",
      description: "Long.",
      durationMinutes: 90,
      moreDurations: [30, 120],
      slotIntervalMinutes: 30,
      bufferBeforeMinutes: 5,
      bufferAfterMinutes: 10,
      minimumNoticeMinutes: 60,
      horizonDays: 14,
      maxPerDay: 2,
      maxPerWeek: 5,
      location: { kind: "link" as const, uri: "https://meet.example.com/a" },
      approval: "automatic" as const,
      bookableBy: "mutuals" as const,
      active: false,
    };
    const stored = { ...saved, rkey: "k", uri: "at://x", timeZone: "UTC", availabilityRkey: "a" };
    expect(meetingTypeFromForm(formFromMeetingType(stored))).toEqual({ ok: true, value: saved });
  });

  test("leaves absent what is absent in a saved meeting type, the distance of starts among it", () => {
    const stored: MeetingTypeJson = {
      rkey: "k",
      uri: "at://x",
      timeZone: "UTC",
      availabilityRkey: "a",
      title: "Intro call",
      durationMinutes: 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      minimumNoticeMinutes: 0,
      horizonDays: 60,
      approval: "manual",
      bookableBy: "anyone",
      active: true,
    };
    const given = meetingTypeFromForm(formFromMeetingType(stored));
    expect(given.ok && Object.keys(given.value).filter((key) => !(key in stored))).toEqual([]);
  });
});

test.each([
  ["https://example.com/a", "https://example.com/a"],
  ["http://example.com", "http://example.com/"],
  ["javascript:alert(1)", undefined],
  ["JaVaScRiPt:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["//example.com", undefined],
  ["", undefined],
])("a record's address %j may link to %j", (uri, href) => {
  expect(safeHref(uri)).toBe(href);
});
