/** Instants, wall times and zones, by Temporal: nothing of the product's own arithmetic, so that it can be held against this. */

import { Temporal } from "temporal-polyfill/implementation";

export const MINUTE = 60_000;
export const DAY = 86_400_000;

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const WALL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** An RFC 3339 timestamp with its offset, to the second as Google reads it; undefined: it is none. */
export function instantOf(text: string): number | undefined {
  if (!RFC_3339.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000) * 1000;
}

export function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}

export function isWall(text: string): boolean {
  return WALL.test(text) && !Number.isNaN(Date.parse(`${text}Z`));
}

export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** RFC 3339 to the second, with the zone's offset; UTC as `Z`. */
export function showInstant(at: number, zone: string): string {
  const instant = Temporal.Instant.fromEpochMilliseconds(at);
  if (zone === "UTC") return instant.toString({ smallestUnit: "second" });
  return instant.toZonedDateTimeISO(zone).toString({ smallestUnit: "second", timeZoneName: "never" });
}

/** With milliseconds in UTC, as Google writes `updated`. */
export function showStamp(at: number): string {
  return new Date(at).toISOString();
}

/** The instant of a local time; one the clocks skip is shifted, of two the first (RFC 5545 3.3.5). */
export function instantOfWall(wall: Temporal.PlainDateTime | string, zone: string): number {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
}

export function wallOf(at: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
}

/** When a day begins, which is not always at midnight. */
export function dayStart(date: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
}

export function dateAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "days" }).days;
}
