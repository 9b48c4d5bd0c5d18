/** How a person wants to see times and be reminded, and what a host has said about requests. */

import * as z from "zod/mini";
import { readSettings, writeSettings } from "../../adapters/d1/settings-rows.ts";
import type { HostPolicy, PolicyChange } from "../../durable-objects/host-policy.ts";
import { atHostCalendar } from "../authority.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { timeZoneField } from "../fields.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { SettingsJson } from "../wire.ts";

const HOURS_WANTED = "give a whole number of hours from 1 to 336";

const SWITCHES_WANTED = "say true or false for dayBefore and hourBefore";

const settingsInput = z.object({
  timeZone: z.exactOptional(timeZoneField),
  hourCycle: z.exactOptional(z.enum(["h12", "h23"], "say h12 or h23")),
  reminders: z.exactOptional(
    z.object(
      { dayBefore: z.boolean(SWITCHES_WANTED), hourBefore: z.boolean(SWITCHES_WANTED) },
      SWITCHES_WANTED,
    ),
  ),
  pendingHours: z.exactOptional(
    z
      .number(HOURS_WANTED)
      .check(z.int(HOURS_WANTED), z.minimum(1, HOURS_WANTED), z.maximum(336, HOURS_WANTED)),
  ),
  onSilentCalendar: z.exactOptional(z.enum(["refuse", "ask", "trust"], "say refuse, ask or trust")),
}) satisfies z.ZodMiniType<unknown, SettingsJson>;

/** `GET /api/settings` (getSettings): how they see times, what they are reminded of, and for hosts how long requests wait, and what if a calendar is silent. */
export async function getSettings({ env, caller }: SignedInCall): Promise<Response> {
  return Response.json({ settings: await settingsOf(env, caller.did) });
}

/** All that one person has set, here and at their authority. */
export async function settingsOf(env: Env, did: string): Promise<SettingsJson> {
  const [own, { pendingHours, onSilentCalendar }] = await Promise.all([
    readSettings(env.DB, did),
    atHostCalendar(env, did, (calendar) => calendar.readPolicy()),
  ]);
  return {
    ...(own.timeZone !== undefined && { timeZone: own.timeZone }),
    ...(own.hourCycle !== undefined && { hourCycle: own.hourCycle }),
    ...(own.reminders !== undefined && { reminders: own.reminders }),
    ...(pendingHours !== undefined && { pendingHours }),
    ...(onSilentCalendar !== undefined && { onSilentCalendar }),
  };
}

/** `PUT /api/settings` (updateSettings): replaces them all. 409 where somebody who is no host says something about requests. */
export async function putSettings({ request, env, caller, now }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, settingsInput);
  if (!input.ok) {
    return input.response;
  }
  const { pendingHours, onSilentCalendar, ...own } = input.value;
  const refusal = await putPolicy(env, caller.did, {
    ...(pendingHours !== undefined && { pendingHours }),
    ...(onSilentCalendar !== undefined && { onSilentCalendar }),
  });
  if (refusal) {
    return refusal;
  }
  await writeSettings(env.DB, caller.did, own, now);
  return Response.json({ settings: input.value });
}

/** Tells the authority, which decides by it; nothing is asked of it where nothing changes. Undefined when done. */
async function putPolicy(
  env: Env,
  did: string,
  { pendingHours: hours, onSilentCalendar: onSilent }: Pick<HostPolicy, "pendingHours" | "onSilentCalendar">,
): Promise<Response | undefined> {
  const before = await atHostCalendar(env, did, (calendar) => calendar.readPolicy());
  const changes: PolicyChange[] = [];
  if (before.pendingHours !== hours) {
    changes.push({ kind: "pending-hours", ...(hours !== undefined && { hours }) });
  }
  if (before.onSilentCalendar !== onSilent) {
    changes.push({ kind: "silent-calendar", ...(onSilent !== undefined && { onSilent }) });
  }
  for (const change of changes) {
    const after = await atHostCalendar(env, did, (calendar) => calendar.changePolicy(change));
    if (!after.ok) {
      return after.refusal.code === "HostNotFound"
        ? errorResponse(409, "NotAHost", "Publish your hours first: nobody can ask you for a time yet.")
        : refusalResponse(after.refusal);
    }
  }
  return undefined;
}
