/** `calendars.insert` and `get`: calendars themselves, apart from whose list they are on. */

import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { calendar_v3 } from "@googleapis/calendar";
import { accessTo, addCalendar } from "./accounts.ts";
import { etagOf } from "./calendar-list.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { parseBody } from "./parse-body.ts";
import { isZone } from "./times.ts";
import type { ApiCall } from "./api-call.ts";
import type { Calendar, State } from "./state.ts";

const CalendarBody = z.object({
  summary: z.string().min(1),
  description: z.string().optional(),
  timeZone: z.string().optional(),
});

/** A secondary calendar of the caller's. */
export function insertCalendar({ state, caller, body }: ApiCall): calendar_v3.Schema$Calendar {
  const { summary, description, timeZone = "UTC" } = parseBody(CalendarBody, body);
  if (!isZone(timeZone)) throw invalidParameter("timeZone");
  const calendar: Calendar = {
    id: `c_${randomBytes(16).toString("hex")}@group.calendar.google.com`,
    summary,
    description,
    timeZone,
    owner: caller.email,
    isPrimary: false,
    isPublic: false,
    madeBy: caller.clientId,
  };
  addCalendar(state, calendar);
  return showCalendar(state, calendar);
}

export function getCalendar({ state, caller, path }: ApiCall): calendar_v3.Schema$Calendar {
  const { calendar } = accessTo(state, caller, path["calendarId"] ?? "");
  const isLimited = [
    "calendar",
    "calendar.readonly",
    "calendar.calendars",
    "calendar.calendars.readonly",
  ].every((scope) => !caller.scopes.has(scope));
  if (isLimited && calendar.madeBy !== caller.clientId) throw notFound();
  return showCalendar(state, calendar);
}

function showCalendar(state: State, calendar: Calendar): calendar_v3.Schema$Calendar {
  return {
    kind: "calendar#calendar",
    etag: etagOf(calendar.id, state.revision),
    id: calendar.id,
    summary: calendar.summary,
    ...(calendar.description === undefined ? {} : { description: calendar.description }),
    timeZone: calendar.timeZone,
    conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] },
  };
}
