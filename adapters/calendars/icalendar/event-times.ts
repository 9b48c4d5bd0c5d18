/** The times of one VEVENT (RFC 5545 3.8.2 and 3.8.5): moments with their zones, and lengths that are nominal or exact. */

import type { Period } from "../../../scheduling/period.ts";
import { DAY } from "../../../scheduling/time-zone.ts";
import { lineOf, linesOf } from "./components.ts";
import type { Component } from "./components.ts";
import type { ContentLine } from "./content-lines.ts";
import { parseDateValue, parseLength, parsePeriodValue } from "./date-values.ts";
import type { DateValue, Length } from "./date-values.ts";
import type { Problems } from "./problems.ts";
import { UTC } from "./zone.ts";
import type { Zone } from "./zone.ts";
import type { CalendarZones } from "./zones.ts";

/** A time as written, together with the zone it is meant in. A DATE is a midnight of the host's zone. */
export interface Moment {
  readonly local: number;
  readonly isDate: boolean;
  readonly zone: Zone;
  /** Whether the zone is only assumed, so that another property's zone may be the better one. */
  readonly floating: boolean;
}

/** What the times of a calendar are read with. */
export interface TimeContext {
  readonly zones: CalendarZones;
  readonly host: Zone;
  readonly problems: Problems;
}

/** An instance that RDATE names; without a length it is as long as the others. */
export interface ExtraDate {
  readonly start: Moment;
  readonly length: Length | undefined;
}

/** Epoch milliseconds. */
export function instantOf(moment: Moment): number {
  return moment.zone.instantOf(moment.local);
}

/** Nominal days on the wall clock first, exact time after them (RFC 5545 3.3.6). */
export function periodFrom(local: number, zone: Zone, length: Length): Period {
  const start = zone.instantOf(local);
  const endOfDays = length.days === 0 ? start : zone.instantOf(local + length.days * DAY);
  return { start, end: endOfDays + length.exact };
}

/** The moment in the zone of `anchor`, where it names none of its own. */
export function inZoneOf(moment: Moment, anchor: Moment): Moment {
  return moment.floating ? { ...moment, zone: anchor.zone } : moment;
}

/** The time of a property that holds one, undefined where there is none or it cannot be read. */
export function momentOf(line: ContentLine | undefined, context: TimeContext): Moment | undefined {
  return line === undefined ? undefined : momentsOf([line], context)[0];
}

/** All times of properties that hold lists (EXDATE). */
export function momentsOf(lines: readonly ContentLine[], context: TimeContext): Moment[] {
  return extraDates(lines, context).map(({ start }) => start);
}

/** All times and periods of properties that hold lists (RDATE). */
export function extraDates(lines: readonly ContentLine[], context: TimeContext): ExtraDate[] {
  const found: ExtraDate[] = [];
  for (const line of lines) {
    for (const item of line.value.split(",")) {
      if (item.trim() === "") continue;
      const date = parseDateValue(item);
      const period = date === undefined ? parsePeriodValue(item) : undefined;
      const start = date ?? period?.start;
      if (start === undefined) {
        context.problems.add("unreadable-time");
        continue;
      }
      const moment = momentAt(start, line, context);
      if (period === undefined) found.push({ start: moment, length: undefined });
      else if ("days" in period.end) found.push({ start: moment, length: period.end });
      else {
        const exact = instantOf(momentAt(period.end, line, context)) - instantOf(moment);
        found.push({ start: moment, length: { days: 0, exact: Math.max(0, exact) } });
      }
    }
  }
  return found;
}

/**
 * How long an event is (RFC 5545 3.6.1): to its DTEND, else its DURATION, else one day for a DATE and nothing for a
 * DATE-TIME. From DTEND the length is exact, and all instances of a rule have it (RFC 5545 3.8.5.3).
 */
export function lengthOf(component: Component, start: Moment, context: TimeContext): Length {
  const fallback = { days: start.isDate ? 1 : 0, exact: 0 };
  const endLine = lineOf(component, "DTEND");
  if (endLine !== undefined) {
    const written = momentOf(endLine, context);
    if (written === undefined) return fallback;
    const end = inZoneOf(written, start);
    // An end on the first day itself is how some programs write one whole day.
    if (start.isDate && end.isDate) return { days: Math.max(1, (end.local - start.local) / DAY), exact: 0 };
    return { days: 0, exact: Math.max(0, instantOf(end) - instantOf(start)) };
  }
  const [durationLine] = linesOf(component, "DURATION");
  if (durationLine === undefined) return fallback;
  const length = parseLength(durationLine.value);
  if (length === undefined || length.days < 0 || length.exact < 0) {
    context.problems.add("unreadable-time");
    return fallback;
  }
  return length;
}

function momentAt(
  { local, form }: DateValue,
  line: ContentLine,
  { zones, host, problems }: TimeContext,
): Moment {
  if (form === "utc") return { local, isDate: false, zone: UTC, floating: false };
  if (form === "date") return { local, isDate: true, zone: host, floating: false };
  const tzid = line.parameters.get("TZID");
  if (tzid === undefined || tzid === "")
    return { local, isDate: false, zone: zones.floating, floating: true };
  const { zone, source } = zones.resolve(tzid);
  if (source === "unknown") problems.add("unknown-zone");
  return { local, isDate: false, zone, floating: false };
}
