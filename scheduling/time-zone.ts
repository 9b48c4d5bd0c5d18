/** Local dates and UTC offsets of IANA zones. The one file of the rules that asks Intl and Date; it never reads the clock. */

import { mergePeriods } from "./period.ts";
import type { Period } from "./period.ts";

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** Offsets are read for these instants; before and after, the nearest one holds. Nothing is bookable out there. */
export const COVERED: Period = { start: 0, end: Date.UTC(2101, 0, 1) };

/** A stretch of instants with one UTC offset. */
export interface OffsetSegment extends Period {
  /** Milliseconds to add to an instant to get the local time line; east of Greenwich is positive. */
  readonly offset: number;
}

/** Whether the runtime knows this IANA zone name. Never throws; bare offsets such as `+05:30` are not names. */
export function isKnownTimeZone(zone: string): boolean {
  if (typeof zone !== "string" || !/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return false;
  if (zones.has(zone.toLowerCase())) return true;
  try {
    offsetReader(zone);
    return true;
  } catch {
    return false;
  }
}

/** Days since 1970-01-01 of a `YYYY-MM-DD` that exists in the calendar; anything else is undefined. */
export function parseLocalDate(date: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) return undefined;
  const day = Date.parse(`${date}T00:00:00Z`) / DAY;
  // Date.parse rolls some impossible days over into the next month.
  return Number.isNaN(day) || formatLocalDate(day) !== date ? undefined : day;
}

