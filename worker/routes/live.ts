/** Looking on while a host's times are taken and freed: a WebSocket to their authority. Nothing private goes through it. */

import * as z from "zod/mini";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar, hostCalendar } from "../authority.ts";
import type { Call } from "../call.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { parseQuery } from "../query.ts";

const AFTER_WANTED = "give the `seq` of a message";

const liveInput = z.object({
  after: z.exactOptional(z.string(AFTER_WANTED).check(z.regex(/^\d{1,16}$/, AFTER_WANTED))),
});

/** `GET /api/hosts/:actor/live` (RFC 6455): 101, then messages as `LiveJson` says. */
export async function watchHost({ request, env, params, url }: Call): Promise<Response> {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return errorResponse(426, "UpgradeRequired", "Open this address as a WebSocket.", {
      upgrade: "websocket",
    });
  }
  const input = parseQuery(url, liveInput);
  if (!input.ok) {
    return input.response;
  }
  const did = await resolveActorDid(env, params["actor"] ?? "");
  // Only a host has an authority that is worth a socket.
  const host = did.ok ? await atHostCalendar(env, did.value, (calendar) => calendar.getHost()) : did;
  if (!host.ok) {
    return refusalResponse(host.refusal);
  }
  const answer = await hostCalendar(env, host.value.did).fetch(request);
  return answer.status === 503
    ? errorResponse(503, "TooManyViewers", "Too many people look on. Ask for the slots now and then instead.")
    : answer;
}
