/** The proleptic Gregorian calendar on integers: days since 1970-01-01, without Date objects. */

/** A date of the calendar; `month` and `day` count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Monday is 0 and Sunday 6, the order in which RFC 5545 weeks run unless WKST says otherwise. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Days since 1970-01-01. Months outside 1..12 carry into the year; days outside the month carry into its neighbours. */
export function dayOf(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1;
  // March first, so that the leap day is the last of its year.
  const shifted = months - 2;
  const marchYear = Math.floor(shifted / 12);
  const monthFromMarch = shifted - marchYear * 12;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a number of days since 1970-01-01. */
export function civilDateOf(day: number): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  return dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

/** The weekday of a number of days since 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return ((((day + 3) % 7) + 7) % 7) as Weekday;
}

/** The first day of the week that holds `day`. */
export function startOfWeek(day: number, firstWeekday: Weekday): number {
  return day - ((weekdayOf(day) - firstWeekday + 7) % 7);
}

/** The first day of week 1 of a year: the first week with at least four days in it (RFC 5545 3.3.10, BYWEEKNO). */
export function startOfWeekYear(year: number, firstWeekday: Weekday): number {
  return startOfWeek(dayOf(year, 1, 4), firstWeekday);
}

/** The year whose numbered weeks hold `day`; differs from the calendar's year around New Year. */
export function weekYearOf(day: number, firstWeekday: Weekday): number {
  const { year } = civilDateOf(day);
  if (day < startOfWeekYear(year, firstWeekday)) return year - 1;
  return day >= startOfWeekYear(year + 1, firstWeekday) ? year + 1 : year;
}
