/**
 * A calendar on a real server that somebody's mail client keeps by the invitations in their mail (RFC 5546), written with nothing of ours:
 * ical.js reads, the server stores. What stands there in the end is what an invited person sees.
 */

import ICAL from "ical.js";
import type { CalDavServer } from "./caldav-server.ts";

export interface ImipCalendar {
  /**
   * Takes one iTIP message in. RFC 5546 2.1.5: of one UID the highest SEQUENCE counts, then the latest DTSTAMP; what is older or the same again
   * changes nothing. A CANCEL leaves the entry, cancelled, as most clients do: so it also holds against a REQUEST that comes late.
   */
  receive(message: string): Promise<"taken" | "ignored">;
  /** What stands in the calendar, in order of UID. */
  entries(): Promise<ImipEntry[]>;
}

export interface ImipEntry {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  /** Epoch ms. */
  readonly start: number;
  readonly end: number;
  readonly summary: string;
  readonly location: string;
  readonly organizer: string;
  readonly attendees: readonly { readonly address: string; readonly partstat: string }[];
}

/** A new, empty calendar of that name in the home of the server's user. */
export async function openImipCalendar(
  server: Pick<CalDavServer, "ask" | "makeCalendar">,
  name: string,
): Promise<ImipCalendar> {
  const calendar = await server.makeCalendar(name);
  return {
    async receive(message) {
      const { method, component, event } = readMessage(message);
      const resource = new URL(`${encodeURIComponent(textOf(event, "uid"))}.ics`, calendar);
      const there = await server.ask("GET", resource);
      const stored = await there.text();
      if (there.status !== 404 && !isNewer(event, onlyEvent(new ICAL.Component(ICAL.parse(stored))))) {
        return "ignored";
      }
      // What is stored is no message (RFC 4791 4.1).
      component.removeAllProperties("method");
      if (method === "CANCEL") {
        event.updatePropertyWithValue("status", "CANCELLED");
      }
      const put = await server.ask("PUT", resource, component.toString(), {
        "content-type": "text/calendar; charset=utf-8",
      });
      if (!put.ok) {
        throw new Error(`PUT: ${put.status} ${await put.text()}`);
      }
      return "taken";
    },
    async entries() {
      const answer = await server.ask("GET", calendar);
      if (!answer.ok) {
        throw new Error(`GET: ${answer.status}`);
      }
      return new ICAL.Component(ICAL.parse(await answer.text()))
        .getAllSubcomponents("vevent")
        .map(entryOf)
        .toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
    },
  };
}

function readMessage(message: string): {
  method: "REQUEST" | "CANCEL";
  component: ICAL.Component;
  event: ICAL.Component;
} {
  const component = new ICAL.Component(ICAL.parse(message));
  const method = textOf(component, "method");
  if (method !== "REQUEST" && method !== "CANCEL") {
    throw new Error(`not for attendees: METHOD:${method}`);
  }
  return { method, component, event: onlyEvent(component) };
}

function onlyEvent(component: ICAL.Component): ICAL.Component {
  const [event, ...more] = component.getAllSubcomponents("vevent");
  if (event === undefined || more.length > 0) {
    throw new Error(`${more.length + (event ? 1 : 0)} events`);
  }
  return event;
}

function isNewer(event: ICAL.Component, stored: ICAL.Component): boolean {
  const sequences = sequenceOf(event) - sequenceOf(stored);
  return sequences === 0 ? stampOf(event) > stampOf(stored) : sequences > 0;
}

function entryOf(component: ICAL.Component): ImipEntry {
  const { startDate, endDate } = new ICAL.Event(component);
  return {
    uid: textOf(component, "uid"),
    sequence: sequenceOf(component),
    status: textOf(component, "status"),
    start: startDate.toJSDate().getTime(),
    end: endDate.toJSDate().getTime(),
    summary: textOf(component, "summary"),
    location: textOf(component, "location"),
    organizer: addressOf(textOf(component, "organizer")),
    attendees: component.getAllProperties("attendee").map((attendee) => ({
      address: addressOf(String(attendee.getFirstValue())),
      partstat: attendee.getFirstParameter("partstat"),
    })),
  };
}

function textOf(component: ICAL.Component, name: string): string {
  return String(component.getFirstPropertyValue(name) ?? "");
}

function sequenceOf(event: ICAL.Component): number {
  return Number(event.getFirstPropertyValue("sequence") ?? 0);
}

/** As text: all of them are in UTC, and so in order. */
function stampOf(event: ICAL.Component): string {
  return textOf(event, "dtstamp");
}

function addressOf(uri: string): string {
  return decodeURIComponent(uri.replace(/^mailto:/i, ""));
}
