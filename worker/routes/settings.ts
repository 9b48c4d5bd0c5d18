/** How a person wants to see times. */

import * as z from "zod/mini";
import { readSettings, writeSettings } from "../../adapters/d1/settings-rows.ts";
import { isKnownTimeZone } from "../../scheduling/time-zone.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { SettingsJson } from "../wire.ts";

const settingsInput = z.object({
  timeZone: z.exactOptional(
    z.string("give an IANA zone such as Europe/Berlin").check(
      z.maxLength(64, "give an IANA zone such as Europe/Berlin"),
      z.refine((zone) => isKnownTimeZone(zone), { error: "give an IANA zone such as Europe/Berlin" }),
    ),
  ),
  hourCycle: z.exactOptional(z.enum(["h12", "h23"], "say h12 or h23")),
}) satisfies z.ZodMiniType<unknown, SettingsJson>;

/** `GET /api/settings` (getSettings). */
export async function getSettings({ env, caller }: SignedInCall): Promise<Response> {
  return Response.json({ settings: await readSettings(env.DB, caller.did) });
}

/** `PUT /api/settings` (updateSettings): replaces them all. */
export async function putSettings({ request, env, caller, now }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, settingsInput);
  if (!input.ok) {
    return input.response;
  }
  await writeSettings(env.DB, caller.did, input.value, now);
  return Response.json({ settings: input.value });
}
