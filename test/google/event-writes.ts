/** `events.insert`, `import`, `update`, `patch` and `delete`. */

import type { calendar_v3 } from "@googleapis/calendar";
import { invalidParameter, missingParameter, notFound, refusal } from "./errors.ts";
import { writeEvents } from "./event-access.ts";
import type { EventAccess } from "./event-access.ts";
import { EventBody, checkedEvent, checkedId, idOfUid } from "./event-input.ts";
import { storeEvent, storedEvent } from "./event-store.ts";
import { showEvent } from "./event-view.ts";
import { instanceById } from "./instances.ts";
import { parseBody } from "./parse-body.ts";
import type { ApiCall } from "./api-call.ts";
import type { StoredEvent } from "./state.ts";

type Event = StoredEvent["resource"];

/** An id, once taken, stays taken, also by an event that was deleted. */
export function insertEvent(call: ApiCall): calendar_v3.Schema$Event {
  const access = writeEvents(call);
  const body = parseBody(EventBody, call.body);
  if (typeof body.id === "string" && typeof body.iCalUID === "string") {
    throw invalidParameter("iCalUID", "Only one of id and iCalUID may be given.");
  }
  const event = checkedEvent(body, access.calendar);
  const id = idOf(body);
  if (id !== undefined && storedEvent(call.state, access.calendar.id, id) !== undefined) {
    throw refusal(409, "duplicate", "The requested identifier already exists.");
  }
  return shown(call, access, { ...event, ...whose(call, access), ...(id === undefined ? {} : { id }) });
}

/** Brings the copy of an event that lives elsewhere; the same UID again changes the copy. */
export function importEvent(call: ApiCall): calendar_v3.Schema$Event {
  const access = writeEvents(call);
  const body = parseBody(EventBody, call.body);
  if (typeof body.iCalUID !== "string" || body.iCalUID === "") throw missingParameter("iCalUID", "Required");
  const event = checkedEvent(body, access.calendar);
  const id = idOfUid(body.iCalUID);
  const before = storedEvent(call.state, access.calendar.id, id);
  if (before !== undefined) checkSequence(body, before);
  const organizer = event.organizer ?? whose(call, access).organizer;
  return shown(call, access, {
    ...event,
    id,
    ...whose(call, access),
    ...(organizer === undefined ? {} : { organizer }),
    ...(before?.created === undefined ? {} : { created: before.created }),
    status: event.status ?? "confirmed",
  });
}

/** Replaces the whole event: what is not given is gone. */
export function updateEvent(call: ApiCall): calendar_v3.Schema$Event {
  const access = writeEvents(call);
  const before = existing(call, access);
  const body = parseBody(EventBody, call.body);
  return rewrite(call, access, before, body);
}

/** Changes the fields that are given. Objects are merged, lists replaced, `null` takes away. */
export function patchEvent(call: ApiCall): calendar_v3.Schema$Event {
  const access = writeEvents(call);
  const before = existing(call, access);
  const patch = parseBody(EventBody, call.body);
  const { sequence: _, status, ...kept } = EventBody.parse(before);
  const wasDeleted = status === "cancelled";
  return rewrite(call, access, before, merged({ ...kept, ...(wasDeleted ? {} : { status }) }, patch));
}

/** A second time: 410. */
export function deleteEvent(call: ApiCall): void {
  const access = writeEvents(call);
  const event = existing(call, access);
  if (event.status === "cancelled") throw refusal(410, "deleted", "Resource has been deleted");
  cancel(call, access.calendar.id, event);
}

function cancel(call: ApiCall, calendarId: string, event: Event): void {
  storeEvent(call.state, calendarId, { ...event, status: "cancelled", sequence: (event.sequence ?? 0) + 1 });
  const exceptions = [...(call.state.events.get(calendarId)?.values() ?? [])].filter(
    ({ resource }) => resource.recurringEventId === event.id && resource.status !== "cancelled",
  );
  for (const { resource } of exceptions) {
    storeEvent(call.state, calendarId, { ...resource, status: "cancelled" });
  }
}

/** The event a call names, or the instance of a series, which a change makes an exception. @throws Refused 404, 412 */
function existing(call: ApiCall, { calendar }: EventAccess): Event {
  const id = call.path["eventId"] ?? "";
  const event = storedEvent(call.state, calendar.id, id) ?? instanceById(call.state, calendar.id, id);
  if (event === undefined) throw notFound();
  if (call.ifMatch !== undefined && call.ifMatch !== "*" && call.ifMatch !== event.etag) {
    throw refusal(412, "conditionNotMet", "Precondition Failed", {
      location: "If-Match",
      locationType: "header",
    });
  }
  return event;
}

function rewrite(
  call: ApiCall,
  access: EventAccess,
  before: Event,
  body: EventBody,
): calendar_v3.Schema$Event {
  if (before.status === "cancelled" && (body.status ?? "cancelled") === "cancelled") {
    throw refusal(403, "forbidden", "Forbidden");
  }
  checkSequence(body, before);
  const event = checkedEvent(body, access.calendar);
  const hasMoved = ["start", "end", "recurrence"].some(
    (name) => JSON.stringify(Reflect.get(event, name)) !== JSON.stringify(Reflect.get(before, name)),
  );
  const { id, iCalUID, created, creator, organizer, recurringEventId, originalStartTime, eventType } = before;
  const lasting = Object.entries({
    iCalUID,
    created,
    creator,
    organizer,
    recurringEventId,
    originalStartTime,
    eventType,
  });
  const next: Event = {
    ...event,
    ...Object.fromEntries(lasting.filter(([, value]) => value !== undefined)),
    id,
    sequence: Math.max(body.sequence ?? 0, (before.sequence ?? 0) + (hasMoved ? 1 : 0)),
  };
  if (event.status === "cancelled") {
    cancel(call, access.calendar.id, next);
    return showEvent({ ...next, status: "cancelled" }, access);
  }
  return shown(call, access, next);
}

function checkSequence(body: EventBody, before: Event): void {
  if (typeof body.sequence !== "number" || body.sequence >= (before.sequence ?? 0)) return;
  throw refusal(
    400,
    "invalid",
    "Invalid sequence value. The specified sequence number is below the current sequence number of the resource. Re-fetch the resource and use its sequence number on the following request.",
  );
}

function shown(
  call: ApiCall,
  access: EventAccess,
  event: calendar_v3.Schema$Event,
): calendar_v3.Schema$Event {
  return showEvent(storeEvent(call.state, access.calendar.id, event), access);
}

function idOf({ id, iCalUID }: EventBody): string | undefined {
  if (typeof id === "string") return checkedId(id);
  return typeof iCalUID === "string" ? idOfUid(iCalUID) : undefined;
}

function whose(
  { caller }: ApiCall,
  { calendar }: EventAccess,
): Pick<calendar_v3.Schema$Event, "creator" | "organizer"> {
  const isTheirOwn = calendar.id === caller.email;
  return {
    creator: { email: caller.email, ...(isTheirOwn ? { self: true } : {}) },
    organizer: { email: calendar.id, ...(isTheirOwn ? {} : { displayName: calendar.summary }), self: true },
  };
}

function merged(before: EventBody, patch: EventBody): EventBody {
  const result: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    const old = result[name];
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    result[name] = isNested && typeof old === "object" ? { ...old, ...value } : value;
  }
  return EventBody.parse(result);
}
