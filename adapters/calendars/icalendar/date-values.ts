/** The values of RFC 5545 3.3 that tell time: DATE, DATE-TIME, DURATION and PERIOD. What is malformed is undefined. */

import { DAY } from "../../../scheduling/time-zone.ts";
import { dayOf, daysInMonth } from "./civil-date.ts";

/** A DATE or DATE-TIME as written, before any zone is applied. */
export interface DateValue {
  /** Milliseconds on the local time line: the wall time read as if it were UTC. A DATE is its midnight. */
  readonly local: number;
  readonly form: "date" | "local" | "utc";
}

/** RFC 5545 3.3.6: days and weeks are nominal (a wall clock's), hours and less are exact. */
export interface Length {
  readonly days: number;
  /** Milliseconds. */
  readonly exact: number;
}

/** `DATE` or `DATE-TIME` (RFC 5545 3.3.4 and 3.3.5); a leap second counts as the second before it. */
export function parseDateValue(text: string): DateValue | undefined {
  const match = /^\s*(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const midnight = dayOf(year, month, day) * DAY;
  if (match[4] === undefined) return { local: midnight, form: "date" };
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return undefined;
  const local = midnight + (hour * 3600 + minute * 60 + Math.min(second, 59)) * 1000;
  return { local, form: match[7] === undefined ? "local" : "utc" };
}

/** `DURATION` (RFC 5545 3.3.6). Negative ones are read; what they mean is for the caller. */
export function parseLength(text: string): Length | undefined {
  const match =
    /^\s*([+-])?P(?=[\dT])(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\s*$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((digits) => Number(digits ?? 0));
  const sign = match[1] === "-" ? -1 : 1;
  return {
    days: sign * (weeks! * 7 + days!),
    exact: sign * ((hours! * 60 + minutes!) * 60 + seconds!) * 1000,
  };
}

/** `PERIOD` (RFC 5545 3.3.9), split but not resolved: the second part is an end or a length. */
export function parsePeriodValue(
  text: string,
): { readonly start: DateValue; readonly end: DateValue | Length } | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const start = parseDateValue(text.slice(0, slash));
  const rest = text.slice(slash + 1);
  const end = parseDateValue(rest) ?? parseLength(rest);
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** Milliseconds of `+0100`, `-033000` and the like (RFC 5545 3.3.14 UTC-OFFSET). */
export function parseUtcOffset(text: string): number | undefined {
  const match = /^\s*([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?\s*$/.exec(text);
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  // Offsets of a day or more are nobody's.
  if (seconds >= 86_400) return undefined;
  return (match[1] === "-" ? -seconds : seconds) * 1000;
}
