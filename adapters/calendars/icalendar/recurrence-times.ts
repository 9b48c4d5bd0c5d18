/** The times of day a rule names: BYHOUR, BYMINUTE and BYSECOND, each DTSTART's own where not given (RFC 5545 3.3.10). */

import { MINUTE } from "../../../scheduling/time-zone.ts";
import type { RecurrenceRule } from "./recurrence-rule.ts";

export const SECOND_MS = 1000;
export const HOUR_MS = 3_600_000;

/** Milliseconds from midnight, ascending. At most one for every second of a day. `start` is local milliseconds. */
export function timesOfDay(rule: RecurrenceRule, start: number): number[] {
  return timesWithin(rule.byHour, HOUR_MS, start, 24).flatMap((hour) =>
    timesOfHour(rule, start).map((time) => hour + time),
  );
}

/** How many `timesOfDay` there are, without making them. */
export function countOfTimes({ byHour, byMinute, bySecond }: RecurrenceRule): number {
  return Math.max(1, byHour.length) * Math.max(1, byMinute.length) * Math.max(1, bySecond.length);
}

/** Milliseconds from the full hour, ascending. */
export function timesOfHour(rule: RecurrenceRule, start: number): number[] {
  return timesWithin(rule.byMinute, MINUTE, start, 60).flatMap((minute) =>
    timesOfMinute(rule, start).map((time) => minute + time),
  );
}

/** Milliseconds from the full minute, ascending. */
export function timesOfMinute(rule: RecurrenceRule, start: number): number[] {
  return timesWithin(rule.bySecond, SECOND_MS, start, 60);
}

function timesWithin(list: readonly number[], unit: number, start: number, size: number): number[] {
  const given = list.length > 0 ? list : [unitsOf(start, unit, size)];
  return given.map((value) => value * unit);
}

/** Which hour of its day, minute of its hour or second of its minute a local time is in. */
export function unitsOf(local: number, unit: number, size: number): number {
  return ((Math.floor(local / unit) % size) + size) % size;
}
