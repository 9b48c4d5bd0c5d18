/** RRULE as written (RFC 5545 3.3.10), checked and put in order. What it means is in recurrence-dates.ts. */

import type { Weekday } from "./civil-date.ts";
import { parseDateValue } from "./date-values.ts";
import type { DateValue } from "./date-values.ts";

const FREQUENCIES = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** `ordinal` 0 means every one; 2 the second and -1 the last of the month or year. */
export interface WeekdayPart {
  readonly ordinal: number;
  readonly weekday: Weekday;
}

/** Every list is sorted and without repetition; an empty list is a part that was not given. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  readonly until: DateValue | undefined;
  readonly weekStart: Weekday;
  readonly bySecond: readonly number[];
  readonly byMinute: readonly number[];
  readonly byHour: readonly number[];
  readonly byDay: readonly WeekdayPart[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
}

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** No list of a sensible rule is longer (every second of a minute, every day of a year), nor any text. */
const MAX_LIST = 800;
const MAX_TEXT = 8000;

/**
 * The rule, or undefined where it breaks RFC 5545 in a way that leaves its meaning open. A calendar scale of RFC 7529
 * other than the Gregorian one, and any SKIP but OMIT, is refused too. Unknown parts and stray semicolons are not.
 */
export function parseRecurrenceRule(text: string): RecurrenceRule | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(";")) {
    const equals = part.indexOf("=");
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  if ((parts.get("RSCALE") ?? "GREGORIAN") !== "GREGORIAN" || (parts.get("SKIP") ?? "OMIT") !== "OMIT") {
    return undefined;
  }

  const frequency = FREQUENCIES.find((name) => name === parts.get("FREQ"));
  const interval = positive(parts.get("INTERVAL") ?? "1");
  const count = parts.has("COUNT") ? positive(parts.get("COUNT")!) : undefined;
  const until = parts.has("UNTIL") ? parseDateValue(parts.get("UNTIL")!) : undefined;
  const weekStart = WEEKDAYS.indexOf(parts.get("WKST") ?? "MO");
  if (frequency === undefined || interval === undefined || weekStart < 0) return undefined;
  if ((parts.has("COUNT") && count === undefined) || (parts.has("UNTIL") && until === undefined))
    return undefined;

  const lists = {
    bySecond: numbers(parts.get("BYSECOND"), 0, 59, 60),
    byMinute: numbers(parts.get("BYMINUTE"), 0, 59),
    byHour: numbers(parts.get("BYHOUR"), 0, 23),
    byMonthDay: signedNumbers(parts.get("BYMONTHDAY"), 31),
    byYearDay: signedNumbers(parts.get("BYYEARDAY"), 366),
    byWeekNo: signedNumbers(parts.get("BYWEEKNO"), 53),
    byMonth: numbers(parts.get("BYMONTH"), 1, 12),
    bySetPos: signedNumbers(parts.get("BYSETPOS"), 366),
  };
  const byDay = weekdayParts(parts.get("BYDAY"));
  const { bySecond, byMinute, byHour, byMonthDay, byYearDay, byWeekNo, byMonth, bySetPos } = lists;
  if (!bySecond || !byMinute || !byHour || !byMonthDay || !byYearDay || !byWeekNo || !byMonth || !bySetPos) {
    return undefined;
  }
  if (byDay === undefined) return undefined;
  return {
    frequency,
    interval,
    count,
    until,
    weekStart: weekStart as Weekday,
    bySecond,
    byMinute,
    byHour,
    byDay,
    byMonthDay,
    byYearDay,
    byWeekNo,
    byMonth,
    bySetPos,
  };
}

function positive(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

/** `tolerated` is allowed and means `max`: BYSECOND=60 is a leap second, which our time line does not have. */
function numbers(text: string | undefined, min: number, max: number, tolerated = max): number[] | undefined {
  const found = new Set<number>();
  for (const item of items(text)) {
    const value = /^\+?\d{1,3}$/.test(item) ? Number(item) : -1;
    if (value < min || value > tolerated) return undefined;
    found.add(Math.min(value, max));
  }
  return [...found].toSorted((a, b) => a - b);
}

function signedNumbers(text: string | undefined, max: number): number[] | undefined {
  const found = new Set<number>();
  for (const item of items(text)) {
    const value = /^[+-]?\d{1,3}$/.test(item) ? Number(item) : 0;
    if (value === 0 || Math.abs(value) > max) return undefined;
    found.add(value);
  }
  return [...found].toSorted((a, b) => a - b);
}

function weekdayParts(text: string | undefined): WeekdayPart[] | undefined {
  const found = new Map<string, WeekdayPart>();
  for (const item of items(text)) {
    const match = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(item);
    const ordinal = Number(match?.[1] ?? 0);
    if (match === null || Math.abs(ordinal) > 53 || (match[1] !== undefined && ordinal === 0))
      return undefined;
    const weekday = WEEKDAYS.indexOf(match[2]!) as Weekday;
    found.set(`${ordinal},${weekday}`, { ordinal, weekday });
  }
  return [...found.values()];
}

function items(text: string | undefined): string[] {
  if (text === undefined) return [];
  return text
    .split(",", MAX_LIST)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
