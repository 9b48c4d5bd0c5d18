/** `freeBusy`: when calendars are busy. */

import { z } from "zod";
import type { calendar_v3 } from "@googleapis/calendar";
import { resolveCalendarId, roleOf } from "./accounts.ts";
import { invalidParameter, missingParameter, refusal } from "./errors.ts";
import { instancesIn } from "./instances.ts";
import { parseBody } from "./parse-body.ts";
import { DAY, instantOf, isZone, showInstant, showStamp } from "./times.ts";
import type { ApiCall } from "./api-call.ts";
import type { Span } from "./recurrence.ts";
import type { State } from "./state.ts";

const LONGEST = 90 * DAY;
const MOST_CALENDARS = 50;
const MOST_IN_GROUP = 100;

const Question = z.object({
  timeMin: z.string().nullish(),
  timeMax: z.string().nullish(),
  timeZone: z.string().nullish(),
  groupExpansionMax: z.number().int().nullish(),
  calendarExpansionMax: z.number().int().nullish(),
  items: z.array(z.object({ id: z.string() })).nullish(),
});

/**
 * Busy time as Google may give it: by event, in no order, overlapping, and reaching over the range's ends.
 * What is wrong with one calendar stands with that calendar, in an answer of 200.
 */
export function queryFreeBusy({ state, caller, body }: ApiCall): calendar_v3.Schema$FreeBusyResponse {
  const question = parseBody(Question, body);
  const range = { start: timeOf(question.timeMin, "timeMin"), end: timeOf(question.timeMax, "timeMax") };
  const zone = question.timeZone ?? "UTC";
  if (!isZone(zone)) throw invalidParameter("timeZone", `Invalid time zone: ${zone}`);
  if (range.end <= range.start) {
    throw refusal(400, "timeRangeEmpty", "The specified time range is empty.", {
      domain: "calendar",
      location: "timeMax",
    });
  }
  if (range.end - range.start > LONGEST) {
    throw refusal(400, "timeRangeTooLong", "The requested time range is too long.", { domain: "calendar" });
  }
  const most = limitOf(question.calendarExpansionMax, "calendarExpansionMax", MOST_CALENDARS);
  limitOf(question.groupExpansionMax, "groupExpansionMax", MOST_IN_GROUP);

  const ids = [...new Set((question.items ?? []).map(({ id }) => id))];
  const calendars = ids.map((id, at): [string, calendar_v3.Schema$FreeBusyCalendar] => {
    if (at >= most) return [id, failed("tooManyCalendarsRequested")];
    const calendar = state.calendars.get(resolveCalendarId(caller, id));
    if (calendar === undefined || roleOf(state, caller.email, calendar) === undefined) {
      return [id, failed("notFound")];
    }
    const busy = busyIn(state, calendar.id, range).map(({ start, end }) => ({
      start: showInstant(start, zone),
      end: showInstant(end, zone),
    }));
    return [id, { busy }];
  });
  return {
    kind: "calendar#freeBusy",
    timeMin: showStamp(range.start),
    timeMax: showStamp(range.end),
    calendars: Object.fromEntries(calendars),
  };
}

/** The latest event first: whoever needs an order has to make it. */
function busyIn(state: State, calendarId: string, range: Span): Span[] {
  return instancesIn(state, calendarId, range)
    .filter(({ event, start, end }) => end > start && takesTime(event))
    .toReversed();
}

/** Not cancelled, not shown as free, and not declined by whose calendar it is. */
function takesTime(event: calendar_v3.Schema$Event): boolean {
  const self = (event.attendees ?? []).find((attendee) => attendee.self === true);
  return (
    event.status !== "cancelled" &&
    event.transparency !== "transparent" &&
    event.eventType !== "workingLocation" &&
    self?.responseStatus !== "declined"
  );
}

function failed(reason: string): calendar_v3.Schema$FreeBusyCalendar {
  return { errors: [{ domain: "global", reason }], busy: [] };
}

function timeOf(text: string | null | undefined, name: string): number {
  if (text === null || text === undefined) throw missingParameter(name);
  const at = instantOf(text);
  if (at === undefined) throw invalidParameter(name);
  return at;
}

function limitOf(asked: number | null | undefined, name: string, most: number): number {
  if (asked === null || asked === undefined) return most;
  if (asked < 1 || asked > most) throw invalidParameter(name);
  return asked;
}
