/** Google's side of connecting calendars: sending a host there, taking what they bring back, and hearing of changes. */

import * as z from "zod/mini";
import { readPush } from "../../adapters/calendars/google/google-push.ts";
import { hostOfToken } from "../../durable-objects/calendars/channel-token.ts";
import { atHostCalendar } from "../authority.ts";
import type { Call } from "../call.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { idField } from "../fields.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import { readWebSession } from "../web-session.ts";
import type { GoogleConsentInput } from "../wire.ts";

/** Google's codes and our states are far shorter. */
const PARAMETER_MAX_LENGTH = 2_048;

const LABEL = "Google Calendar";

const consentInput = z.object({
  connectionId: z.exactOptional(idField),
  write: z.exactOptional(z.boolean("say true or false")),
}) satisfies z.ZodMiniType<unknown, GoogleConsentInput>;

/** How somebody comes back to their settings. */
type Outcome = "connected" | "denied" | "incomplete" | "failed" | "unreadable";

/** `POST /api/calendar/google` (askGoogle): 200 `{url}` of Google's page; 404 where this broker does not offer it. */
export async function askGoogle({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, consentInput);
  if (!input.ok) {
    return input.response;
  }
  const { connectionId, write = false } = input.value;
  const begun = await atHostCalendar(env, caller.did, (calendar) =>
    calendar.beginGoogleConsent({ write, ...(connectionId !== undefined && { connectionId }) }),
  );
  if (!begun.ok) {
    return refusalResponse(begun.refusal);
  }
  return begun.value === undefined
    ? errorResponse(
        404,
        "NotOffered",
        "Google Calendar cannot be connected here. Use its secret iCal address.",
      )
    : Response.json({ url: begun.value });
}

/**
 * `GET /api/calendar/google/callback`, where Google sends browsers back: 303 to the settings. Only the host who began can end it: the state
 * is looked for in the authority of whoever is signed in, and taken once.
 */
export async function comeBackFromGoogle({ request, env, url, now }: Call): Promise<Response> {
  const session = await readWebSession(request, env, now);
  const state = parameter(url, "state");
  const code = parameter(url, "code");
  if (session === undefined || state === undefined) {
    return backToSettings("failed");
  }
  if (code === undefined) {
    return backToSettings(url.searchParams.get("error") === "access_denied" ? "denied" : "failed");
  }
  return backToSettings(await connectGoogle(env, session.did, { state, code }));
}

/** `POST /api/calendar/google/push`, where Google tells of changes: 204, also for what we know nothing of, so that it is not sent again. */
export async function pushedByGoogle({ request, env }: Call): Promise<Response> {
  const push = readPush(request.headers);
  // Whatever is in the body is not read, and nobody's authority is woken by whom we gave no token.
  const host = push && (await hostOfToken(env, push.token, push.channelId));
  if (push && host !== undefined && push.state !== "sync") {
    await atHostCalendar(env, host, (calendar) => calendar.calendarPushed(push.channelId));
  }
  return new Response(null, { status: 204 });
}

async function connectGoogle(
  env: Env,
  did: string,
  brought: { readonly state: string; readonly code: string },
): Promise<Outcome> {
  const consent = await atHostCalendar(env, did, (calendar) => calendar.finishGoogleConsent(brought));
  if (consent.kind !== "granted") {
    return consent.kind === "incomplete" ? "incomplete" : "failed";
  }
  const { access, connectionId } = consent;
  const others = await atHostCalendar(env, did, (calendar) => calendar.listCalendars());
  const count = others.filter(({ kind }) => kind === "google").length;
  // What the account is called is somebody's address, so accounts are told apart by a number, and their calendars by name.
  const label = count === 0 ? LABEL : `${LABEL} ${count + 1}`;
  const connected = await atHostCalendar(env, did, (calendar) =>
    connectionId === undefined
      ? calendar.connectCalendars({ kind: "google", label, access })
      : calendar.giveCalendarAccess(connectionId, { kind: "google", access }),
  );
  return connected.ok ? "connected" : "unreadable";
}

function parameter(url: URL, name: string): string | undefined {
  const value = url.searchParams.get(name) ?? "";
  return value === "" || value.length > PARAMETER_MAX_LENGTH ? undefined : value;
}

function backToSettings(outcome: Outcome): Response {
  return new Response(null, {
    status: 303,
    headers: { location: `/settings?calendar=${outcome}`, "cache-control": "no-store" },
  });
}
