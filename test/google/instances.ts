/** The events of a calendar as they take place: series expanded, exceptions in the place of what they replace. */

import type { calendar_v3 } from "@googleapis/calendar";
import { occurrencesIn } from "./recurrence.ts";
import type { Occurrence, Span } from "./recurrence.ts";
import type { State, StoredEvent } from "./state.ts";
import { showInstant } from "./times.ts";

type Event = StoredEvent["resource"];

export interface Instance extends Occurrence {
  /** The event itself, or the instance of a series as an event of its own. */
  readonly event: Event;
  readonly revision: number;
}

/** Those that touch the range, cancelled ones too, in the order they were made. */
export function instancesIn(state: State, calendarId: string, range: Span): Instance[] {
  const zone = state.calendars.get(calendarId)?.timeZone ?? "UTC";
  const stored = [...(state.events.get(calendarId)?.values() ?? [])];
  const replaced = new Set(
    stored
      .filter(({ resource }) => resource.recurringEventId !== undefined)
      .map(({ resource }) => resource.id),
  );
  return stored.flatMap(({ resource, revision }) => {
    const occurrences = occurrencesIn(resource, zone, range);
    if (!isSeries(resource)) return occurrences.map((at) => ({ ...at, event: resource, revision }));
    return occurrences
      .map((at) => ({ ...at, event: instanceOf(resource, at), revision }))
      .filter(({ event }) => !replaced.has(event.id));
  });
}

/** The instance of a series with this id, whether it was changed or not. */
export function instanceById(state: State, calendarId: string, id: string): Event | undefined {
  const match = /^(.+)_(\d{8})(?:T(\d{6})Z)?$/.exec(id);
  const series = state.events.get(calendarId)?.get(match?.[1] ?? "")?.resource;
  if (match === null || series === undefined || !isSeries(series)) return undefined;
  const [, , date = "", time = "000000"] = match;
  const at = Date.parse(
    `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
  );
  const zone = state.calendars.get(calendarId)?.timeZone ?? "UTC";
  const day = 86_400_000;
  return occurrencesIn(series, zone, { start: at - day, end: at + day })
    .map((occurrence) => instanceOf(series, occurrence))
    .find((instance) => instance.id === id);
}

export function isSeries(event: calendar_v3.Schema$Event): boolean {
  return (event.recurrence ?? []).length > 0;
}

function instanceOf(series: Event, at: Occurrence): Event {
  const { recurrence: _, ...rest } = series;
  const start = bound(series.start, at.start, at.date);
  return {
    ...rest,
    id: `${series.id}_${suffixOf(at)}`,
    recurringEventId: series.id,
    originalStartTime: start,
    start,
    end: bound(series.end, at.end, endDate(series, at)),
  };
}

function bound(
  of: calendar_v3.Schema$EventDateTime | undefined,
  at: number,
  date: string | undefined,
): calendar_v3.Schema$EventDateTime {
  if (date !== undefined) return { date };
  const zone = of?.timeZone ?? "UTC";
  return { dateTime: showInstant(at, zone), timeZone: zone };
}

function endDate(series: Event, at: Occurrence): string | undefined {
  const { start, end } = series;
  if (at.date === undefined || typeof start?.date !== "string" || typeof end?.date !== "string")
    return undefined;
  const length = Date.parse(end.date) - Date.parse(start.date);
  return new Date(Date.parse(at.date) + length).toISOString().slice(0, 10);
}

function suffixOf({ start, date }: Occurrence): string {
  return date === undefined ? showInstant(start, "UTC").replaceAll(/[-:]/g, "") : date.replaceAll("-", "");
}
