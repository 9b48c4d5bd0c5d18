/** Instants as people read them in one time zone: English words, the reader's clock. Never reads the clock or decides a rule. */

import { formatTimeRange, zoneLabel, type HourCycle } from "../scheduling/format.ts";

// The one door through which the UI takes formatting from the rules.
export { zoneLabel };
export type { HourCycle };

/** The words of dates are English like the rest of the interface; day before month, months in letters, so none is ambiguous. */
const LOCALE = "en-GB";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone });
    formats.set(key, found);
  }
  return found;
}

/** `10:00`, or `10:00 am`. */
export function clockTime(instant: number, zone: string, hourCycle: HourCycle): string {
  const text = format(zone, {
    hour: hourCycle === "h12" ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle,
  });
  return text.format(instant).replace(/[\u202f\u00a0]/g, " ");
}

/** `10:00–10:30`; with offsets where the clock is set back, and the second date when the end falls on another. */
export function clockRange(start: number, end: number, zone: string, hourCycle: HourCycle): string {
  const next = localDate(start, zone) === localDate(end - 1, zone) ? "" : ` (${shortDay(end, zone)})`;
  return formatTimeRange({ start, end }, zone, hourCycle, LOCALE) + next;
}

/** `Tuesday 24 November 2026`. */
export function longDay(instant: number, zone: string): string {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  return format(zone, options).format(instant).replace(",", "");
}

/** `Tue 24 Nov`. */
export function shortDay(instant: number, zone: string): string {
  const options = { weekday: "short", day: "numeric", month: "short" } as const;
  return format(zone, options).format(instant).replace(",", "");
}

/** `Tue 24 Nov`, with the year when it is not the one of `now`. */
export function listDay(instant: number, zone: string, now: number): string {
  const year = localDate(instant, zone).slice(0, 4);
  return year === localDate(now, zone).slice(0, 4)
    ? shortDay(instant, zone)
    : `${shortDay(instant, zone)} ${year}`;
}

/** `GMT`, `GMT+1`, `GMT−5` with a real minus sign, as everywhere else. */
export function offsetLabel(instant: number, zone: string): string {
  const parts = format(zone, { timeZoneName: "shortOffset" }).formatToParts(instant);
  const label = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  return label.replace(/[+-]0$/, "").replace("-", "−");
}

/** The instant's date in the zone, `YYYY-MM-DD`. */
export function localDate(instant: number, zone: string): string {
  const parts = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(instant);
  const value = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return `${value("year").padStart(4, "0")}-${value("month")}-${value("day")}`;
}

/** `Tuesday 24 November 2026` for a date without a zone. */
export function longDate(date: string): string {
  return longDay(Date.parse(`${date}T00:00:00Z`), "UTC");
}

/** `1 Jun – 31 Aug 2027`, both included; `from 1 Jun 2027` and `until 31 Aug 2027` without an end; empty without both. */
export function dateSpan(from: string | undefined, until: string | undefined): string {
  const days = format("UTC", { day: "numeric", month: "short", year: "numeric" });
  const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);
  if (from !== undefined && until !== undefined) {
    return days.formatRange(at(from), at(until)).replace(/[\u2009\u202f\u00a0]/g, " ");
  }
  if (from !== undefined) return `from ${days.format(at(from))}`;
  return until === undefined ? "" : `until ${days.format(at(until))}`;
}

/** `November 2026` for `YYYY-MM`. */
export function monthName(month: string): string {
  return format("UTC", { month: "long", year: "numeric" }).format(Date.parse(`${month}-01T00:00:00Z`));
}

/** Wall time of a record (`09:00`, `24:00`) on the reader's clock. */
export function wallTimeLabel(time: string, hourCycle: HourCycle): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  if (hours === 24) return hourCycle === "h12" ? "12:00 am (midnight)" : "24:00";
  return clockTime((hours * 60 + minutes) * 60_000, "UTC", hourCycle);
}

/** `45 min`, `1 h`, `1 h 30 min`. */
export function durationLabel(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `15, 30 or 60 min`; beyond an hour and a half each in its own words: `30 min, 2 h or 4 h`. */
export function durationsLabel(minutes: readonly number[]): string {
  if (minutes.length === 1 || minutes.some((each) => each > 90)) return anyOf(minutes.map(durationLabel));
  return `${anyOf(minutes.map(String))} min`;
}

/** `4 h`, and from two days on `3 days` where it is whole days. */
export function noticeLabel(minutes: number): string {
  return minutes >= 2880 && minutes % 1440 === 0 ? `${minutes / 1440} days` : durationLabel(minutes);
}

function anyOf(words: readonly string[]): string {
  return new Intl.ListFormat(LOCALE, { type: "disjunction" }).format(words);
}

/** How long ago, in words: `just now`, `5 min ago`, `3 h ago`, then the day. */
export function agoLabel(instant: number, now: number, zone: string): string {
  const minutes = Math.floor((now - instant) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return listDay(instant, zone, now);
}

/** The browser's habit; 12 hours only where the reader's language writes it so. */
export function browserHourCycle(): HourCycle {
  const cycle = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle;
  return cycle === "h12" || cycle === "h11" ? "h12" : "h23";
}

/** The browser's zone. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Whether the browser can compute with this zone. */
export function isUsableZone(zone: string): boolean {
  try {
    return format(zone, {}) !== undefined;
  } catch {
    return false;
  }
}
