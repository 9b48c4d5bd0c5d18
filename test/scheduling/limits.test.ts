import { describe, expect, test } from "vitest";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import type { BlockingBooking, Hold, Occupancy } from "../../scheduling/slot-question.ts";
import { judgeSlot, listSlots } from "../../scheduling/slots.ts";
import {
  DAY_MS,
  EVERY_DAY,
  FREE,
  LONG_AGO,
  MINUTE_MS,
  availabilityIn,
  period,
  question,
  showInstant,
  utc,
  weekly,
} from "./scenario.ts";

/** A booking of half an hour of the meeting type under test, unless said otherwise. */
function booking(start: string, meetingTypeRkey = "3lmeetingtype"): BlockingBooking {
  const at = utc(start);
  return {
    uid: start,
    meetingTypeRkey,
    start: at,
    end: at + 30 * MINUTE_MS,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
  };
}

function bookings(...starts: string[]): Occupancy {
  return { ...FREE, bookings: starts.map((start) => booking(start)) };
}

/** The dates in UTC on which something is still offered at 12:00 UTC. */
function openDates(
  zone: string,
  limits: Partial<MeetingType>,
  occupancy: Occupancy,
  range: string,
): string[] {
  const availability = availabilityIn(zone, weekly(EVERY_DAY, "00:00-24:00"));
  const asked = question(availability, LONG_AGO, { horizonDays: 730, ...limits }, occupancy);
  const slots = listSlots(asked, period(range));
  return [...new Set(slots.map(({ start }) => showInstant(start)))]
    .filter((instant) => instant.endsWith("12:00"))
    .map((instant) => instant.slice(5, 10));
}

const WEEK = "2026-06-01 00:00/2026-06-08 00:00"; // Monday to Sunday.

describe("a limit a day", () => {
  test.each<[string, number, Occupancy, string[]]>([
    ["leaves a day with fewer", 2, bookings("2026-06-02 08:00"), ["06-01", "06-02", "06-03"]],
    ["closes a day with as many", 2, bookings("2026-06-02 08:00", "2026-06-02 20:00"), ["06-01", "06-03"]],
    ["closes a day with more", 1, bookings("2026-06-02 08:00", "2026-06-02 20:00"), ["06-01", "06-03"]],
    [
      "counts a booking on the day on which it starts",
      1,
      { ...FREE, bookings: [{ ...booking("2026-06-02 23:50"), end: utc("2026-06-03 02:00") }] },
      ["06-01", "06-03"],
    ],
    [
      "does not count other meeting types",
      1,
      { ...FREE, bookings: [booking("2026-06-02 08:00", "3lother")] },
      ["06-01", "06-02", "06-03"],
    ],
  ])("%s", (_name, maxPerDay, occupancy, expected) => {
    expect(openDates("UTC", { maxPerDay }, occupancy, "2026-06-01 00:00/2026-06-04 00:00")).toEqual(expected);
  });

  test("counts the dates of the host's zone, not those of UTC", () => {
    const slot = (start: string) =>
      judgeSlot(
        question(
          availabilityIn("Pacific/Auckland", weekly(EVERY_DAY, "00:00-24:00")), // UTC+12 in June
          LONG_AGO,
          { maxPerDay: 1 },
          bookings("2026-06-02 12:00"), // midnight of the 3rd
        ),
        utc(start),
      );
    expect(slot("2026-06-02 11:30").ok).toBe(true);
    expect(slot("2026-06-02 12:30")).toEqual({
      ok: false,
      refusal: { code: "LimitReached", per: "day", max: 1 },
    });
    expect(slot("2026-06-03 11:30").ok).toBe(false);
    expect(slot("2026-06-03 12:00").ok).toBe(true);
  });

  test("counts the whole of a day of 25 hours, and of one that comes in two pieces", () => {
    const open = (zone: string, start: string, at: string) =>
      judgeSlot(
        question(
          availabilityIn(zone, weekly(EVERY_DAY, "00:00-24:00")),
          utc(start) - 30 * DAY_MS,
          { maxPerDay: 1, horizonDays: 60 },
          bookings(start),
        ),
        utc(at),
      ).ok;
    // Berlin's 25 October 2026 is 22:00Z to 23:00Z.
    expect(open("Europe/Berlin", "2026-10-24 22:00", "2026-10-25 22:30")).toBe(false);
    expect(open("Europe/Berlin", "2026-10-24 22:00", "2026-10-25 23:00")).toBe(true);
    // St. John's went back from 00:01 on 1 November 2009, so 31 October came again from 02:31Z to 03:30Z.
    expect(open("America/St_Johns", "2009-10-31 12:00", "2009-11-01 03:00")).toBe(false);
    expect(open("America/St_Johns", "2009-10-31 12:00", "2009-11-01 03:30")).toBe(true);
  });
});

