/** What the world is seeded with: clients, accounts, calendars, events in the words of iCalendar. */

import { z } from "zod";
import type { calendar_v3 } from "@googleapis/calendar";
import { addAccount, addCalendar, list } from "./accounts.ts";
import { storeEvent } from "./event-store.ts";
import { instanceById } from "./instances.ts";
import { ACCESS_ROLES } from "./state.ts";
import type { State } from "./state.ts";
import { dateAfter, instantOf, instantOfWall, isDate, isWall, showInstant } from "./times.ts";

const ClientSeed = z.object({
  id: z.string(),
  secret: z.string().optional(),
  redirectUris: z.array(z.string()),
  isTesting: z.boolean().optional(),
});

const AccountSeed = z.object({
  email: z.string(),
  name: z.string().optional(),
  /** Of its primary calendar; default UTC. */
  timeZone: z.string().optional(),
});

const CalendarSeed = z.object({
  id: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  timeZone: z.string().optional(),
  /** An account; absent: nobody's here, like holidays. */
  owner: z.string().optional(),
  isPublic: z.boolean().optional(),
  /** The client that made it. */
  madeBy: z.string().optional(),
});

const ListingSeed = z.object({
  account: z.string(),
  calendar: z.string(),
  accessRole: z.enum(ACCESS_ROLES).optional(),
  isHidden: z.boolean().optional(),
  isSelected: z.boolean().optional(),
  isDeleted: z.boolean().optional(),
  summaryOverride: z.string().optional(),
});

const EventSeed = z.object({
  calendar: z.string(),
  /** Base32hex; default: made up. */
  id: z.string().optional(),
  uid: z.string().optional(),
  summary: z.string().optional(),
  /** `2026-10-19`, `2026-10-19T10:00:00` in the zone, or with `Z` or an offset. */
  start: z.string(),
  /** Likewise, exclusive; default: an hour or a day after the start. */
  end: z.string().optional(),
  /** IANA; default: the calendar's. */
  timeZone: z.string().optional(),
  /** `FREQ=DAILY;COUNT=10`. */
  rrule: z.string().optional(),
  /** Whole lines, such as `EXDATE;TZID=Europe/Berlin:20261021T100000`. */
  recurrence: z.array(z.string()).optional(),
  /** An exception: the id of the series, and the start the instance has in it. */
  series: z.string().optional(),
  originalStart: z.string().optional(),
  isFree: z.boolean().optional(),
  isPrivate: z.boolean().optional(),
  status: z.enum(["confirmed", "tentative", "cancelled"]).optional(),
  /** What the calendar's person answered to the invitation. */
  myResponse: z.enum(["needsAction", "declined", "tentative", "accepted"]).optional(),
  eventType: z.string().optional(),
});
export type EventSeed = z.infer<typeof EventSeed>;

export const Seed = z.object({
  clients: z.array(ClientSeed).optional(),
  accounts: z.array(AccountSeed).optional(),
  calendars: z.array(CalendarSeed).optional(),
  listings: z.array(ListingSeed).optional(),
  events: z.array(EventSeed).optional(),
});
export type Seed = z.infer<typeof Seed>;

/** Adds all of it, in the order of the fields; returns the ids of the events. @throws where something names what is not there */
export function plant(state: State, seed: Seed): { readonly eventIds: string[] } {
  for (const client of seed.clients ?? []) state.clients.set(client.id, client);
  for (const { email, name = email, timeZone = "UTC" } of seed.accounts ?? []) {
    addAccount(state, { email, name }, timeZone);
  }
  for (const { timeZone = "UTC", isPublic = false, ...calendar } of seed.calendars ?? []) {
    addCalendar(state, { ...calendar, timeZone, isPublic, isPrimary: false });
  }
  for (const { account, calendar: calendarId, ...entry } of seed.listings ?? []) {
    list(state, account, { accessRole: "reader", ...defined(entry), calendarId });
  }
  const eventIds = (seed.events ?? []).map((event) => plantEvent(state, event));
  return { eventIds };
}

function plantEvent(state: State, seed: EventSeed): string {
  const calendar = state.calendars.get(seed.calendar);
  if (calendar === undefined) throw new Error("There is no such calendar; seed it first.");
  const zone = seed.timeZone ?? calendar.timeZone;
  const start = boundOf(seed.start, zone);
  const lines = [...(seed.rrule === undefined ? [] : [`RRULE:${seed.rrule}`]), ...(seed.recurrence ?? [])];
  const stored = storeEvent(state, calendar.id, {
    ...exceptionOf(state, seed, zone),
    ...(seed.id === undefined ? {} : { id: seed.id }),
    ...(seed.uid === undefined ? {} : { iCalUID: seed.uid }),
    ...(seed.summary === undefined ? {} : { summary: seed.summary }),
    start,
    end: seed.end === undefined ? usualEnd(start, zone) : boundOf(seed.end, zone),
    ...(lines.length === 0 ? {} : { recurrence: lines }),
    ...(seed.isFree === true ? { transparency: "transparent" } : {}),
    ...(seed.isPrivate === true ? { visibility: "private" } : {}),
    status: seed.status ?? "confirmed",
    ...(seed.eventType === undefined ? {} : { eventType: seed.eventType }),
    ...(seed.myResponse === undefined ? {} : { attendees: attendees(calendar.id, seed.myResponse) }),
  });
  return stored.id;
}

/** What makes an event an exception of a series: the id of the instance it replaces, its original start, the UID. */
function exceptionOf(state: State, seed: EventSeed, zone: string): calendar_v3.Schema$Event {
  if (seed.series === undefined) return {};
  const original = boundOf(seed.originalStart ?? seed.start, zone);
  const text =
    original.date?.replaceAll("-", "") ??
    showInstant(instantOf(original.dateTime ?? "") ?? 0, "UTC").replaceAll(/[-:]/g, "");
  const instance = instanceById(state, seed.calendar, `${seed.series}_${text}`);
  if (instance === undefined) throw new Error("The series has no instance that starts then.");
  const { id, iCalUID, recurringEventId, originalStartTime } = instance;
  return defined({ id, iCalUID, recurringEventId, originalStartTime });
}

function boundOf(text: string, zone: string): calendar_v3.Schema$EventDateTime {
  if (isDate(text)) return { date: text };
  const at = isWall(text) ? instantOfWall(text, zone) : instantOf(text);
  if (at === undefined) throw new Error(`${text} is no date and no time.`);
  return { dateTime: showInstant(at, zone), timeZone: zone };
}

function usualEnd(start: calendar_v3.Schema$EventDateTime, zone: string): calendar_v3.Schema$EventDateTime {
  if (typeof start.date === "string") return { date: dateAfter(start.date, 1) };
  return { dateTime: showInstant((instantOf(start.dateTime ?? "") ?? 0) + 3_600_000, zone), timeZone: zone };
}

function attendees(email: string, responseStatus: string): calendar_v3.Schema$EventAttendee[] {
  return [
    { email: "organizer@example.com", organizer: true, responseStatus: "accepted" },
    { email, self: true, responseStatus },
  ];
}

/** Without what is undefined. */
function defined<Value extends object>(
  value: Value,
): { [Name in keyof Value]?: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [Name in keyof Value]?: Exclude<Value[Name], undefined>;
  };
}
