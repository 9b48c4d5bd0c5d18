/** The calendars a host lives by: connecting one, seeing how it stands, reading it now, letting go of it. Kept by their authority. */

import * as z from "zod/mini";
import { OUTSIDE_URL_MAX_LENGTH, parseOutsideUrl } from "../../adapters/calendars/outside-url.ts";
import type { Connection } from "../../durable-objects/calendar-store.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { atHostCalendar } from "../authority.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { CalendarInput, CalendarJson, CalendarListJson } from "../wire.ts";

const LABEL_MAX_LENGTH = 60;

const calendarInput = z.object({
  kind: z.literal("feed", "say feed"),
  label: z
    .string("give it a name")
    .check(
      z.trim(),
      z.minLength(1, "give it a name"),
      z.maxLength(LABEL_MAX_LENGTH, `use at most ${LABEL_MAX_LENGTH} characters`),
    ),
  url: z
    .string("give the address of an .ics file")
    .check(z.maxLength(OUTSIDE_URL_MAX_LENGTH, "give a shorter address")),
}) satisfies z.ZodMiniType<unknown, CalendarInput>;

/** `GET /api/calendar/connections` (listCalendars): the oldest first. Says nothing of where they are. */
export async function listCalendars({ env, caller }: SignedInCall): Promise<Response> {
  const connections = await atHostCalendar(env, caller.did, (calendar) => calendar.listCalendars());
  const body: CalendarListJson = { calendars: connections.map(calendarJson) };
  return Response.json(body);
}

/** `POST /api/calendar/connections` (connectCalendar): 201 `{calendar}` once it could be read; 422 CalendarUnreadable says why not. */
export async function connectCalendar({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, calendarInput);
  if (!input.ok) {
    return input.response;
  }
  const { kind, label, url } = input.value;
  const address = parseOutsideUrl(url, env.ALLOW_LOOPBACK === "true");
  if (!address.ok) {
    return errorResponse(400, "InvalidRequest", address.why);
  }
  const connected = await atHostCalendar(env, caller.did, (calendar) =>
    calendar.connectCalendar({ kind, label, secret: address.url.href }),
  );
  return connected.ok
    ? Response.json({ calendar: calendarJson(connected.value) }, { status: 201 })
    : refusalResponse(connected.refusal);
}

/** `POST /api/calendar/connections/:id/refresh` (refreshCalendar): 200 `{calendar}` as it stands after the reading. */
export async function refreshCalendar({ env, caller, params }: SignedInCall): Promise<Response> {
  const connection = await atHostCalendar(env, caller.did, (calendar) =>
    calendar.refreshCalendar(params["id"] ?? ""),
  );
  return connection
    ? Response.json({ calendar: calendarJson(connection) })
    : errorResponse(404, "CalendarNotFound", "You have no such calendar. Reload the list.");
}

/** `DELETE /api/calendar/connections/:id` (disconnectCalendar): 204, also when it is not connected. */
export async function disconnectCalendar({ env, caller, params }: SignedInCall): Promise<Response> {
  await atHostCalendar(env, caller.did, (calendar) => calendar.disconnectCalendar(params["id"] ?? ""));
  return new Response(null, { status: 204 });
}

function calendarJson({ id, kind, label, state, problem, asOf, nextRefreshAt }: Connection): CalendarJson {
  return {
    id,
    kind,
    label,
    state,
    ...(problem !== undefined && { problem }),
    asOf: rfc3339(asOf),
    ...(state !== "needs_reauth" && { nextRefreshAt: rfc3339(nextRefreshAt) }),
  };
}
