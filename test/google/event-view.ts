/** An event as its reader gets it. */

import type { calendar_v3 } from "@googleapis/calendar";
import { seesPrivate } from "./event-access.ts";
import type { EventAccess } from "./event-access.ts";
import { instantOf, showInstant } from "./times.ts";
import type { StoredEvent } from "./state.ts";

/** Times in the zone that is asked for; of what a reader may not see, only when it is. */
export function showEvent(
  event: StoredEvent["resource"],
  access: EventAccess,
  zone: string = access.calendar.timeZone,
): calendar_v3.Schema$Event {
  const shown = { ...event, ...timesOf(event, zone) };
  const isHidden = event.visibility === "private" && !seesPrivate(access.role);
  if (!access.isFreeBusyOnly && !isHidden) return shown;
  const names = [
    "kind",
    "etag",
    "id",
    "status",
    "created",
    "updated",
    "start",
    "end",
    "recurrence",
    "recurringEventId",
    "originalStartTime",
    "transparency",
    "iCalUID",
    "sequence",
    "eventType",
  ];
  const rest = Object.fromEntries(Object.entries(shown).filter(([name]) => names.includes(name)));
  return { ...rest, visibility: "private" };
}

/** Of a deleted event in a list no more than this is promised. */
export function showDeleted(event: StoredEvent["resource"], zone: string): calendar_v3.Schema$Event {
  const { recurringEventId, originalStartTime } = timesOf(event, zone);
  return {
    kind: "calendar#event",
    ...(event.etag === undefined ? {} : { etag: event.etag }),
    id: event.id,
    status: "cancelled",
    ...(recurringEventId === undefined ? {} : { recurringEventId }),
    ...(originalStartTime === undefined ? {} : { originalStartTime }),
  };
}

function timesOf(
  event: calendar_v3.Schema$Event,
  zone: string,
): Pick<calendar_v3.Schema$Event, "start" | "end" | "originalStartTime" | "recurringEventId"> {
  const { start, end, originalStartTime, recurringEventId } = event;
  return {
    ...(start === undefined ? {} : { start: inZone(start, zone) }),
    ...(end === undefined ? {} : { end: inZone(end, zone) }),
    ...(originalStartTime === undefined ? {} : { originalStartTime: inZone(originalStartTime, zone) }),
    ...(recurringEventId === undefined ? {} : { recurringEventId }),
  };
}

function inZone(bound: calendar_v3.Schema$EventDateTime, zone: string): calendar_v3.Schema$EventDateTime {
  const at = instantOf(bound.dateTime ?? "");
  return at === undefined ? bound : { ...bound, dateTime: showInstant(at, zone) };
}
