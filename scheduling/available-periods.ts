/** An availability as instants: windows of local dates laid over the offsets of their zones. No I/O, no clock. */

import type { Availability } from "./availability.ts";
import { mergePeriods, overlaps, sortedByStart } from "./period.ts";
import type { Period } from "./period.ts";
import { COVERED, DAY, instantsOfLocal, offsetSegments } from "./time-zone.ts";
import type { OffsetSegment } from "./time-zone.ts";
import { hoursOfDay, planOf } from "./windows-of-date.ts";
import type { HoursOfDay, Plan } from "./windows-of-date.ts";

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
  return piecesOf(planOf(availability), range);
}

/** What would be available if no date had an override: as availablePeriods. */
export function ordinaryPeriods(availability: Availability, range: Period): Period[] {
  return mergePeriods(piecesOf({ ...planOf(availability), ignoresOverrides: true }, range));
}

/** An override that changes what is available: its local date as days since 1970-01-01, and whose it is. */
export interface OverrideInForce {
  readonly day: number;
  readonly availabilityRkey: string;
}

/** The first override that changes something in `range`: its date's ordinary windows would touch it. */
export function overrideIn(availability: Availability, range: Period): OverrideInForce | undefined {
  const plan = planOf(availability);
  const found: OverrideInForce[] = [];
  eachDay({ ...plan, ignoresOverrides: true }, range, (day, pieces) => {
    const { isOverride, availabilityRkey } = hoursOfDay(plan, day);
    if (isOverride && pieces.some((piece) => overlaps(piece, range))) found.push({ day, availabilityRkey });
  });
  return found[0];
}

function piecesOf(plan: Plan, range: Period): readonly Period[] {
  const pieces: Period[] = [];
  eachDay(plan, range, (_day, found) => {
    for (const piece of found) if (overlaps(piece, range)) pieces.push(piece);
  });
  return sortedByStart(pieces);
}

/** Visits, in order, every local date whose windows might touch `range`, with their instants. */
function eachDay(plan: Plan, range: Period, visit: (day: number, pieces: readonly Period[]) => void): void {
  const start = Math.max(range.start, COVERED.start);
  const end = Math.min(range.end, COVERED.end);
  if (!(start < end)) return;

  const timelines = new Map<string, Timeline>();
  let timeline: Timeline | undefined;
  // Offsets are shorter than a day, and a window may have begun on the date before: two days of slack, and one after.
  const lastDay = Math.floor(end / DAY) + 1;
  for (let day = Math.floor(start / DAY) - 2; day <= lastDay; day += 1) {
    const hours = hoursOfDay(plan, day);
    if (hours.windows.length === 0) continue;
    if (timeline?.timeZone !== hours.timeZone) {
      timeline = timelines.get(hours.timeZone) ?? timelineOf(hours.timeZone, { start, end });
      timelines.set(hours.timeZone, timeline);
    }
    visit(day, piecesOfDay(day, hours, timeline));
  }
}

/** The offsets of one zone, and how far a walk through the days has come in them. */
interface Timeline {
  readonly timeZone: string;
  readonly segments: readonly OffsetSegment[];
  current: number;
}

function timelineOf(timeZone: string, { start, end }: Period): Timeline {
  return {
    timeZone,
    segments: offsetSegments(timeZone, { start: start - 4 * DAY, end: end + 4 * DAY }),
    current: 0,
  };
}

function piecesOfDay(day: number, { windows }: HoursOfDay, timeline: Timeline): readonly Period[] {
  const { segments } = timeline;
  // Whatever the offset, the windows of this date fall between these two instants.
  const earliest = (day - 1) * DAY;
  const latest = (day + 3) * DAY;
  while (segments[timeline.current]!.end <= earliest) timeline.current += 1;
  const { offset, end: changesAt } = segments[timeline.current]!;
  return latest <= changesAt
    ? shifted(windows, day * DAY - offset)
    : piecesAcrossChange(day, windows, segments);
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
