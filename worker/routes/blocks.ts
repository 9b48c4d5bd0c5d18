/** People from whom a host takes no requests. Kept by the host's authority, which decides by it. */

import * as z from "zod/mini";
import { configuredIdentities } from "../../adapters/atproto/configured.ts";
import type { BlockedParty } from "../../durable-objects/host-policy.ts";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar } from "../authority.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { actorField } from "../fields.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { BlockedJson, BlockListJson } from "../wire.ts";

const blockInput = z.object({ actor: actorField });

/** `GET /api/blocks` (listBlocks): the latest first. */
export async function listBlocks({ env, caller }: SignedInCall): Promise<Response> {
  const { blocked } = await atHostCalendar(env, caller.did, (calendar) => calendar.readPolicy());
  const body: BlockListJson = { blocked: blocked.map(blockedJson) };
  return Response.json(body);
}

/** `POST /api/blocks` (createBlock) `{actor}`: 201 `{blocked}`. What is booked already stays. */
export async function createBlock({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, blockInput);
  if (!input.ok) {
    return input.response;
  }
  const did = await resolveActorDid(env, input.value.actor);
  const identity = did.ok ? await configuredIdentities(env).resolveDid(did.value) : did;
  if (!identity.ok) {
    return refusalResponse(identity.refusal);
  }
  if (identity.value.did === caller.did) {
    return errorResponse(400, "InvalidRequest", "You cannot block yourself. Name somebody else.");
  }
  const party = { did: identity.value.did, handle: identity.value.handle };
  const policy = await atHostCalendar(env, caller.did, (calendar) =>
    calendar.changePolicy({ kind: "block", party }),
  );
  if (!policy.ok) {
    return refusalResponse(policy.refusal);
  }
  const blocked = policy.value.blocked.find((one) => one.did === party.did);
  if (!blocked) {
    throw new Error("whoever was just blocked is not on the list");
  }
  return Response.json({ blocked: blockedJson(blocked) }, { status: 201 });
}

/** `DELETE /api/blocks/:did` (deleteBlock): 204, also when nobody of that DID is blocked. */
export async function deleteBlock({ env, caller, params }: SignedInCall): Promise<Response> {
  const policy = await atHostCalendar(env, caller.did, (calendar) =>
    calendar.changePolicy({ kind: "unblock", did: params["did"] ?? "" }),
  );
  return policy.ok ? new Response(null, { status: 204 }) : refusalResponse(policy.refusal);
}

/** As HTTP shows them to the host. */
export function blockedJson({ did, handle, blockedAt }: BlockedParty): BlockedJson {
  return { did, handle, blockedAt: rfc3339(blockedAt) };
}
