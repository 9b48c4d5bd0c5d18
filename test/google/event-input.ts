/** Events as clients send them: read, checked, and brought into the form they are kept in. */

import { z } from "zod";
import type { calendar_v3 } from "@googleapis/calendar";
import { invalidParameter, missingParameter, refusal } from "./errors.ts";
import { occurrencesIn } from "./recurrence.ts";
import { dayStart, instantOf, instantOfWall, isDate, isWall, isZone, showInstant } from "./times.ts";

const Bound = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});

const Attendee = z.object({
  email: z.string().regex(/^[^\s@]+@[^\s@]+$/, "Invalid attendee email."),
  displayName: z.string().exactOptional(),
  optional: z.boolean().exactOptional(),
  resource: z.boolean().exactOptional(),
  comment: z.string().exactOptional(),
  additionalGuests: z.number().int().exactOptional(),
  responseStatus: z.enum(["needsAction", "declined", "tentative", "accepted"]).exactOptional(),
});

/** The fields that clients may write; others are ignored. `null` takes a field away. */
export const EventBody = z.object({
  id: z.string().nullish(),
  iCalUID: z.string().nullish(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  location: z.string().nullish(),
  start: Bound.nullish(),
  end: Bound.nullish(),
  recurrence: z.array(z.string()).nullish(),
  status: z.enum(["confirmed", "tentative", "cancelled"]).nullish(),
  transparency: z.enum(["opaque", "transparent"]).nullish(),
  visibility: z.enum(["default", "public", "private", "confidential"]).nullish(),
  attendees: z.array(Attendee).nullish(),
  sequence: z.number().int().nonnegative().nullish(),
  colorId: z.string().nullish(),
  eventType: z.string().nullish(),
  guestsCanInviteOthers: z.boolean().nullish(),
  guestsCanModify: z.boolean().nullish(),
  guestsCanSeeOtherGuests: z.boolean().nullish(),
  organizer: z
    .object({ email: z.string().exactOptional(), displayName: z.string().exactOptional() })
    .nullish(),
  source: z.object({ title: z.string().exactOptional(), url: z.string().exactOptional() }).nullish(),
  extendedProperties: z
    .object({
      private: z.record(z.string(), z.string()).exactOptional(),
      shared: z.record(z.string(), z.string()).exactOptional(),
    })
    .nullish(),
  reminders: z
    .object({
      useDefault: z.boolean().exactOptional(),
      overrides: z.array(z.object({ method: z.string(), minutes: z.number().int() })).exactOptional(),
    })
    .nullish(),
});
export type EventBody = z.infer<typeof EventBody>;

/**
 * What a body says, complete and checked.
 * @param calendar its zone is that of all-day events and of times without one, its id that of the attendee who is `self`
 * @throws Refused 400
 */
export function checkedEvent(
  body: EventBody,
  calendar: { readonly id: string; readonly timeZone: string },
): calendar_v3.Schema$Event {
  const isSeries = (body.recurrence ?? []).length > 0;
  const start = checkedBound(body.start, "start", calendar.timeZone, isSeries);
  const end = checkedBound(body.end, "end", calendar.timeZone, isSeries);
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw refusal(400, "invalid", "Invalid start time: start and end must both be a date or both a time.");
  }
  const length = at(end) - at(start);
  if (length < 0 || (length === 0 && start.date !== undefined)) {
    throw refusal(400, "timeRangeEmpty", "The specified time range is empty.", {
      domain: "calendar",
      location: "timeMax",
    });
  }
  const { attendees, ...rest } = given(body);
  const event = { ...rest, start, end };
  if (isSeries) checkRecurrence(event, calendar.timeZone);
  if (attendees === undefined) return event;
  return {
    ...event,
    attendees: attendees.map((attendee) => ({
      responseStatus: "needsAction",
      ...attendee,
      ...(attendee.email === calendar.id ? { self: true } : {}),
    })),
  };
}

/** Base32hex and 5 to 1024 characters, as Google asks. @throws Refused 400 */
export function checkedId(id: string): string {
  if (!/^[a-v0-9]{5,1024}$/.test(id)) throw refusal(400, "invalid", "Invalid resource id value.");
  return id;
}

/** The id Google gives to an event that brings its UID: the same one each time. */
export function idOfUid(uid: string): string {
  const google = /^([a-v0-9]{5,})@google\.com$/.exec(uid)?.[1];
  if (google !== undefined) return google;
  const bits = [...Buffer.from(uid)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const digits = bits.match(/.{1,5}/g) ?? [];
  return `_${digits.map((five) => Number.parseInt(five.padEnd(5, "0"), 2).toString(32)).join("")}`;
}

/** `null` and `undefined` are both "not there". */
type Given<Value> = { [Name in keyof Value]?: Exclude<Value[Name], null | undefined> };

function given<Value extends object>(value: Value): Given<Value> {
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries) as Given<Value>;
}

function checkedBound(
  bound: EventBody["start"],
  name: "start" | "end",
  calendarZone: string,
  isSeries: boolean,
): { readonly date?: string; readonly dateTime?: string; readonly timeZone?: string } {
  const { date, dateTime, timeZone } = given(bound ?? {}) as {
    date?: string;
    dateTime?: string;
    timeZone?: string;
  };
  if (date === undefined && dateTime === undefined) throw missingParameter(name, `Missing ${name} time.`);
  if (timeZone !== undefined && !isZone(timeZone)) {
    throw invalidParameter(`${name}.timeZone`, `Invalid time zone definition for ${name} time.`);
  }
  if (date !== undefined && dateTime === undefined && isDate(date)) return { date };
  if (date !== undefined || dateTime === undefined) throw invalidParameter(name, `Invalid ${name} time.`);
  if (isSeries && timeZone === undefined) {
    throw missingParameter(name, `Missing time zone definition for ${name} time.`);
  }
  const zone = timeZone ?? calendarZone;
  const instant = isWall(dateTime)
    ? timeZone === undefined
      ? undefined
      : instantOfWall(dateTime, timeZone)
    : instantOf(dateTime);
  if (instant === undefined) throw invalidParameter(name, `Invalid ${name} time.`);
  return { dateTime: showInstant(instant, zone), timeZone: zone };
}

function at(bound: { readonly date?: string; readonly dateTime?: string }): number {
  return bound.date === undefined ? (instantOf(bound.dateTime ?? "") ?? 0) : dayStart(bound.date, "UTC");
}

function checkRecurrence(event: calendar_v3.Schema$Event, zone: string): void {
  const lines = event.recurrence ?? [];
  const areKnown = lines.every((line) => /^(RRULE|RDATE|EXDATE)[;:]/i.test(line));
  try {
    if (areKnown) occurrencesIn(event, zone, { start: Date.now(), end: Date.now() + 1 });
  } catch {
    throw invalidParameter("recurrence", "Invalid recurrence rule.");
  }
  if (!areKnown) throw invalidParameter("recurrence", "Invalid recurrence rule.");
}
