/** When an event takes place, repeated or not. Rules are expanded by rrule-temporal, on local time, which the zone then makes instants. */

import { RRuleTemporal } from "rrule-temporal";
import type { calendar_v3 } from "@googleapis/calendar";
import { DAY, dateAfter, dayStart, daysBetween, instantOf, instantOfWall, isWall, wallOf } from "./times.ts";

/** Half-open, epoch ms. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Occurrence extends Span {
  /** The first day, of all-day events. */
  readonly date?: string;
}

/**
 * Those that touch the range. Exceptions are not looked at.
 * @param zone the calendar's, in which all-day events are days
 * @throws what rrule-temporal throws at a rule it cannot read
 */
export function occurrencesIn(event: calendar_v3.Schema$Event, zone: string, range: Span): Occurrence[] {
  const shape = shapeOf(event, zone);
  if (shape === undefined) return [];
  const lines = event.recurrence ?? [];
  const walls = lines.length === 0 ? [shape.firstWall] : wallsIn(lines, shape, range);
  return walls
    .map((wall) => shape.at(wall))
    .filter(({ start, end }) => start < range.end && (end > range.start || start === range.start));
}

interface Shape {
  /** `2026-10-19T10:00:00`, in its own zone. */
  readonly firstWall: string;
  readonly zone: string;
  readonly isAllDay: boolean;
  readonly lengthMs: number;
  readonly at: (wall: string) => Occurrence;
}

function shapeOf(event: calendar_v3.Schema$Event, calendarZone: string): Shape | undefined {
  const { start, end } = event;
  if (typeof start?.date === "string" && typeof end?.date === "string") {
    const days = daysBetween(start.date, end.date);
    return {
      firstWall: `${start.date}T00:00:00`,
      zone: calendarZone,
      isAllDay: true,
      lengthMs: days * DAY,
      at: (wall) => {
        const date = wall.slice(0, 10);
        return {
          date,
          start: dayStart(date, calendarZone),
          end: dayStart(dateAfter(date, days), calendarZone),
        };
      },
    };
  }
  const from = instantOf(start?.dateTime ?? "");
  const to = instantOf(end?.dateTime ?? "");
  if (from === undefined || to === undefined) return undefined;
  const zone = start?.timeZone ?? calendarZone;
  const at = (wall: string): Occurrence => {
    const begins = instantOfWall(wall, zone);
    return { start: begins, end: begins + (to - from) };
  };
  return { firstWall: showWall(from, zone), zone, isAllDay: false, lengthMs: to - from, at };
}

function wallsIn(lines: readonly string[], shape: Shape, range: Span): string[] {
  const walls = new Set<string>();
  const excluded = new Set<string>();
  // A day more on both sides, since these are local times.
  const from = new Date(range.start - shape.lengthMs - 2 * DAY);
  const to = new Date(range.end + 2 * DAY);
  let hasRule = false;
  for (const line of lines) {
    const { name, parameters, value } = partsOf(line);
    if (name === "RRULE") {
      hasRule = true;
      for (const wall of wallsOfRule(value, shape, from, to)) walls.add(wall);
    } else if (name === "RDATE") {
      for (const wall of wallsOfDates(value, parameters, shape)) walls.add(wall);
    } else if (name === "EXDATE") {
      for (const wall of wallsOfDates(value, parameters, shape)) excluded.add(wall);
    }
  }
  if (!hasRule) walls.add(shape.firstWall);
  return [...walls].filter((wall) => !excluded.has(wall)).toSorted();
}

/** As if the event's zone were UTC: a rule counts local time, and what the clocks skip is shifted, not left out. */
function wallsOfRule(value: string, shape: Shape, from: Date, to: Date): string[] {
  const until = /UNTIL=(\d{8})(T\d{6}Z?)?/i;
  const rule = value.replace(until, (_, date: string, time?: string) => {
    if (time === undefined) return `UNTIL=${date}T235959Z`;
    const local = time.endsWith("Z") ? compactWall(date + time, shape.zone) : date + time;
    return `UNTIL=${local}Z`;
  });
  const first = shape.firstWall.replaceAll(/[-:]/g, "");
  const expander = new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:${first}\nRRULE:${rule}` });
  return expander.between(from, to, true).map((at) => at.toString().slice(0, 19));
}

function compactWall(utc: string, zone: string): string {
  const at = Date.parse(expanded(utc.slice(0, 15)) + "Z");
  return showWall(at, zone).replaceAll(/[-:]/g, "");
}

function wallsOfDates(value: string, parameters: string, shape: Shape): string[] {
  const zone = /TZID=([^;:]+)/i.exec(parameters)?.[1] ?? shape.zone;
  return value.split(",").map((item) => {
    const text = item.trim();
    if (text.length === 8) return expanded(text) + shape.firstWall.slice(10);
    if (shape.isAllDay) return `${expanded(text).slice(0, 10)}T00:00:00`;
    const wall = expanded(text.slice(0, 15));
    if (!isWall(wall)) return "";
    return showWall(text.endsWith("Z") ? Date.parse(`${wall}Z`) : instantOfWall(wall, zone), shape.zone);
  });
}

function partsOf(line: string): { name: string; parameters: string; value: string } {
  const colon = line.indexOf(":");
  const [name = "", ...parameters] = line.slice(0, colon).split(";");
  return { name: name.toUpperCase(), parameters: parameters.join(";"), value: line.slice(colon + 1) };
}

/** `20261019T100000` as `2026-10-19T10:00:00`, and a date likewise. */
function expanded(compact: string): string {
  return compact.replace(
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?$/,
    (_, y: string, m: string, d: string, h?: string, min?: string, s?: string) =>
      `${y}-${m}-${d}${h === undefined ? "" : `T${h}:${min}:${s}`}`,
  );
}

function showWall(at: number, zone: string): string {
  return wallOf(at, zone).toString({ smallestUnit: "second" });
}
