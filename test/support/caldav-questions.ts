/** What tests ask the CalDAV source about a server that runs. */

import { caldavAccess } from "../../adapters/calendars/caldav/caldav-access.ts";
import { findCalDavCalendars } from "../../adapters/calendars/caldav/caldav-discovery.ts";
import { readCalDavSource } from "../../adapters/calendars/caldav/caldav-source.ts";
import type {
  CalendarReading,
  CalendarsAnswer,
  SourceQuestion,
  SourceReading,
  SourceSettings,
} from "../../adapters/calendars/source.ts";
import { CASE_RANGE, CASE_ZONE } from "./caldav-cases.ts";
import type { CalDavServer } from "./caldav-server.ts";

export const SETTINGS: SourceSettings = {
  ALLOW_LOOPBACK: "true",
  PUBLIC_URL: "https://cal.example",
  GOOGLE_CLIENT_ID: "",
  GOOGLE_URL: "",
};

export const NOW = Date.UTC(2026, 2, 10, 12);

type Typed = Pick<CalDavServer, "url" | "username" | "password">;

/** The access as a host makes it by typing. */
export function accessTo({ url, username, password }: Typed): string {
  const typed = caldavAccess({ url, username, password }, true);
  if (!typed.ok) {
    throw new Error(typed.why);
  }
  return typed.access;
}

export function find(typed: Typed): Promise<CalendarsAnswer> {
  return findCalDavCalendars(accessTo(typed), SETTINGS, NOW);
}

/** Asks about calendars by their addresses, which are their ids as well. */
export function read(
  typed: Typed,
  calendars: readonly (URL | string)[],
  more: Partial<SourceQuestion> = {},
): Promise<SourceReading> {
  return readCalDavSource(
    {
      access: accessTo(typed),
      calendars: calendars.map((ref) => ({ id: String(ref), ref: String(ref) })),
      range: CASE_RANGE,
      timeZone: CASE_ZONE,
      isBooking: () => false,
      ...more,
    },
    SETTINGS,
    NOW,
  );
}

/** The reading of one calendar, which the source must have answered. */
export async function readOne(
  typed: Typed,
  calendar: URL | string,
  more: Partial<SourceQuestion> = {},
): Promise<CalendarReading> {
  const reading = await read(typed, [calendar], more);
  const one = reading.kind === "read" ? reading.calendars.get(String(calendar)) : undefined;
  if (one === undefined) {
    throw new Error(`not read: ${JSON.stringify(reading)}`);
  }
  return one;
}
