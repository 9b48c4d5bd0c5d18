import { describe, expect, test } from "vitest";
import { sentenceOf, type SentenceContext } from "../../ui/reason-sentence.ts";
import type { AvailabilityJson, ReasonJson } from "../../worker/wire.ts";

const USUAL: AvailabilityJson = {
  rkey: "usual",
  uri: "at://x/usual",
  name: "Working hours",
  timeZone: "Europe/Berlin",
  weekly: [],
  overrides: [{ date: "2026-12-24", windows: [] }],
};
const WINTER: AvailabilityJson = {
  ...USUAL,
  rkey: "winter",
  name: "Winter hours",
  overrides: [],
  from: "2026-11-20",
  insteadOfRkey: "usual",
};
const CONTEXT: SentenceContext = {
  date: "2026-11-24",
  timeZone: "Europe/Berlin",
  hourCycle: "h23",
  meetingType: { rkey: "intro", title: "Intro call" },
  availability: [USUAL, WINTER],
};
const OUTSIDE: ReasonJson = { code: "outside_window", startsInside: false, availabilityRkey: "usual" };
const NOON = { start: "2026-11-24T11:00:00Z", end: "2026-11-24T12:00:00Z" };
const EVENING_BEFORE = { start: "2026-11-23T22:00:00Z", end: "2026-11-23T22:30:00Z" };

/** The sentence with its link in brackets. */
function said(reason: ReasonJson, about: "date" | "start" = "start", change: Partial<SentenceContext> = {}) {
  const { text, link } = sentenceOf(reason, about, { ...CONTEXT, ...change });
  return link ? `${text} [${link.label}](${link.href})` : text;
}

describe("a reason in words", () => {
  test.each<[ReasonJson, string]>([
    [{ code: "inactive" }, "“Intro call” is paused. [Let it be booked again](/meeting-types/intro)"],
    [OUTSIDE, "Outside of your hours. [Edit Working hours](/availability/usual)"],
    [
      { ...OUTSIDE, startsInside: true, availabilityRkey: "winter" },
      "Too long for what is left of your hours. [Edit Winter hours](/availability/winter)",
    ],
    [{ code: "taken" }, "Already taken."],
    [{ code: "too_soon", minimumNoticeMinutes: 240, isPast: true }, "In the past."],
    [
      { code: "closed_by_override", date: "2026-12-24", availabilityRkey: "usual" },
      "Closed by your date override of Thursday 24 December 2026. [Edit Working hours](/availability/usual)",
    ],
    [
      { code: "off_grid", before: "2026-11-24T09:00:00Z", after: "2026-11-24T09:30:00Z" },
      "Not a start time; the nearest are 10:00 and 10:30. [Change the start times](/meeting-types/intro)",
    ],
    [
      { code: "off_grid", after: "2026-11-25T08:00:00Z" },
      "Not a start time; the nearest is 09:00 on Wed 25 Nov. [Change the start times](/meeting-types/intro)",
    ],
    [{ code: "off_grid" }, "Not a start time. [Change the start times](/meeting-types/intro)"],
    [
      { code: "too_soon", minimumNoticeMinutes: 240, isPast: false },
      "Too soon: it needs 4 h notice. [Change the notice](/meeting-types/intro)",
    ],
    [
      { code: "beyond_horizon", horizonDays: 60, lastDate: "2027-01-23" },
      "Too far ahead: for now it is offered until Saturday 23 January 2027. [Change the days ahead](/meeting-types/intro)",
    ],
    [
      { code: "limit_reached", per: "week", max: 5 },
      "Your limit of 5 a week is reached. [Change the limit](/meeting-types/intro)",
    ],
    [{ code: "busy", ...NOON }, "Your calendar is busy 12:00–13:00."],
    [{ code: "busy", ...EVENING_BEFORE }, "Your calendar is busy Mon 23 Nov, 23:00–23:30."],
    [{ code: "booked", uid: "b1", ...NOON }, "Taken by [the booking at 12:00](/bookings/b1)"],
    [
      { code: "booked", uid: "b1", ...EVENING_BEFORE },
      "Taken by [the booking at 23:00 on Mon 23 Nov](/bookings/b1)",
    ],
    [
      { code: "held", ...NOON, expiresAt: "2026-11-24T08:05:00Z" },
      "Held until 09:05 for somebody who is booking it.",
    ],
    [
      { code: "buffer", of: "booked", uid: "b1", ...NOON },
      "Within the buffer around [the booking at 12:00](/bookings/b1)",
    ],
    [
      { code: "buffer", of: "busy", ...NOON },
      "Within the buffer around a busy time in your calendar, 12:00–13:00.",
    ],
    [{ code: "buffer", of: "held", ...NOON }, "Within the buffer around a held time, 12:00–13:00."],
  ])("%j", (reason, sentence) => {
    expect(said(reason)).toBe(sentence);
  });

  test("names the date where it holds for all of it", () => {
    expect(said(OUTSIDE, "date")).toContain("You have no hours on this date.");
  });

  test("leads nowhere when the hours are gone", () => {
    expect(said(OUTSIDE, "start", { availability: [] })).toBe("Outside of your hours.");
  });

  test("is told in the host's zone and on the reader's clock", () => {
    expect(said({ code: "busy", ...NOON }, "start", { timeZone: "Asia/Tokyo", hourCycle: "h12" })).toBe(
      "Your calendar is busy 8:00 pm–9:00 pm.",
    );
  });
});
