/**
 * The local times at which a rule falls, within a window and a budget (RFC 5545 3.3.10).
 *
 * All arithmetic is on integers of the local time line (the wall time read as if it were UTC, in milliseconds), where every
 * day has 24 hours; what a zone makes of a result is the caller's matter. DTSTART is given only where the rule gives it:
 * RFC 5545 leaves a DTSTART outside its rule undefined, and servers and libraries alike leave it out.
 */

import { ruleBudget } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { DAY, MINUTE } from "../../../scheduling/time-zone.ts";
import { Collector } from "./recurrence-collector.ts";
import type { RuleInstances, RuleQuestion } from "./recurrence-collector.ts";
import { dayMatcher, dayPeriods, withImpliedDays } from "./recurrence-days.ts";
import type { RecurrenceRule } from "./recurrence-rule.ts";
import { subDayInstances } from "./recurrence-sub-day.ts";
import { HOUR_MS, SECOND_MS, countOfTimes, timesOfDay } from "./recurrence-times.ts";

/** Costs what the window costs, unless COUNT together with a BYxxx part obliges us to count from DTSTART. */
export function instancesOfRule(rule: RecurrenceRule, question: RuleQuestion, feed: Budget): RuleInstances {
  const budget = ruleBudget(feed);
  const lastByCount = lastOfPlainCount(rule, question.start);
  const jump = rule.count === undefined || lastByCount !== undefined;
  const until = Math.min(question.until, lastByCount ?? Number.POSITIVE_INFINITY);
  const collector = new Collector({ ...question, until }, jump ? undefined : rule.count, budget);
  if (rule.frequency === "HOURLY" || rule.frequency === "MINUTELY" || rule.frequency === "SECONDLY") {
    // "Every hour" of a DATE has no meaning; the date itself stays.
    if (question.isDate) collector.take(question.start);
    else subDayInstances(rule, jump, collector);
  } else {
    dayInstances(withImpliedDays(rule, Math.floor(question.start / DAY)), jump, collector);
  }
  budget.giveBack();
  return { locals: collector.locals, overrunAt: collector.overrunAt };
}

function dayInstances(rule: RecurrenceRule, jump: boolean, collector: Collector): void {
  const { start, isDate, window, until } = collector.question;
  const startDay = Math.floor(start / DAY);
  const windowDay = Math.floor(window.start / DAY);
  const lastDay = Math.floor(Math.min(until, window.end) / DAY);
  const periods = dayPeriods(rule, startDay);
  const stepsPerDay = costOfDay(rule);
  const first = jump ? Math.max(0, periods.indexOf(windowDay)) : 0;
  if (!collector.pay(isDate ? 1 : countOfTimes(rule), window.start)) return;
  const matches = dayMatcher(rule);
  const times = isDate ? [0] : timesOfDay(rule, start);

  for (let index = first; ; index += 1) {
    const range = periods.rangeOf(index);
    if (range.first > lastDay) return;
    if (!collector.pay(1 + (range.end - range.first) * stepsPerDay + rule.bySetPos.length, range.first * DAY))
      return;
    const days: number[] = [];
    for (let day = range.first; day < range.end; day += 1) if (matches(day)) days.push(day);

    if (rule.bySetPos.length > 0) {
      for (const local of atPositions(rule.bySetPos, days, times)) {
        if (local >= start && !collector.take(local)) return;
      }
      continue;
    }
    for (const day of days) {
      if (day < startDay) continue;
      if (day > startDay && day < Math.min(windowDay, lastDay)) {
        if (!collector.skip(times.length)) return;
        continue;
      }
      if (!collector.pay(times.length, day * DAY)) return;
      for (const time of times) {
        const local = day * DAY + time;
        if (local >= start && !collector.take(local)) return;
      }
    }
  }
}

/** Long lists take time to look through, and are paid for accordingly. */
function costOfDay({ byYearDay, byMonthDay, byDay }: RecurrenceRule): number {
  return 1 + Math.floor((byYearDay.length + byMonthDay.length + byDay.length) / 16);
}

/** BYSETPOS: the places, counted from either end, in the set of all days with all times. Ascending. */
function atPositions(
  positions: readonly number[],
  days: readonly number[],
  times: readonly number[],
): number[] {
  const size = days.length * times.length;
  const places = new Set<number>();
  for (const position of positions) {
    const place = position > 0 ? position - 1 : size + position;
    if (place >= 0 && place < size) places.add(place);
  }
  return [...places]
    .toSorted((a, b) => a - b)
    .map((place) => days[Math.floor(place / times.length)]! * DAY + times[place % times.length]!);
}

/** Without any BYxxx part the instances of these frequencies are evenly spaced, and COUNT is an UNTIL nobody has to count to. */
function lastOfPlainCount(rule: RecurrenceRule, start: number): number | undefined {
  const { bySecond, byMinute, byHour, byDay, byMonthDay, byYearDay, byWeekNo, byMonth, bySetPos } = rule;
  const step = stepOf(rule);
  if (rule.count === undefined || step === undefined) return undefined;
  const lists = [bySecond, byMinute, byHour, byDay, byMonthDay, byYearDay, byWeekNo, byMonth, bySetPos];
  if (lists.some((list) => list.length > 0)) return undefined;
  return start + (rule.count - 1) * rule.interval * step;
}

function stepOf({ frequency }: RecurrenceRule): number | undefined {
  switch (frequency) {
    case "SECONDLY":
      return SECOND_MS;
    case "MINUTELY":
      return MINUTE;
    case "HOURLY":
      return HOUR_MS;
    case "DAILY":
      return DAY;
    case "WEEKLY":
      return 7 * DAY;
    case "MONTHLY":
    case "YEARLY":
      return undefined;
  }
}