describe("a limit a week", () => {
  test.each<[string, number, Occupancy, string[]]>([
    [
      "leaves a week with fewer",
      2,
      bookings("2026-06-03 08:00"),
      ["06-01", "06-02", "06-03", "06-04", "06-05", "06-06", "06-07"],
    ],
    ["closes the week of a Monday", 1, bookings("2026-06-01 00:00"), []],
    ["closes the week of a Sunday", 1, bookings("2026-06-07 23:30"), []],
    [
      "does not count the Sunday before",
      1,
      bookings("2026-05-31 23:30"),
      ["06-01", "06-02", "06-03", "06-04", "06-05", "06-06", "06-07"],
    ],
    [
      "does not count the Monday after",
      1,
      bookings("2026-06-08 00:00"),
      ["06-01", "06-02", "06-03", "06-04", "06-05", "06-06", "06-07"],
    ],
  ])("%s", (_name, maxPerWeek, occupancy, expected) => {
    expect(openDates("UTC", { maxPerWeek }, occupancy, WEEK)).toEqual(expected);
  });

  test("begins on the Monday of the host's zone", () => {
    const open = (at: string) =>
      judgeSlot(
        question(
          availabilityIn("America/Los_Angeles", weekly(EVERY_DAY, "00:00-24:00")), // UTC-7 in June
          LONG_AGO,
          { maxPerWeek: 1 },
          bookings("2026-06-08 06:30"), // Sunday 23:30
        ),
        utc(at),
      ).ok;
    expect(open("2026-06-01 06:30")).toBe(true);
    expect(open("2026-06-01 07:00")).toBe(false);
    expect(open("2026-06-08 07:00")).toBe(true);
  });

  test("spans the turn of the year: 2026-12-28 and 2027-01-03 are one ISO week", () => {
    const range = "2026-12-27 00:00/2027-01-05 00:00";
    expect(openDates("UTC", { maxPerWeek: 1 }, bookings("2027-01-01 08:00"), range)).toEqual([
      "12-27",
      "01-04",
    ]);
  });
});

describe("holds", () => {
  const now = utc("2026-06-01 08:00");
  const hold = (changes: Partial<Hold> = {}): Occupancy => ({
    ...FREE,
    holds: [{ ...booking("2026-06-02 09:00"), bookerDid: "did:plc:ann", expiresAt: now + 1, ...changes }],
  });
  const judged = (occupancy: Occupancy, viewerDid: string | undefined, start: string, changes = {}) => {
    const availability = availabilityIn("UTC", weekly(EVERY_DAY, "09:00-12:00"));
    const asked = question(availability, now, changes, occupancy);
    const slot = judgeSlot({ ...asked, ...(viewerDid !== undefined && { viewerDid }) }, utc(start));
    return slot.ok ? "free" : slot.refusal.code;
  };

  test.each([
    ["block others", hold(), "did:plc:ben", "SlotTaken"],
    ["block those who are not known", hold(), undefined, "SlotTaken"],
    ["are free to whoever has them", hold(), "did:plc:ann", "free"],
    ["that have run out block nobody", hold({ expiresAt: now }), "did:plc:ben", "free"],
  ])("%s", (_name, occupancy, viewer, expected) => {
    expect(judged(occupancy, viewer, "2026-06-02 09:00")).toBe(expected);
  });

  test("keep their distance as bookings do", () => {
    expect(judged(hold({ bufferAfterMinutes: 10 }), "did:plc:ben", "2026-06-02 09:30")).toBe("SlotTaken");
  });

  test("count for limits, one's own do not", () => {
    const limits = { maxPerDay: 1 };
    expect(judged(hold(), "did:plc:ben", "2026-06-02 11:00", limits)).toBe("LimitReached");
    expect(judged(hold(), "did:plc:ann", "2026-06-02 11:00", limits)).toBe("free");
    expect(judged(hold({ expiresAt: now }), "did:plc:ben", "2026-06-02 11:00", limits)).toBe("free");
    expect(judged(hold({ meetingTypeRkey: "3lother" }), "did:plc:ben", "2026-06-02 11:00", limits)).toBe(
      "free",
    );
  });
});
