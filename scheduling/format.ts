/** Instants as people read them, in a zone and a locale. Presentation only: no clock, and nothing is decided by it. */

import type { Period } from "./period.ts";
import { DAY, MINUTE, instantsOfLocal, offsetAt, offsetSegments, zonedFormatter } from "./time-zone.ts";

export type HourCycle = "h12" | "h23";

/**
 * `09:00–09:30` in a zone. Where the clock is set back and a wall time comes twice, both ends carry their offset.
 * Without an hour cycle or a locale, the runtime's own.
 */
export function formatTimeRange(
  period: Period,
  zone: string,
  hourCycle?: HourCycle,
  locale?: string,
): string {
  const formatter = zonedFormatter(zone, locale, {
    hour: hourCycle === "h12" ? "numeric" : "2-digit",
    minute: "2-digit",
    ...(hourCycle === undefined ? {} : { hourCycle }),
  });
  const start = formatter.format(period.start);
  const end = formatter.format(period.end);
  if (!comesTwice(period.start, zone) && !comesTwice(period.end, zone)) return `${start}–${end}`;
  return `${start} ${offsetLabel(period.start, zone)} – ${end} ${offsetLabel(period.end, zone)}`;
}

/** `Sunday, November 22, 2026`, the local date of an instant (epoch ms) in a zone. */
export function formatLongDate(instant: number, zone: string, locale?: string): string {
  return zonedFormatter(zone, locale, { dateStyle: "full" }).format(instant);
}

/** A zone by its city and its offset at an instant (epoch ms): `New York, GMT−5`. */
export function zoneLabel(zone: string, instant: number): string {
  const offset = offsetLabel(instant, zone);
  const isPlace = zone.includes("/") && !zone.startsWith("Etc/");
  return isPlace ? `${zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ")}, ${offset}` : offset;
}

/** `GMT−5`, `GMT+5:45`, `GMT`: the same in every locale, with a real minus sign. */
export function offsetLabel(instant: number, zone: string): string {
  const minutes = Math.round(offsetAt(instant, zone) / MINUTE);
  if (minutes === 0) return "GMT";
  const magnitude = Math.abs(minutes);
  const rest = magnitude % 60 === 0 ? "" : `:${String(magnitude % 60).padStart(2, "0")}`;
  return `GMT${minutes < 0 ? "−" : "+"}${Math.floor(magnitude / 60)}${rest}`;
}

/** Whether the wall time of an instant (epoch ms) is also that of another instant, because the clock is set back. */
export function comesTwice(instant: number, zone: string): boolean {
  const local = instant + offsetAt(instant, zone);
  const segments = offsetSegments(zone, { start: local - DAY, end: local + DAY });
  return instantsOfLocal({ start: local, end: local + 1 }, segments).length > 1;
}
