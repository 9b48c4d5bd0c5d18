/** How a person wants to see times, and how long a host lets requests wait. */

import * as z from "zod/mini";
import { readSettings, writeSettings } from "../../adapters/d1/settings-rows.ts";
import { isKnownTimeZone } from "../../scheduling/time-zone.ts";
import { atHostCalendar } from "../authority.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { SettingsJson } from "../wire.ts";

const HOURS_WANTED = "give a whole number of hours from 1 to 336";

const settingsInput = z.object({
  timeZone: z.exactOptional(
    z.string("give an IANA zone such as Europe/Berlin").check(
      z.maxLength(64, "give an IANA zone such as Europe/Berlin"),
      z.refine((zone) => isKnownTimeZone(zone), { error: "give an IANA zone such as Europe/Berlin" }),
    ),
  ),
  hourCycle: z.exactOptional(z.enum(["h12", "h23"], "say h12 or h23")),
  pendingHours: z.exactOptional(
    z
      .number(HOURS_WANTED)
      .check(z.int(HOURS_WANTED), z.minimum(1, HOURS_WANTED), z.maximum(336, HOURS_WANTED)),
  ),
}) satisfies z.ZodMiniType<unknown, SettingsJson>;

/** `GET /api/settings` (getSettings): how they see times, and for hosts how long requests wait. */
export async function getSettings({ env, caller }: SignedInCall): Promise<Response> {
  return Response.json({ settings: await settingsOf(env, caller.did) });
}

/** All that one person has set, here and at their authority. */
export async function settingsOf(env: Env, did: string): Promise<SettingsJson> {
  const [own, { pendingHours }] = await Promise.all([
    readSettings(env.DB, did),
    atHostCalendar(env, did, (calendar) => calendar.readPolicy()),
  ]);
  return {
    ...(own.timeZone !== undefined && { timeZone: own.timeZone }),
    ...(own.hourCycle !== undefined && { hourCycle: own.hourCycle }),
    ...(pendingHours !== undefined && { pendingHours }),
  };
}

/** `PUT /api/settings` (updateSettings): replaces them all. 409 where somebody who is no host says how long requests wait. */
export async function putSettings({ request, env, caller, now }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, settingsInput);
  if (!input.ok) {
    return input.response;
  }
  const { pendingHours, ...own } = input.value;
  const refusal = await putPendingHours(env, caller.did, pendingHours);
  if (refusal) {
    return refusal;
  }
  await writeSettings(env.DB, caller.did, own, now);
  return Response.json({ settings: input.value });
}

/** Tells the authority, which decides by it; nothing is asked of it where nothing changes. Undefined when done. */
async function putPendingHours(
  env: Env,
  did: string,
  hours: number | undefined,
): Promise<Response | undefined> {
  const before = await atHostCalendar(env, did, (calendar) => calendar.readPolicy());
  if (before.pendingHours === hours) {
    return undefined;
  }
  const change = { kind: "pending-hours" as const, ...(hours !== undefined && { hours }) };
  const after = await atHostCalendar(env, did, (calendar) => calendar.changePolicy(change));
  if (after.ok) {
    return undefined;
  }
  return after.refusal.code === "HostNotFound"
    ? errorResponse(409, "NotAHost", "Publish your hours first: nobody can ask you for a time yet.")
    : refusalResponse(after.refusal);
}