/** `YYYY-MM-DD` of a number of days since 1970-01-01. */
export function formatLocalDate(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** An instant (epoch ms) as all answers and messages spell it: RFC 3339 in UTC, without milliseconds where there are none. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** The local date `days` later (or earlier). Throws RangeError on a date that parseLocalDate refuses. */
export function addDays(date: string, days: number): string {
  return formatLocalDate(checkedDay(date) + days);
}

/** The local date of an instant as days since 1970-01-01. Throws RangeError on an unknown zone. */
export function localDayOf(instant: number, zone: string): number {
  return Math.floor((instant + offsetAt(instant, zone)) / DAY);
}

/** The local date of an instant, `YYYY-MM-DD`. Throws RangeError on an unknown zone. */
export function localDateOf(instant: number, zone: string): string {
  return formatLocalDate(localDayOf(instant, zone));
}

/**
 * The first instant (epoch ms) of a local date, which need not be 00:00. For a date that the zone skipped, the instant
 * at which it was skipped. Throws RangeError on a malformed date or an unknown zone.
 */
export function startOfLocalDate(date: string, zone: string): number {
  return startOfLocalDay(checkedDay(date), zone);
}

/** As startOfLocalDate, for days since 1970-01-01. */
export function startOfLocalDay(day: number, zone: string): number {
  const midnight = day * DAY;
  let first = Number.POSITIVE_INFINITY;
  for (const segment of offsetSegments(zone, { start: midnight - DAY, end: midnight + 2 * DAY })) {
    const candidate = Math.max(segment.start, midnight - segment.offset);
    if (candidate < segment.end) first = Math.min(first, candidate);
  }
  return first;
}

/**
 * The instants whose local date-time lies in `local`, a range on the local time line (a wall time read as if it were
 * UTC). Shorter than `local` across a gap, longer or in two pieces across a fold. `segments` must reach a day further.
 */
export function instantsOfLocal(local: Period, segments: readonly OffsetSegment[]): Period[] {
  const pieces: Period[] = [];
  for (const segment of segments) {
    const start = Math.max(segment.start, local.start - segment.offset);
    const end = Math.min(segment.end, local.end - segment.offset);
    if (start < end) pieces.push({ start, end });
  }
  return mergePeriods(pieces);
}

/**
 * The instants of some local dates in a row, from `firstDay` to `lastDay` (days since 1970-01-01, both inclusive). In two
 * pieces where a fold brings the last minutes of a date back. Throws RangeError on an unknown zone.
 */
export function instantsOfLocalDays(firstDay: number, lastDay: number, zone: string): Period[] {
  const local = { start: firstDay * DAY, end: (lastDay + 1) * DAY };
  return instantsOfLocal(local, offsetSegments(zone, { start: local.start - DAY, end: local.end + DAY }));
}

/** As instantsOfLocalDays, for one `YYYY-MM-DD`. Throws RangeError on a malformed date or an unknown zone. */
export function instantsOfLocalDate(date: string, zone: string): Period[] {
  const day = checkedDay(date);
  return instantsOfLocalDays(day, day, zone);
}

/** Milliseconds east of UTC at an instant. Throws RangeError on an unknown zone. */
export function offsetAt(instant: number, zone: string): number {
  const segments = readChunk(zone, chunkOf(instant));
  for (const segment of segments) if (instant < segment.end) return segment.offset;
  return segments.at(-1)!.offset;
}

/** The zone's offsets in order, without holes, for at least the whole of `range`. Throws RangeError on an unknown zone. */
export function offsetSegments(zone: string, range: Period): OffsetSegment[] {
  const joined: { start: number; end: number; offset: number }[] = [];
  const last = chunkOf(range.end);
  for (let chunk = chunkOf(range.start); chunk <= last; chunk += 1) {
    for (const segment of readChunk(zone, chunk)) {
      const previous = joined.at(-1);
      if (previous?.offset === segment.offset) previous.end = segment.end;
      else joined.push({ ...segment });
    }
  }
  if (joined.length > 0) {
    joined[0]!.start = Math.min(joined[0]!.start, range.start);
    joined.at(-1)!.end = Math.max(joined.at(-1)!.end, range.end);
  }
  return joined;
}

/** A formatter for a zone, kept for the next call: making one costs as much as a hundred uses. For presentation only. */
export function zonedFormatter(
  zone: string,
  locale: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = JSON.stringify([zone, locale, options]);
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    if (formatters.size >= 64) formatters.clear();
    formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    formatters.set(key, formatter);
  }
  return formatter;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Offsets are read in chunks, so that a month's question does not pay for a century, and kept for good. */
const CHUNK = 256 * DAY;
const LAST_CHUNK = Math.floor((COVERED.end - 1) / CHUNK);
/** Shorter than any two changes of a zone are apart since 1970 (the closest pair is seven days). */
const PROBE = 2 * DAY;

/** By lower-cased name: Intl ignores case, and a record's author must not be able to fill the memory with spellings. */
const zones = new Map<string, Map<number, readonly OffsetSegment[]>>();

function chunkOf(instant: number): number {
  return Math.min(LAST_CHUNK, Math.max(0, Math.floor(instant / CHUNK)));
}

function readChunk(zone: string, chunk: number): readonly OffsetSegment[] {
  const name = zone.toLowerCase();
  const known = zones.get(name)?.get(chunk);
  if (known !== undefined) return known;

  const readOffset = offsetReader(zone);
  const segments: OffsetSegment[] = [];
  const end = (chunk + 1) * CHUNK;
  let start = chunk * CHUNK;
  let offset = readOffset(start);
  for (let probed = start; probed < end; probed += PROBE) {
    const until = probed + PROBE;
    const offsetThen = readOffset(until);
    while (offset !== offsetThen) {
      const change = firstChange(readOffset, Math.max(start, probed), until);
      segments.push({ start, end: change, offset });
      start = change;
      offset = readOffset(change);
    }
  }
  if (start < end) segments.push({ start, end, offset });

  if (!zones.has(name)) zones.set(name, new Map());
  zones.get(name)!.set(chunk, segments);
  return segments;
}

/** The first whole second in `(before, after]` whose offset differs from that of `before`; `after` is known to differ. */
function firstChange(readOffset: (instant: number) => number, before: number, after: number): number {
  const offset = readOffset(before);
  let low = before / 1000;
  let high = after / 1000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffset(middle * 1000) === offset) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/** Reads a zone's offset at a whole second. A new formatter each time: chunks are few, and formatters are large. */
function offsetReader(zone: string): (instant: number) => number {
  const formatter = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return (instant) => {
    // "11/22/2026, GMT-05:00"; seconds appear in offsets older than 1972, and none at all at UTC.
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(formatter.format(instant));
    if (match === null) throw new Error(`Intl gave no readable offset for ${zone}`);
    const [, sign, hours = "0", minutes = "0", seconds = "0"] = match;
    const magnitude = (Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1000;
    return sign === "-" ? -magnitude : magnitude;
  };
}

function checkedDay(date: string): number {
  const day = parseLocalDate(date);
  if (day === undefined) throw new RangeError("Not a local date in the form YYYY-MM-DD.");
  return day;
}
