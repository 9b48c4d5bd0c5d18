/** Holding a slot for a few minutes, and letting go of it. Parses and forwards: the host's authority decides. */

import * as z from "zod/mini";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar } from "../authority.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { refusalResponse } from "../errors.ts";
import { actorField, durationField, instantField, requestIdField, rkeyField } from "../fields.ts";
import { parseQuery } from "../query.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { HoldInput, HoldJson } from "../wire.ts";

const holdInput = z.object({
  host: actorField,
  meetingType: rkeyField,
  start: instantField,
  durationMinutes: z.exactOptional(durationField),
  requestId: requestIdField,
}) satisfies z.ZodMiniType<unknown, HoldInput>;

const releaseInput = z.object({ host: actorField });

/** `POST /api/holds` (holdSlot): 201 `{hold: {id, expiresAt}}` or a refusal; a repeat of a requestId gets the first answer. */
export async function holdSlot({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, holdInput);
  if (!input.ok) {
    return input.response;
  }
  const { meetingType, start, durationMinutes, requestId } = input.value;
  const host = await resolveActorDid(env, input.value.host);
  if (!host.ok) {
    return refusalResponse(host.refusal);
  }
  const answer = await atHostCalendar(env, host.value, (calendar) =>
    calendar.holdSlot({
      callerDid: caller.did,
      requestId,
      fingerprint: JSON.stringify(["hold", meetingType, start, durationMinutes ?? 0]),
      booker: { did: caller.did, handle: caller.handle },
      meetingTypeRkey: meetingType,
      start,
      ...(durationMinutes !== undefined && { durationMinutes }),
    }),
  );
  if (!answer.ok) {
    return refusalResponse(answer.refusal);
  }
  const { id, expiresAt } = answer.value;
  const body: HoldJson = { hold: { id, expiresAt: rfc3339(expiresAt) } };
  return Response.json(body, { status: 201 });
}

/** `DELETE /api/holds/:id?host=` (releaseHold), by its booker: 204, also when it is gone already. */
export async function releaseHold({ env, caller, params, url }: SignedInCall): Promise<Response> {
  const input = parseQuery(url, releaseInput);
  if (!input.ok) {
    return input.response;
  }
  const host = await resolveActorDid(env, input.value.host);
  if (!host.ok) {
    return refusalResponse(host.refusal);
  }
  await atHostCalendar(env, host.value, (calendar) => calendar.releaseHold(params["id"] ?? "", caller.did));
  return new Response(null, { status: 204 });
}
