/** The calendars a host lives by: connecting them, choosing among them, seeing how they stand, letting go. Kept by their authority. */

import * as z from "zod/mini";
import { caldavAccess } from "../../adapters/calendars/caldav/caldav-access.ts";
import { OUTSIDE_URL_MAX_LENGTH, parseOutsideUrl } from "../../adapters/outside-url.ts";
import type { Access } from "../../adapters/calendars/source.ts";
import type { ConnectionView } from "../../durable-objects/calendars/calendar-work.ts";
import type { Result } from "../../scheduling/refusal.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { atHostCalendar } from "../authority.ts";
import { bookingJson } from "../booking-json.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { idField } from "../fields.ts";
import { type Parsed, parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type {
  CalendarAccessInput,
  CalendarChoiceInput,
  ConflictListJson,
  ConnectionInput,
  ConnectionJson,
  ConnectionListJson,
} from "../wire.ts";

const LABEL_MAX_LENGTH = 60;
const CREDENTIAL_MAX_LENGTH = 1_024;
const CALENDARS_MAX = 100;

const url = z
  .string("give the address of your calendar")
  .check(z.maxLength(OUTSIDE_URL_MAX_LENGTH, "give a shorter address"));

const credential = z.string("give it").check(z.maxLength(CREDENTIAL_MAX_LENGTH, "give a shorter one"));

const feedAccess = { kind: z.literal("feed"), url };
const serverAccess = { kind: z.literal("caldav"), url, username: credential, password: credential };

const label = z
  .string("give it a name")
  .check(
    z.trim(),
    z.minLength(1, "give it a name"),
    z.maxLength(LABEL_MAX_LENGTH, `use at most ${LABEL_MAX_LENGTH} characters`),
  );

const accessInput = z.discriminatedUnion(
  "kind",
  [z.object(feedAccess), z.object(serverAccess)],
  "say feed or caldav",
) satisfies z.ZodMiniType<unknown, CalendarAccessInput>;

const connectionInput = z.discriminatedUnion(
  "kind",
  [z.object({ ...feedAccess, label }), z.object({ ...serverAccess, label })],
  "say feed or caldav",
) satisfies z.ZodMiniType<unknown, ConnectionInput>;

const choiceInput = z.object({
  blocking: z
    .array(idField, "give a list of ids of calendars")
    .check(z.maxLength(CALENDARS_MAX, "choose fewer calendars")),
  takesBookings: z.exactOptional(idField),
}) satisfies z.ZodMiniType<unknown, CalendarChoiceInput>;

/** `GET /api/calendar/connections` (listCalendars): the oldest first. Says nothing of where they are. */
export async function listCalendars({ env, caller }: SignedInCall): Promise<Response> {
  const connections = await atHostCalendar(env, caller.did, (calendar) => calendar.listCalendars());
  const body: ConnectionListJson = {
    connections: connections.map(connectionJson),
    offersGoogle: env.GOOGLE_CLIENT_ID !== "",
  };
  return Response.json(body);
}

/** `POST /api/calendar/connections` (connectCalendars): 201 `{connection}` once it could be read; 422 CalendarUnreadable says why not. */
export async function connectCalendars({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, connectionInput);
  if (!input.ok) {
    return input.response;
  }
  const access = accessOf(input.value, env);
  if (!access.ok) {
    return access.response;
  }
  const { kind } = input.value;
  return connectionResponse(
    await atHostCalendar(env, caller.did, (calendar) =>
      calendar.connectCalendars({ kind, label: input.value.label, access: access.value }),
    ),
    201,
  );
}

/** `PUT /api/calendar/connections/:id` (chooseCalendars): 200 `{connection}` with the choice made; those that newly block were read. */
export async function chooseCalendars({ request, env, caller, params }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, choiceInput);
  return input.ok
    ? connectionResponse(
        await atHostCalendar(env, caller.did, (calendar) =>
          calendar.chooseCalendars(params["id"] ?? "", input.value),
        ),
        200,
      )
    : input.response;
}

