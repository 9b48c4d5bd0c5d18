/** HOURLY, MINUTELY and SECONDLY (RFC 5545 3.3.10): evenly spaced steps, of which the BYxxx parts leave some. */

import { DAY, MINUTE } from "../../../scheduling/time-zone.ts";
import type { Collector } from "./recurrence-collector.ts";
import { dayMatcher } from "./recurrence-days.ts";
import type { RecurrenceRule } from "./recurrence-rule.ts";
import { HOUR_MS, SECOND_MS, timesOfHour, timesOfMinute, unitsOf } from "./recurrence-times.ts";

/** Only for the three frequencies below a day. A step that fails leaps to the next day, hour, minute or second allowed. */
export function subDayInstances(rule: RecurrenceRule, jump: boolean, collector: Collector): void {
  const { start, window, until } = collector.question;
  const unit = rule.frequency === "HOURLY" ? HOUR_MS : rule.frequency === "MINUTELY" ? MINUTE : SECOND_MS;
  const step = unit * rule.interval;
  const base = Math.floor(start / unit) * unit;
  const matches = dayMatcher(rule);
  const offsets = placesWithin(rule, start);
  const last = Math.min(until, window.end);
  let checkedDay = Number.NaN;

  const firstFrom = (local: number): number => base + Math.ceil((local - base) / step) * step;
  let local = jump ? Math.max(base, firstFrom(window.start - step)) : base;
  while (local <= last) {
    if (!collector.pay(1 + offsets.length, local)) return;
    const day = Math.floor(local / DAY);
    if (day !== checkedDay && !matches(day)) {
      local = firstFrom((day + 1) * DAY);
      continue;
    }
    checkedDay = day;
    const allowed = nextAllowed(rule, local, unit);
    if (allowed > local) {
      local = firstFrom(allowed);
      continue;
    }
    for (const offset of offsets) {
      if (local + offset >= start && !collector.take(local + offset)) return;
    }
    local += step;
  }
}

/** What each step expands to, in milliseconds from its beginning, after BYSETPOS. Ascending. */
function placesWithin(rule: RecurrenceRule, start: number): number[] {
  const all =
    rule.frequency === "HOURLY"
      ? timesOfHour(rule, start)
      : rule.frequency === "MINUTELY"
        ? timesOfMinute(rule, start)
        : [0];
  const { bySetPos } = rule;
  if (bySetPos.length === 0) return all;
  return all.filter((_, place) => bySetPos.includes(place + 1) || bySetPos.includes(place - all.length));
}

/** `local` where its hour, minute and second are allowed; otherwise the earliest later time that may be. */
function nextAllowed(rule: RecurrenceRule, local: number, unit: number): number {
  let allowed = nextInList(rule.byHour, local, HOUR_MS, 24);
  if (allowed > local || unit === HOUR_MS) return allowed;
  allowed = nextInList(rule.byMinute, local, MINUTE, 60);
  if (allowed > local || unit === MINUTE) return allowed;
  return nextInList(rule.bySecond, local, SECOND_MS, 60);
}

/** `list` is sorted. Beyond its last the next larger unit begins. */
function nextInList(list: readonly number[], local: number, unit: number, size: number): number {
  if (list.length === 0) return local;
  const now = unitsOf(local, unit, size);
  const next = list.find((value) => value >= now) ?? size;
  return next === now ? local : (Math.floor(local / unit) + next - now) * unit;
}
