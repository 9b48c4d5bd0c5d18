/** When a host is willing to meet: weekly windows and date overrides in one zone (RFC 7953). No I/O, no clock. */

import { mergePeriods, overlaps, sortedByStart } from "./period.ts";
import type { Period } from "./period.ts";
import { COVERED, DAY, MINUTE, instantsOfLocal, offsetSegments, parseLocalDate } from "./time-zone.ts";
import type { OffsetSegment } from "./time-zone.ts";

/** Weekday as the record writes it, Monday first. */
export type Weekday = "mo" | "tu" | "we" | "th" | "fr" | "sa" | "su";

/** A range of local wall time: minutes since local midnight; an `end` <= `start` ends on the next date. */
export interface WallWindow {
  readonly startMinute: number;
  /** 1..1440; 1440 is `24:00`. */
  readonly endMinute: number;
}

export interface WeeklyWindow extends WallWindow {
  readonly days: readonly Weekday[];
}

/** Replaces all windows of one local date; no windows closes it. Two for the same date count as one with the windows of both. */
export interface DateOverride {
  /** `YYYY-MM-DD` in the Availability's zone. */
  readonly date: string;
  readonly windows: readonly WallWindow[];
}

/** A checked availability: the zone is known to the runtime, wall times and dates are well formed. */
export interface Availability {
  readonly rkey: string;
  readonly name: string;
  /** IANA zone name. */
  readonly timeZone: string;
  readonly weekly: readonly WeeklyWindow[];
  readonly overrides: readonly DateOverride[];
}

/**
 * When the host is willing to meet: every period that touches `range`, merged, sorted and not cut by it. An instant is
 * available if and only if its local date-time lies in a window. Throws RangeError on an unknown zone.
 */
export function availablePeriods(availability: Availability, range: Period): Period[] {
  return mergePeriods(availablePieces(availability, range));
}

/**
 * The same date by date: windows of one date are merged with each other but not with the next date's, because each
 * piece is a grid of slots of its own. Sorted by start; pieces of two dates may overlap, and none is cut by `range`.
 */
export function availablePieces(availability: Availability, range: Period): readonly Period[] {
  const start = Math.max(range.start, COVERED.start);
  const end = Math.min(range.end, COVERED.end);
  if (!(start < end)) return [];

  const schedule = scheduleOf(availability);
  const segments = offsetSegments(availability.timeZone, { start: start - 4 * DAY, end: end + 4 * DAY });
  const pieces: Period[] = [];
  // Offsets are shorter than a day, and a window may have begun on the date before: two days of slack, and one after.
  const lastDay = Math.floor(end / DAY) + 1;
  let current = 0;
  for (let day = Math.floor(start / DAY) - 2; day <= lastDay; day += 1) {
    const windows = schedule.overrides.get(day) ?? schedule.weekly[weekdayOf(day)]!;
    if (windows.length === 0) continue;
    // Whatever the offset, the windows of this date fall between these two instants.
    const earliest = (day - 1) * DAY;
    const latest = (day + 3) * DAY;
    while (segments[current]!.end <= earliest) current += 1;
    const { offset, end: changesAt } = segments[current]!;
    const ofDate =
      latest <= changesAt ? shifted(windows, day * DAY - offset) : piecesAcrossChange(day, windows, segments);
    for (const piece of ofDate) if (overlaps(piece, range)) pieces.push(piece);
  }
  return sortedByStart(pieces);
}

function shifted(windows: readonly Period[], by: number): Period[] {
  return windows.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

function piecesAcrossChange(
  day: number,
  windows: readonly Period[],
  segments: readonly OffsetSegment[],
): Period[] {
  const midnight = day * DAY;
  // A zone that crosses the date line skips a date, and with it the windows that would have begun on it.
  if (instantsOfLocal({ start: midnight, end: midnight + DAY }, segments).length === 0) return [];
  return mergePeriods(shifted(windows, midnight).flatMap((window) => instantsOfLocal(window, segments)));
}

/** Windows as merged milliseconds since the midnight of the date they belong to. */
interface Schedule {
  /** Monday first. */
  readonly weekly: readonly (readonly Period[])[];
  /** By days since 1970-01-01. */
  readonly overrides: ReadonlyMap<number, readonly Period[]>;
}

/** One host's availability is asked many times between two changes of the record. */
const schedules = new WeakMap<Availability, Schedule>();

function scheduleOf(availability: Availability): Schedule {
  let schedule = schedules.get(availability);
  if (schedule === undefined) {
    schedule = {
      weekly: WEEKDAYS.map((weekday) =>
        merged(availability.weekly.filter(({ days }) => days.includes(weekday))),
      ),
      overrides: overridesByDay(availability.overrides),
    };
    schedules.set(availability, schedule);
  }
  return schedule;
}

function overridesByDay(overrides: readonly DateOverride[]): ReadonlyMap<number, readonly Period[]> {
  const windowsByDay = new Map<number, WallWindow[]>();
  for (const { date, windows } of overrides) {
    const day = parseLocalDate(date);
    if (day === undefined) continue;
    windowsByDay.set(day, [...(windowsByDay.get(day) ?? []), ...windows]);
  }
  return new Map([...windowsByDay].map(([day, windows]) => [day, merged(windows)]));
}

function merged(windows: readonly WallWindow[]): Period[] {
  return mergePeriods(
    windows.map(({ startMinute, endMinute }) => ({
      start: startMinute * MINUTE,
      end: endMinute * MINUTE + (endMinute <= startMinute ? DAY : 0),
    })),
  );
}

const WEEKDAYS: readonly Weekday[] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}
