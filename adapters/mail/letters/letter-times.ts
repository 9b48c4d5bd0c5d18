/** Instants as letters spell them, with the zone named: spelled here, so that two runtimes do not spell them differently. No I/O. */

import { comesTwice, formatTimeRange, offsetLabel } from "../../../scheduling/format.ts";
import type { Period } from "../../../scheduling/period.ts";
import { isKnownTimeZone, localDateOf, zonedFormatter } from "../../../scheduling/time-zone.ts";
import type { Reader } from "./letter.ts";

/** Day before month, as most of the world writes it. */
const LOCALE = "en-GB";

/** `Thursday, 3 December 2026, 14:00–14:30 (Europe/Berlin, GMT+1)`; what ends on a later date says on which. */
export function longTime({ start, end }: Period, reader: Reader): string {
  const zone = zoneOf(reader);
  // What ends at midnight ends on the day it began.
  if (localDateOf(end - 1, zone) !== localDateOf(start, zone)) {
    return `${dayAndClock(start, reader)} – ${dayAndClock(end, reader)} (${zoneName(zone, start)})`;
  }
  const range = spaced(formatTimeRange({ start, end }, zone, reader.hourCycle ?? "h23", LOCALE));
  // Where the clock is set back, both ends carry their offset already.
  const isAmbiguous = comesTwice(start, zone) || comesTwice(end, zone);
  return `${longDate(start, zone)}, ${range} (${isAmbiguous ? zone : zoneName(zone, start)})`;
}

/** `Thursday, 3 December 2026, 14:00 (Europe/Berlin, GMT+1)`. */
export function longMoment(instant: number, reader: Reader): string {
  return `${dayAndClock(instant, reader)} (${zoneName(zoneOf(reader), instant)})`;
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

function dayAndClock(instant: number, reader: Reader): string {
  const zone = zoneOf(reader);
  return `${longDate(instant, zone)}, ${clock(instant, zone, reader)}`;
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
