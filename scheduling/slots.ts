/** Which slots of a meeting type are free: one set of rules that both lists them and judges one. No I/O, no clock. */

import { availablePieces } from "./availability.ts";
import type { Availability } from "./availability.ts";
import type { MeetingType } from "./meeting-type.ts";
import { clipPeriods, mergePeriods, overlaps } from "./period.ts";
import type { Period } from "./period.ts";
import { accepted, refused } from "./refusal.ts";
import type { Result } from "./refusal.ts";
import { DAY, MINUTE, instantsOfLocal, localDayOf, offsetSegments, startOfLocalDay } from "./time-zone.ts";

/** A pending or confirmed booking: its own period, and the distance it keeps from other bookings. */
export interface BlockingBooking extends Period {
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/** What already takes the host's time. */
export interface Occupancy {
  readonly bookings: readonly BlockingBooking[];
  /** Periods taken by something outside the broker. */
  readonly busy: readonly Period[];
}

export interface SlotQuestion {
  readonly meetingType: MeetingType;
  /** The one that the meeting type points at. */
  readonly availability: Availability;
  readonly occupancy: Occupancy;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The free slots whose start lies in `range`, in order. The host's zone is the availability's. */
export function listSlots(question: SlotQuestion, range: Period): Period[] {
  if (!question.meetingType.active) return [];
  const length = question.meetingType.durationMinutes * MINUTE;
  const notTooSoon = { start: Math.max(range.start, earliestStart(question)), end: range.end };
  const slots: Period[] = [];
  for (const within of clipPeriods(startsWithinHorizon(question), notTooSoon)) {
    const taken = takenStarts(question, within);
    let next = 0;
    for (const start of offeredStarts(question, within)) {
      while (next < taken.length && taken[next]!.end <= start) next += 1;
      if (next < taken.length && taken[next]!.start <= start) continue;
      slots.push({ start, end: start + length });
    }
  }
  return slots;
}

/**
 * The slot that starts at `start`, or why it cannot be booked. Refusals, the first that holds: MeetingTypeInactive,
 * OutsideAvailability (outside the windows or off their grid), TooSoon, BeyondHorizon, SlotTaken.
 */
export function judgeSlot(question: SlotQuestion, start: number): Result<Period> {
  const { active, durationMinutes, minimumNoticeMinutes, horizonDays } = question.meetingType;
  const within = { start, end: start + 1 };
  if (!active) return refused({ code: "MeetingTypeInactive" });
  if (!offeredStarts(question, within).includes(start)) return refused({ code: "OutsideAvailability" });
  if (start < earliestStart(question)) return refused({ code: "TooSoon", minimumNoticeMinutes });
  if (clipPeriods(startsWithinHorizon(question), within).length === 0) {
    return refused({ code: "BeyondHorizon", horizonDays });
  }
  if (takenStarts(question, within).length > 0) return refused({ code: "SlotTaken" });
  return accepted({ start, end: start + durationMinutes * MINUTE });
}

/** The starts in `within` that the host's windows and their grids allow, ascending. */
function offeredStarts({ meetingType, availability }: SlotQuestion, within: Period): number[] {
  const length = meetingType.durationMinutes * MINUTE;
  const step = meetingType.slotIntervalMinutes * MINUTE;
  const pieces = availablePieces(availability, { start: within.start, end: within.end + length });
  const open = mergePeriods(pieces);
  const starts: number[] = [];
  let isAscending = true;
  let last = Number.NEGATIVE_INFINITY;
  let around = 0;
  for (const piece of pieces) {
    // The grid ends with its piece, but a slot may run on into the next one.
    while (open[around]!.end <= piece.start) around += 1;
    const end = Math.min(piece.end, within.end, open[around]!.end - length + 1);
    const skippedSteps = Math.max(0, Math.ceil((within.start - piece.start) / step));
    for (let start = piece.start + skippedSteps * step; start < end; start += step) {
      if (start <= last) isAscending = false;
      starts.push(start);
      last = start;
    }
  }
  // Only a night window that runs into the next date's windows can interleave two grids.
  return isAscending ? starts : [...new Set(starts)].toSorted((a, b) => a - b);
}

function earliestStart({ meetingType, now }: SlotQuestion): number {
  return now + meetingType.minimumNoticeMinutes * MINUTE;
}

/** The instants from now on whose local date is at most today + horizonDays; more than one period only across a fold. */
function startsWithinHorizon({ meetingType, availability: { timeZone }, now }: SlotQuestion): Period[] {
  const lastDay = localDayOf(now, timeZone) + meetingType.horizonDays;
  const local = { start: lastDay * DAY, end: (lastDay + 1) * DAY };
  const segments = offsetSegments(timeZone, { start: local.start - DAY, end: local.end + DAY });
  const untilNextDate = { start: now, end: startOfLocalDay(lastDay + 1, timeZone) };
  return mergePeriods([untilNextDate, ...instantsOfLocal(local, segments)]);
}

/** The starts that touch `within` and would collide with something, sorted and disjoint. */
function takenStarts({ meetingType, occupancy }: SlotQuestion, within: Period): Period[] {
  const length = meetingType.durationMinutes * MINUTE;
  const before = meetingType.bufferBeforeMinutes * MINUTE;
  const after = meetingType.bufferAfterMinutes * MINUTE;
  const taken: Period[] = [];

  /** Buffers are not stacked: the larger of the two that face each other is the distance to keep. */
  const block = (period: Period, itsBefore: number, itsAfter: number): void => {
    if (!(period.start < period.end)) return;
    const starts = {
      // The start that ends just in time is free, and the period is half-open: hence the 1 ms.
      start: period.start - Math.max(after, itsBefore) - length + 1,
      end: period.end + Math.max(before, itsAfter),
    };
    if (overlaps(starts, within)) taken.push(starts);
  };

  for (const booking of occupancy.bookings) {
    block(booking, booking.bufferBeforeMinutes * MINUTE, booking.bufferAfterMinutes * MINUTE);
  }
  for (const busy of occupancy.busy) block(busy, 0, 0);
  return mergePeriods(taken);
}
