/** Short ways to write hosts, meeting types and instants in tests of the rules. Wall times are read by hand, not by the code under test. */

import type {
  Availability,
  DateOverride,
  WallWindow,
  WeeklyWindow,
  Weekday,
} from "../../scheduling/availability.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import type { Period } from "../../scheduling/period.ts";
import type { Occupancy, SlotQuestion } from "../../scheduling/slot-question.ts";
import { listSlots } from "../../scheduling/slots.ts";

export const EVERY_DAY: readonly Weekday[] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** `2026-03-08 06:00` in UTC as epoch ms. */
export function utc(text: string): number {
  const instant = Date.parse(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(instant)) throw new Error(`Not an instant: ${text}`);
  return instant;
}

/** `2026-03-08 06:00/2026-03-08 08:00`, or `2026-03-08 06:00/08:00` when both ends share the date. */
export function period(text: string): Period {
  const [start = "", end = ""] = text.split("/");
  return { start: utc(start), end: utc(end.includes(" ") ? end : `${start.slice(0, 10)} ${end}`) };
}

export function showInstant(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace("T", " ");
}

export function showPeriods(periods: readonly Period[]): string[] {
  return periods.map(({ start, end }) => {
    const [from, to] = [showInstant(start), showInstant(end)];
    return `${from}/${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
  });
}

/** `09:00-17:00`. */
export function wallWindow(text: string): WallWindow {
  const [startMinute = 0, endMinute = 0] = text.split("-").map((time) => {
    const [hours, minutes] = time.split(":").map(Number);
    return hours! * 60 + minutes!;
  });
  return { startMinute, endMinute };
}

export function weekly(days: readonly Weekday[], ...windows: string[]): WeeklyWindow[] {
  return windows.map((text) => ({ days, ...wallWindow(text) }));
}

export function override(date: string, ...windows: string[]): DateOverride {
  return { date, windows: windows.map(wallWindow) };
}

export function availabilityIn(
  timeZone: string,
  windows: readonly WeeklyWindow[],
  overrides: readonly DateOverride[] = [],
): Availability {
  return { rkey: "3lavailability", name: "Hours", timeZone, weekly: windows, overrides };
}

/** Thirty minutes, every thirty minutes, no buffers, no notice, no limits, a long horizon. */
export function meetingType(changes: Partial<MeetingType> = {}): MeetingType {
  return {
    rkey: "3lmeetingtype",
    title: "Chat",
    availabilityRkey: "3lavailability",
    durationMinutes: 30,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    minimumNoticeMinutes: 0,
    horizonDays: 365,
    approval: "manual",
    bookableBy: "anyone",
    active: true,
    ...changes,
  };
}

export const FREE: Occupancy = { bookings: [], holds: [], busy: [] };

export function busyAt(...texts: string[]): Occupancy {
  return { ...FREE, busy: texts.map(period) };
}

export function question(
  availability: Availability,
  now: number,
  changes: Partial<MeetingType> = {},
  occupancy: Occupancy = FREE,
): SlotQuestion {
  const made = meetingType(changes);
  return { meetingType: made, durationMinutes: made.durationMinutes, availability, occupancy, now };
}

/** A Monday. */
export const MONDAY = "2026-06-01";
export const LONG_AGO = utc("2026-01-01 00:00");

/** Open on one date only. */
export function openOn(date: string, zone: string, ...windows: string[]): Availability {
  return availabilityIn(zone, weekly([]), [override(date, ...windows)]);
}

/** The starts of all free slots of 2026, as UTC times without their date. */
export function startsOf(
  availability: Availability,
  changes: Partial<MeetingType> = {},
  occupancy: Occupancy = FREE,
  now = LONG_AGO,
): string[] {
  const range = { start: LONG_AGO, end: utc("2027-01-01 00:00") };
  return listSlots(question(availability, now, changes, occupancy), range).map((slot) =>
    showInstant(slot.start).slice(11),
  );
}
