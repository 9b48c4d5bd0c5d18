/** The days a rule names within one of its periods (RFC 5545 3.3.10, the table of what expands and what limits). */

import {
  civilDateOf,
  dayOf,
  daysInMonth,
  startOfWeek,
  startOfWeekYear,
  weekYearOf,
  weekdayOf,
} from "./civil-date.ts";
import type { RecurrenceRule, WeekdayPart } from "./recurrence-rule.ts";

/** Days since 1970-01-01, half-open. */
export interface DayRange {
  readonly first: number;
  readonly end: number;
}

/** What a rule repeats over: numbered from 0, the one that holds DTSTART, in steps of INTERVAL. */
export interface DayPeriods {
  rangeOf(index: number): DayRange;
  /** The last period that begins on or before `day`. May be negative. */
  indexOf(day: number): number;
}

/** The years, months, weeks or days of a rule that begins on `startDay`. Only for frequencies of a day and more. */
export function dayPeriods(rule: RecurrenceRule, startDay: number): DayPeriods {
  const { interval, weekStart } = rule;
  const { year, month } = civilDateOf(startDay);
  const regular = (first: number, length: number): DayPeriods => ({
    rangeOf: (index) => {
      const begins = first + index * length * interval;
      return { first: begins, end: begins + length };
    },
    indexOf: (day) => Math.floor((day - first) / (length * interval)),
  });
  switch (rule.frequency) {
    case "YEARLY": {
      // With BYWEEKNO the year is the one whose weeks are numbered: its week 1 may begin in December.
      const byWeeks = rule.byWeekNo.length > 0;
      const beginningOf = (which: number): number =>
        byWeeks ? startOfWeekYear(which, weekStart) : dayOf(which, 1, 1);
      const yearOf = (day: number): number => (byWeeks ? weekYearOf(day, weekStart) : civilDateOf(day).year);
      const base = byWeeks ? weekYearOf(startDay, weekStart) : year;
      return {
        rangeOf: (index) => {
          const which = base + index * interval;
          return { first: beginningOf(which), end: beginningOf(which + 1) };
        },
        indexOf: (day) => Math.floor((yearOf(day) - base) / interval),
      };
    }
    case "MONTHLY":
      return {
        rangeOf: (index) => {
          const which = month + index * interval;
          return { first: dayOf(year, which, 1), end: dayOf(year, which + 1, 1) };
        },
        indexOf: (day) => {
          const date = civilDateOf(day);
          return Math.floor(((date.year - year) * 12 + date.month - month) / interval);
        },
      };
    case "WEEKLY":
      return regular(startOfWeek(startDay, weekStart), 7);
    case "DAILY":
    case "HOURLY":
    case "MINUTELY":
    case "SECONDLY":
      return regular(startDay, 1);
  }
}

/** The rule with what DTSTART fills in: "monthly" from the 14th is "monthly on the 14th" (RFC 5545 3.3.10). */
export function withImpliedDays(rule: RecurrenceRule, startDay: number): RecurrenceRule {
  const { month, day } = civilDateOf(startDay);
  const byDay: readonly WeekdayPart[] = [{ ordinal: 0, weekday: weekdayOf(startDay) }];
  const unsaid = rule.byDay.length + rule.byMonthDay.length + rule.byYearDay.length === 0;
  switch (rule.frequency) {
    case "YEARLY":
      if (!unsaid) return rule;
      if (rule.byWeekNo.length > 0) return { ...rule, byDay };
      return { ...rule, byMonthDay: [day], byMonth: rule.byMonth.length > 0 ? rule.byMonth : [month] };
    case "MONTHLY":
      return unsaid ? { ...rule, byMonthDay: [day] } : rule;
    case "WEEKLY":
      return unsaid ? { ...rule, byDay } : rule;
    case "DAILY":
    case "HOURLY":
    case "MINUTELY":
    case "SECONDLY":
      return rule;
  }
}

/** Whether a day passes every BYxxx part that speaks of days. Ordinals count within the month or year of the rule. */
export function dayMatcher(rule: RecurrenceRule): (day: number) => boolean {
  const { byMonth, byWeekNo, byYearDay, byMonthDay, byDay, weekStart } = rule;
  const anyWeekday = new Set(byDay.filter(({ ordinal }) => ordinal === 0).map(({ weekday }) => weekday));
  const ordinals = byDay.filter(({ ordinal }) => ordinal !== 0);
  const countsInMonth = rule.frequency === "MONTHLY" || (rule.frequency === "YEARLY" && byMonth.length > 0);
  const ordinalsCount = countsInMonth || (rule.frequency === "YEARLY" && byWeekNo.length === 0);
  // RFC 5545 forbids ordinals anywhere else; what the author meant by "second Tuesday, weekly" is at least Tuesday.
  if (!ordinalsCount) for (const { weekday } of ordinals) anyWeekday.add(weekday);
  const needsDate = byMonth.length + byYearDay.length + byMonthDay.length > 0 || ordinals.length > 0;

  return (day) => {
    if (byWeekNo.length > 0 && !isInWeeks(day)) return false;
    if (!needsDate) return byDay.length === 0 || anyWeekday.has(weekdayOf(day));
    const date = civilDateOf(day);
    if (byMonth.length > 0 && !byMonth.includes(date.month)) return false;
    if (byYearDay.length > 0) {
      if (
        !isAmong(byYearDay, day - dayOf(date.year, 1, 1), dayOf(date.year + 1, 1, 1) - dayOf(date.year, 1, 1))
      ) {
        return false;
      }
    }
    const lengthOfMonth = daysInMonth(date.year, date.month);
    if (byMonthDay.length > 0 && !isAmong(byMonthDay, date.day - 1, lengthOfMonth)) return false;
    if (byDay.length === 0 || anyWeekday.has(weekdayOf(day))) return true;
    if (!ordinalsCount) return false;
    const first = countsInMonth ? day - date.day + 1 : dayOf(date.year, 1, 1);
    const length = countsInMonth ? lengthOfMonth : dayOf(date.year + 1, 1, 1) - first;
    const nth = Math.floor((day - first) / 7) + 1;
    const nthFromEnd = -Math.floor((first + length - 1 - day) / 7) - 1;
    const weekday = weekdayOf(day);
    return ordinals.some(
      (part) => part.weekday === weekday && (part.ordinal === nth || part.ordinal === nthFromEnd),
    );
  };

  function isInWeeks(day: number): boolean {
    const year = weekYearOf(day, weekStart);
    const first = startOfWeekYear(year, weekStart);
    return isAmong(
      byWeekNo,
      Math.floor((day - first) / 7),
      (startOfWeekYear(year + 1, weekStart) - first) / 7,
    );
  }
}

/** Whether the list names the place `index` (from 0) of `length`, counted from the front or, where negative, the back. */
function isAmong(list: readonly number[], index: number, length: number): boolean {
  return list.includes(index + 1) || list.includes(index - length);
}
