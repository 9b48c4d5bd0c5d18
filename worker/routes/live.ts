/** WebSockets: looking on while a host's times are taken and freed, and hearing that a notification has come. Nothing private goes through them. */

import * as z from "zod/mini";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar, hostCalendar } from "../authority.ts";
import type { Call } from "../call.ts";
import { comesFromOurPages, CROSS_SITE } from "../cross-site.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { parseQuery } from "../query.ts";
import type { SignedInCall } from "../signed-in.ts";

const AFTER_WANTED = "give the `seq` of a message";

const liveInput = z.object({
  after: z.exactOptional(z.string(AFTER_WANTED).check(z.regex(/^\d{1,16}$/, AFTER_WANTED))),
});

/** `GET /api/hosts/:actor/live` (RFC 6455): 101, then messages as `LiveJson` says. */
export async function watchHost({ request, env, params, url }: Call): Promise<Response> {
  const unfit = unfitForSocket(request, url);
  if (unfit) {
    return unfit;
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

/**
 * `GET /api/notifications/live` (watchNotifications): 101, then a `LiveJson` with `isReset` whenever a notification has come for the caller.
 * Browsers send cookies with any site's WebSocket, so a cookie is good for our own pages only.
 */
export async function watchNotifications({ request, env, url, caller }: SignedInCall): Promise<Response> {
  if (caller.via === "cookie" && !comesFromOurPages(request, env)) {
    return errorResponse(403, CROSS_SITE.error, CROSS_SITE.message);
  }
  const unfit = unfitForSocket(request, url);
  if (unfit) {
    return unfit;
  }
  const answer = await env.ACCOUNT.getByName(caller.did).fetch(request);
  return answer.status === 503
    ? errorResponse(
        503,
        "TooManyViewers",
        "Too many pages are open. Ask for the notifications now and then instead.",
      )
    : answer;
}

/** Why this cannot become a socket of `Live`. */
function unfitForSocket(request: Request, url: URL): Response | undefined {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return errorResponse(426, "UpgradeRequired", "Open this address as a WebSocket.", {
      upgrade: "websocket",
    });
  }
  const input = parseQuery(url, liveInput);
  return input.ok ? undefined : input.response;
}
