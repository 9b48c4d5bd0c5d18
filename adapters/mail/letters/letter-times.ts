/** Instants as letters spell them, with the zone named: spelled here, so that two runtimes do not spell them differently. No I/O. */

import { comesTwice, offsetLabel } from "../../../scheduling/format.ts";
import type { Period } from "../../../scheduling/period.ts";
import { isKnownTimeZone, localDateOf, offsetAt, zonedFormatter } from "../../../scheduling/time-zone.ts";
import type { Reader } from "./letter.ts";

/** Day before month, as most of the world writes it. */
const LOCALE = "en-GB";

/**
 * `Thursday, 3 December 2026, 14:00–14:30 (Europe/Berlin, GMT+1)`; what ends on a later date says on which. Where the clock is changed in
 * between, or a wall time comes twice, both ends carry their own offset.
 */
export function longTime({ start, end }: Period, reader: Reader): string {
  const zone = zoneOf(reader);
  const hasOneOffset =
    offsetAt(start, zone) === offsetAt(end, zone) && !comesTwice(start, zone) && !comesTwice(end, zone);
  const spelled = (instant: number): string =>
    clock(instant, zone, reader) + (hasOneOffset ? "" : ` ${offsetLabel(instant, zone)}`);
  const name = hasOneOffset ? zoneName(zone, start) : zone;
  // What ends at midnight ends on the day it began.
  if (localDateOf(end - 1, zone) !== localDateOf(start, zone)) {
    return `${longDate(start, zone)}, ${spelled(start)} – ${longDate(end, zone)}, ${spelled(end)} (${name})`;
  }
  const dash = hasOneOffset ? "–" : " – ";
  return `${longDate(start, zone)}, ${spelled(start)}${dash}${spelled(end)} (${name})`;
}

/** `Thursday, 3 December 2026, 14:00 (Europe/Berlin, GMT+1)`. */
export function longMoment(instant: number, reader: Reader): string {
  const zone = zoneOf(reader);
  return `${longDate(instant, zone)}, ${clock(instant, zone, reader)} (${zoneName(zone, instant)})`;
}

/** `Thu 3 Dec, 14:00 (Europe/Berlin)`. */
export function shortMoment(instant: number, reader: Reader): string {
  const zone = zoneOf(reader);
  const { weekday, day, month } = dateParts(instant, zone, "short");
  const name = comesTwice(instant, zone) ? zoneName(zone, instant) : zone;
  return `${weekday} ${day} ${month}, ${clock(instant, zone, reader)} (${name})`;
}

/** `1 hour 30 minutes`, of so many milliseconds. */
export function lengthOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [
    ...(hours > 0 ? [`${hours} ${hours === 1 ? "hour" : "hours"}`] : []),
    ...(rest > 0 ? [`${rest} ${rest === 1 ? "minute" : "minutes"}`] : []),
  ];
  return parts.join(" ");
}

/** The reader's zone, or UTC where this runtime does not know it. */
export function zoneOf({ timeZone }: Reader): string {
  return isKnownTimeZone(timeZone) ? timeZone : "UTC";
}

function longDate(instant: number, zone: string): string {
  const { weekday, day, month, year } = dateParts(instant, zone, "long");
  return `${weekday}, ${day} ${month} ${year}`;
}

function dateParts(
  instant: number,
  zone: string,
  style: "long" | "short",
): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const options = { weekday: style, day: "numeric", month: style, year: "numeric" } as const;
  const parts = zonedFormatter(zone, LOCALE, options).formatToParts(instant);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

function clock(instant: number, zone: string, { hourCycle = "h23" }: Reader): string {
  const hour = hourCycle === "h12" ? "numeric" : "2-digit";
  return spaced(zonedFormatter(zone, LOCALE, { hour, minute: "2-digit", hourCycle }).format(instant));
}

/** `Europe/Berlin, GMT+1`, with the offset that holds at an instant. */
function zoneName(zone: string, instant: number): string {
  return zone === "UTC" ? zone : `${zone}, ${offsetLabel(instant, zone)}`;
}

/** Some runtimes put a narrow space before am and pm. */
function spaced(time: string): string {
  return time.replaceAll(/[\u00a0\u202f]/g, " ");
}
