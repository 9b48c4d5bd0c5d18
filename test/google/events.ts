/** `events.list`, `get` and `watch`. */

import type { calendar_v3 } from "@googleapis/calendar";
import { etagOf } from "./calendar-list.ts";
import { openChannel } from "./channels.ts";
import { badRequest, invalidParameter, notFound, refusal } from "./errors.ts";
import { readEvents } from "./event-access.ts";
import { storedEvent } from "./event-store.ts";
import { showDeleted, showEvent } from "./event-view.ts";
import { instanceById, instancesIn, isSeries } from "./instances.ts";
import { flag, pageOf, syncedRevision } from "./paging.ts";
import { occurrencesIn } from "./recurrence.ts";
import type { Span } from "./recurrence.ts";
import { DAY, instantOf, isZone, showStamp } from "./times.ts";
import type { ApiCall } from "./api-call.ts";
import type { State, StoredEvent } from "./state.ts";

/** What may not come along with a sync token. */
const UNSYNCED = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin",
];
/** A list without end is expanded so far. */
const HORIZON = 730 * DAY;

export function listEvents(call: ApiCall): calendar_v3.Schema$Events {
  const { state, query } = call;
  const access = readEvents(call);
  const { calendar } = access;
  const resource = `events of ${calendar.id}`;
  const since = syncedRevision(state, query, resource, UNSYNCED);
  const showsDeleted = flag(query, "showDeleted");
  if (since !== undefined && showsDeleted === false) throw invalidParameter("showDeleted");
  const zone = zoneOf(query) ?? calendar.timeZone;
  const updatedMin = timeIn(query, "updatedMin");

  const wanted = found(state, calendar.id, query)
    .filter(({ revision }) => since === undefined || revision > since)
    .filter(({ resource: event }) => {
      const isAsked = showsDeleted === true || since !== undefined || updatedMin !== undefined;
      const isException = event.recurringEventId !== undefined && flag(query, "singleEvents") !== true;
      return event.status !== "cancelled" || isAsked || isException;
    })
    .filter(
      ({ resource: event }) => updatedMin === undefined || Date.parse(event.updated ?? "") >= updatedMin,
    )
    .filter(({ resource: event }) => matches(event, query));
  const ordered = inOrder(wanted, query);
  const syncs = !UNSYNCED.some((name) => query.has(name) && name !== "timeMin" && name !== "timeMax");
  const { items, tokens } = pageOf(state, ordered, query, { resource, usual: 250, most: 2500, syncs });
  return {
    kind: "calendar#events",
    etag: etagOf(resource, state.revision),
    summary: calendar.summary,
    description: calendar.description ?? "",
    updated: showStamp(state.now()),
    timeZone: zone,
    accessRole: access.role,
    defaultReminders: calendar.isPrimary ? [{ method: "popup", minutes: 10 }] : [],
    ...tokens,
    items: items.map(({ resource: event }) =>
      event.status === "cancelled" ? showDeleted(event, zone) : showEvent(event, access, zone),
    ),
  };
}

/** A deleted event is still there, as `cancelled`. */
export function getEvent(call: ApiCall): calendar_v3.Schema$Event {
  const access = readEvents(call);
  const id = call.path["eventId"] ?? "";
  const event =
    storedEvent(call.state, access.calendar.id, id) ?? instanceById(call.state, access.calendar.id, id);
  if (event === undefined) throw notFound();
  return showEvent(event, access, zoneOf(call.query) ?? access.calendar.timeZone);
}

export function watchEvents(call: ApiCall): calendar_v3.Schema$Channel {
  const { calendar } = readEvents(call);
  return openChannel(call, { events: calendar.id }, `/calendars/${encodeURIComponent(calendar.id)}/events`);
}

/** By time: series as they are kept, or as their instances where `singleEvents` asks so. */
function found(state: State, calendarId: string, query: URLSearchParams): StoredEvent[] {
  const timeMin = timeIn(query, "timeMin");
  const timeMax = timeIn(query, "timeMax");
  if (timeMin !== undefined && timeMax !== undefined && timeMax <= timeMin) {
    throw refusal(400, "timeRangeEmpty", "The specified time range is empty.", {
      domain: "calendar",
      location: "timeMax",
    });
  }
  const range: Span = { start: timeMin ?? 0, end: timeMax ?? Math.max(state.now(), timeMin ?? 0) + HORIZON };
  if (flag(query, "singleEvents") === true) {
    return instancesIn(state, calendarId, range).map(({ event, revision }) => ({
      resource: event,
      revision,
    }));
  }
  const stored = [...(state.events.get(calendarId)?.values() ?? [])];
  if (timeMin === undefined && timeMax === undefined) return stored;
  const zone = state.calendars.get(calendarId)?.timeZone ?? "UTC";
  return stored.filter(({ resource }) => occurrencesIn(resource, zone, range).length > 0);
}

function matches(event: StoredEvent["resource"], query: URLSearchParams): boolean {
  const uid = query.get("iCalUID");
  const text = query.get("q")?.toLowerCase();
  const types = query.getAll("eventTypes");
  const { summary = "", description = "", location = "" } = event;
  return (
    (uid === null || event.iCalUID === uid) &&
    (text === undefined || `${summary}\n${description}\n${location}`.toLowerCase().includes(text)) &&
    (types.length === 0 || types.includes(event.eventType ?? "default")) &&
    hasProperties(event.extendedProperties?.private, query.getAll("privateExtendedProperty")) &&
    hasProperties(event.extendedProperties?.shared, query.getAll("sharedExtendedProperty"))
  );
}

function hasProperties(
  properties: Readonly<Record<string, string>> | null | undefined,
  wanted: readonly string[],
): boolean {
  return wanted.every((pair) => {
    const at = pair.indexOf("=");
    return properties?.[pair.slice(0, at)] === pair.slice(at + 1);
  });
}

function inOrder(events: readonly StoredEvent[], query: URLSearchParams): StoredEvent[] {
  const orderBy = query.get("orderBy");
  const byNumber = (key: (event: StoredEvent) => number): StoredEvent[] =>
    events.toSorted((one, other) => key(one) - key(other));
  if (orderBy === null) return [...events];
  if (orderBy === "updated") return byNumber(({ revision }) => revision);
  if (orderBy !== "startTime") throw invalidParameter("orderBy");
  if (events.some(({ resource }) => isSeries(resource)) || flag(query, "singleEvents") !== true) {
    throw badRequest("The requested ordering is not available for the particular query.");
  }
  return byNumber(({ resource: { start } }) => Date.parse(start?.dateTime ?? start?.date ?? ""));
}

function timeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at = instantOf(text);
  if (at === undefined) throw badRequest();
  return at;
}

function zoneOf(query: URLSearchParams): string | undefined {
  const zone = query.get("timeZone");
  if (zone !== null && !isZone(zone)) throw invalidParameter("timeZone", `Invalid time zone: ${zone}`);
  return zone ?? undefined;
}
