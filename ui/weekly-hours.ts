/** The weekly part of an availability as an editor holds it: windows by weekday. Pure; the worker judges the result. */

import type { AvailabilityInput, WindowJson } from "../worker/wire.ts";

export const WEEKDAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const;
export type WeekdayCode = (typeof WEEKDAYS)[number];

export const WEEKDAY_NAMES: Readonly<Record<WeekdayCode, string>> = {
  mo: "Monday",
  tu: "Tuesday",
  we: "Wednesday",
  th: "Thursday",
  fr: "Friday",
  sa: "Saturday",
  su: "Sunday",
};

export type WeeklyHours = Readonly<Record<WeekdayCode, readonly WindowJson[]>>;

const OFFICE_HOURS: readonly WindowJson[] = [{ start: "09:00", end: "17:00" }];

/** Monday to Friday, 09:00–17:00. */
export const DEFAULT_HOURS: WeeklyHours = {
  mo: OFFICE_HOURS,
  tu: OFFICE_HOURS,
  we: OFFICE_HOURS,
  th: OFFICE_HOURS,
  fr: OFFICE_HOURS,
  sa: [],
  su: [],
};

/** The record's list as windows by weekday, each day in order. */
export function hoursFromWeekly(weekly: AvailabilityInput["weekly"]): WeeklyHours {
  const hours: Record<WeekdayCode, WindowJson[]> = { mo: [], tu: [], we: [], th: [], fr: [], sa: [], su: [] };
  for (const { days, start, end } of weekly) {
    for (const day of WEEKDAYS) if (days.includes(day)) hours[day].push({ start, end });
  }
  for (const day of WEEKDAYS) hours[day].sort((a, b) => a.start.localeCompare(b.start));
  return hours;
}

/** Windows by weekday as the record's list; weekdays with the same window share an entry. */
export function weeklyFromHours(hours: WeeklyHours): AvailabilityInput["weekly"] {
  const entries = new Map<string, { days: string[] } & WindowJson>();
  for (const day of WEEKDAYS) {
    for (const { start, end } of hours[day]) {
      const key = `${start} ${end}`;
      const entry = entries.get(key) ?? { days: [], start, end };
      if (!entry.days.includes(day)) entry.days.push(day);
      entries.set(key, entry);
    }
  }
  return [...entries.values()];
}

/** A sensible next window after the ones there are: an hour after the last, an hour long, within the day. */
export function nextWindow(windows: readonly WindowJson[]): WindowJson {
  const last = windows.at(-1);
  if (!last) return { start: "09:00", end: "17:00" };
  const from = Math.min(minutesOf(last.end) + 60, 23 * 60);
  return { start: timeOf(from), end: timeOf(Math.min(from + 60, 24 * 60)) };
}

/** Whether the window reaches into the next date. */
export function endsNextDay(window: WindowJson): boolean {
  return minutesOf(window.end) <= minutesOf(window.start);
}

/** Says what an end before its start means: `22:00 to 02:00 on Tuesday`. Undefined for windows within one day. */
export function overnightLabel(
  window: WindowJson,
  nextDay: string,
  timeLabel: (time: string) => string,
): string | undefined {
  if (!endsNextDay(window)) return undefined;
  const span = `${timeLabel(window.start)} to ${timeLabel(window.end)}`;
  return window.start === window.end ? `${span} ${nextDay}, 24 hours` : `${span} ${nextDay}`;
}

/** Quarter hours for a time list, with `current` kept even when it lies between. `24:00` only where an end is chosen. */
export function timeChoices(current: string, isEnd: boolean): string[] {
  const count = isEnd ? 97 : 96;
  const times = Array.from({ length: count }, (_, quarter) => timeOf(quarter * 15));
  if (!times.includes(current)) times.push(current);
  return times.toSorted();
}

/** One line about a week: `Mon–Fri 09:00–17:00`. */
export function summaryOf(weekly: AvailabilityInput["weekly"], timeLabel: (time: string) => string): string {
  const lines = weekly.map(
    ({ days, start, end }) =>
      `${daysLabel(days)} ${timeLabel(start)}–${timeLabel(end)}${endsNextDay({ start, end }) ? " next day" : ""}`,
  );
  return lines.length === 0 ? "No weekly hours" : lines.join(", ");
}

function daysLabel(days: readonly string[]): string {
  const indexes = WEEKDAYS.flatMap((day, index) => (days.includes(day) ? [index] : []));
  const first = indexes[0];
  const last = indexes.at(-1);
  if (first === undefined || last === undefined) return "";
  const short = (index: number): string => WEEKDAY_NAMES[WEEKDAYS[index] ?? "mo"].slice(0, 3);
  if (indexes.length > 2 && last - first === indexes.length - 1) return `${short(first)}–${short(last)}`;
  return indexes.map(short).join(", ");
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
