/** Where events are kept. Every change gets a revision, and is told to whoever watches. */

import { randomBytes } from "node:crypto";
import type { calendar_v3 } from "@googleapis/calendar";
import { etagOf } from "./calendar-list.ts";
import { tellWatchers } from "./channels.ts";
import { nextRevision } from "./state.ts";
import type { State, StoredEvent } from "./state.ts";
import { showStamp } from "./times.ts";

type Event = StoredEvent["resource"];

/** Keeps an event as it is now; what Google fills in by itself is filled in. */
export function storeEvent(state: State, calendarId: string, given: calendar_v3.Schema$Event): Event {
  const id = given.id ?? randomId();
  const revision = nextRevision(state);
  const now = showStamp(state.now());
  const resource: Event = {
    kind: "calendar#event",
    status: "confirmed",
    created: now,
    iCalUID: `${id}@google.com`,
    sequence: 0,
    eventType: "default",
    reminders: { useDefault: true },
    ...given,
    id,
    etag: etagOf(calendarId, id, revision),
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendarId}`).toString("base64url")}`,
    updated: now,
  };
  state.events.get(calendarId)?.set(id, { resource, revision });
  tellWatchers(state, { events: calendarId });
  return resource;
}

export function storedEvent(state: State, calendarId: string, id: string): Event | undefined {
  return state.events.get(calendarId)?.get(id)?.resource;
}

/** In base32hex, as Google's own. */
function randomId(): string {
  const alphabet = "0123456789abcdefghijklmnopqrstuv";
  return [...randomBytes(26)].map((byte) => alphabet[byte % 32]).join("");
}
