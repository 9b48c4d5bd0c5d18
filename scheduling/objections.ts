/** What takes slots away: busy time, bookings and holds with their buffers, and full days and weeks. No I/O, no clock. */

import { overlaps } from "./period.ts";
import type { Period } from "./period.ts";
import type { Reason, TakenBy } from "./reason.ts";
import type { BlockingBooking, Claim, Hold, SlotQuestion } from "./slot-question.ts";
import { MINUTE, instantsOfLocalDays, localDayOf } from "./time-zone.ts";

/**
 * Hears that no slot may start in `[from, to)` because of `by`; `reason` puts that into words for one slot in it. Thousands
 * are heard for one list, so nothing is made for them in advance.
 */
export type Raise = <By>(from: number, to: number, by: By, reason: (by: By, slot: Period) => Reason) => void;

/** Raises every objection to slots that start in `within`, in no order but that of their kinds. */
export function eachObjection(question: SlotQuestion, within: Period, raise: Raise): void {
  eachTaken(question, within, raise);
  eachFull(question, within, raise);
}

/**
 * Buffers are not stacked: the larger of the two that face each other is the distance to keep. Busy time has none of
 * its own, so it keeps the slot's.
 */
function eachTaken(question: SlotQuestion, within: Period, raise: Raise): void {
  const { occupancy, meetingType, durationMinutes } = question;
  const before = meetingType.bufferBeforeMinutes * MINUTE;
  const after = meetingType.bufferAfterMinutes * MINUTE;
  // The start that ends just in time is free, and the period is half-open: hence the 1 ms.
  const length = durationMinutes * MINUTE - 1;

  const earliestEnd = within.start - before;
  const latestStart = within.end + after + length;
  for (const busy of occupancy.busy) {
    const { start, end } = busy;
    if (start < latestStart && earliestEnd < end && start < end) {
      raise(start - after - length, end + before, busy, busyReason);
    }
  }
  const objectToClaim = <By extends Claim>(by: By, reason: (by: By, slot: Period) => Reason): void => {
    const from = by.start - Math.max(after, by.bufferBeforeMinutes * MINUTE) - length;
    const to = by.end + Math.max(before, by.bufferAfterMinutes * MINUTE);
    if (from < within.end && within.start < to) raise(from, to, by, reason);
  };
  for (const booking of occupancy.bookings) objectToClaim(booking, bookedReason);
  for (const hold of occupancy.holds) if (isForeign(hold, question)) objectToClaim(hold, heldReason);
}

/** A day or an ISO week of the host's zone is full when as many bookings and holds of this meeting type start in it as may. */
function eachFull(question: SlotQuestion, within: Period, raise: Raise): void {
  const { meetingType, availability, occupancy } = question;
  const { maxPerDay, maxPerWeek, rkey } = meetingType;
  if (maxPerDay === undefined && maxPerWeek === undefined) return;

  const perDay = new Map<number, number>();
  const perWeek = new Map<number, number>();
  const count = (start: number): void => {
    const day = localDayOf(start, availability.timeZone);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
    perWeek.set(mondayOf(day), (perWeek.get(mondayOf(day)) ?? 0) + 1);
  };
  for (const booking of occupancy.bookings) if (booking.meetingTypeRkey === rkey) count(booking.start);
  for (const hold of occupancy.holds) {
    if (hold.meetingTypeRkey === rkey && isForeign(hold, question)) count(hold.start);
  }

  const objectToFull = (counts: ReadonlyMap<number, number>, days: number, limit: Limit): void => {
    for (const [firstDay, starts] of counts) {
      if (starts < limit.max) continue;
      for (const full of instantsOfLocalDays(firstDay, firstDay + days - 1, availability.timeZone)) {
        if (overlaps(full, within)) raise(full.start, full.end, limit, fullReason);
      }
    }
  };
  if (maxPerDay !== undefined) objectToFull(perDay, 1, { per: "day", max: maxPerDay });
  if (maxPerWeek !== undefined) objectToFull(perWeek, 7, { per: "week", max: maxPerWeek });
}

interface Limit {
  readonly per: "day" | "week";
  readonly max: number;
}

/** ISO 8601: weeks begin on Monday. 1970-01-01 was a Thursday. */
function mondayOf(day: number): number {
  return Math.floor((day + 3) / 7) * 7 - 3;
}

/** A hold that has not run out and is not that of the one who asks. */
function isForeign(hold: Hold, { now, viewerDid }: SlotQuestion): boolean {
  return now < hold.expiresAt && hold.bookerDid !== viewerDid;
}

function busyReason({ start, end }: Period, slot: Period): Reason {
  return takenOrNear({ code: "busy", period: { start, end } }, slot);
}

function bookedReason({ uid, start, end }: BlockingBooking, slot: Period): Reason {
  return takenOrNear({ code: "booked", uid, period: { start, end } }, slot);
}

function heldReason({ expiresAt, start, end }: Hold, slot: Period): Reason {
  return takenOrNear({ code: "held", expiresAt, period: { start, end } }, slot);
}

function fullReason({ per, max }: Limit): Reason {
  return { code: "limit_reached", per, max };
}

function takenOrNear(by: TakenBy, slot: Period): Reason {
  return overlaps(by.period, slot) ? by : { code: "buffer", of: by };
}
