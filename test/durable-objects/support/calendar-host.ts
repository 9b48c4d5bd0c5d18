/** A host with calendars on a CalDAV server, what they choose, what is taken from them; and the server held up. */

import { vi } from "vitest";
import type { ConnectionView } from "../../../durable-objects/calendars/calendar-work.ts";
import { calendarOf, given, midnightIn } from "./booker.ts";
import { type CalDavOnTheNetwork, calDavOnTheNetwork } from "./caldav-on-the-network.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./host-on-the-network.ts";
import { stoppedClock } from "./time.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** A host with one account: `a` blocks, `quiet` does not and takes nothing away at ten and at eleven. */
export async function connectedHost() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  const day = midnightIn(2);
  const server = calDavOnTheNetwork("a", "quiet");
  server.putsEvent("a", day + 10 * HOUR_MS);
  server.putsEvent("quiet", day + 11 * HOUR_MS);
  const connection = await connects(host, server);
  return {
    clock,
    host,
    day,
    server,
    id: connection.id,
    idOf: (name: string) => calendarId(connection, name),
  };
}

export async function connects(host: HostOnTheNetwork, server: CalDavOnTheNetwork): Promise<ConnectionView> {
  const access = server.access();
  return given(await calendarOf(host.did).connectCalendars({ kind: "caldav", label: "Work", access }));
}

export function calendarId({ calendars }: ConnectionView, name: string): string {
  return calendars.find((calendar) => calendar.name === name)?.id ?? "";
}

export async function chooses(
  host: HostOnTheNetwork,
  id: string,
  blocking: string[],
  takesBookings?: string,
) {
  const choice = { blocking, ...(takesBookings !== undefined && { takesBookings }) };
  return calendarOf(host.did).chooseCalendars(id, choice);
}

export async function blockingOf(host: HostOnTheNetwork): Promise<string[]> {
  const connections = await calendarOf(host.did).listCalendars();
  return connections.flatMap(({ calendars }) =>
    calendars.filter(({ blocks }) => blocks).map(({ name }) => name),
  );
}

export async function takingOf(host: HostOnTheNetwork): Promise<string[]> {
  const connections = await calendarOf(host.did).listCalendars();
  return connections.flatMap(({ calendars }) =>
    calendars.filter((one) => one.takesBookings).map(({ name }) => name),
  );
}

/** The hours of a day that are not offered. */
export async function takenHours(host: HostOnTheNetwork, day: number): Promise<number[]> {
  const range = { from: { at: day }, to: { at: day + DAY_MS } };
  const { slots } = given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range }));
  const starts = new Set(slots.map(({ start }) => (start - day) / HOUR_MS));
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !starts.has(hour));
}

/** Holds up the answer to a request like this, the next one or the one after so many; `reached` settles when it has come. */
export function holdUp(server: CalDavOnTheNetwork, method: string, calendar: string, after = 0) {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let left = after;
  server.answers(async (asked, go) => {
    const response = go();
    if (asked.method === method && asked.calendar === calendar && left-- === 0) {
      reached.resolve();
      await released.promise;
    }
    return response;
  });
  return { reached: reached.promise, release: () => released.resolve() };
}

/** Holds up the next secret that is sealed. */
export function holdUpSealing() {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const spy = vi.spyOn(crypto.subtle, "encrypt").mockImplementationOnce(async (...sealed) => {
    reached.resolve();
    await released.promise;
    return encrypt(...sealed);
  });
  return {
    reached: reached.promise,
    release() {
      spy.mockRestore();
      released.resolve();
    },
  };
}