/** `PUT /api/calendar/connections/:id/access` (giveCalendarAccess): 200 `{connection}`, read with it; 422 where it does not open. */
export async function giveCalendarAccess({ request, env, caller, params }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, accessInput);
  if (!input.ok) {
    return input.response;
  }
  const access = accessOf(input.value, env);
  if (!access.ok) {
    return access.response;
  }
  const { kind } = input.value;
  return connectionResponse(
    await atHostCalendar(env, caller.did, (calendar) =>
      calendar.giveCalendarAccess(params["id"] ?? "", { kind, access: access.value }),
    ),
    200,
  );
}

/** `POST /api/calendar/connections/:id/refresh` (refreshCalendars): 200 `{connection}` as it stands after the reading. */
export async function refreshCalendars({ env, caller, params }: SignedInCall): Promise<Response> {
  return connectionResponse(
    await atHostCalendar(env, caller.did, (calendar) => calendar.refreshCalendars(params["id"] ?? "")),
    200,
  );
}

/** `DELETE /api/calendar/connections/:id` (disconnectCalendars): 204, also when it is not connected. */
export async function disconnectCalendars({ env, caller, params }: SignedInCall): Promise<Response> {
  await atHostCalendar(env, caller.did, (calendar) => calendar.disconnectCalendars(params["id"] ?? ""));
  return new Response(null, { status: 204 });
}

/** `GET /api/calendar/conflicts` (listConflicts): confirmed bookings ahead on which busy time lies, the next one first. */
export async function listConflicts({ env, caller }: SignedInCall): Promise<Response> {
  const bookings = await atHostCalendar(env, caller.did, (calendar) => calendar.listConflicts());
  const body: ConflictListJson = { bookings: bookings.map((booking) => bookingJson(booking, caller.did)) };
  return Response.json(body);
}

/** What the host typed, as their calendar's source wants it, or the answer that says what is wrong with it. */
function accessOf(input: CalendarAccessInput, env: Env): Parsed<Access> {
  const allowLoopback = env.ALLOW_LOOPBACK === "true";
  if (input.kind === "feed") {
    const address = parseOutsideUrl(input.url, allowLoopback);
    return address.ok ? { ok: true, value: address.url.href } : wrong(address.why);
  }
  const access = caldavAccess(input, allowLoopback);
  return access.ok ? { ok: true, value: access.access } : wrong(access.why);
}

function wrong(why: string): Parsed<never> {
  return { ok: false, response: errorResponse(400, "InvalidRequest", why) };
}

function connectionResponse(answer: Result<ConnectionView>, status: number): Response {
  return answer.ok
    ? Response.json({ connection: connectionJson(answer.value) }, { status })
    : refusalResponse(answer.refusal);
}

/** As HTTP shows it to its host. */
export function connectionJson(connection: ConnectionView): ConnectionJson {
  const { id, kind, label: called, state, problem, nextRefreshAt, calendars } = connection;
  const blocking = calendars.filter(({ blocks }) => blocks);
  return {
    id,
    kind,
    label: called,
    state,
    ...(problem !== undefined && { problem }),
    ...(blocking.length > 0 && { asOf: rfc3339(Math.min(...blocking.map(({ asOf }) => asOf))) }),
    ...(state !== "needs_reauth" && blocking.length > 0 && { nextRefreshAt: rfc3339(nextRefreshAt) }),
    calendars: calendars.map((calendar) => ({
      id: calendar.id,
      name: calendar.name === "" ? called : calendar.name,
      blocks: calendar.blocks,
      isWritable: calendar.isWritable,
      takesBookings: calendar.takesBookings,
      ...(calendar.blocks && { asOf: rfc3339(calendar.asOf) }),
      ...(calendar.problem !== undefined && { problem: calendar.problem }),
    })),
  };
}
