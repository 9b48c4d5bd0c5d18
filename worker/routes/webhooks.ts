/** A host's webhooks: which there are, how they stand, and what was sent to them. Kept by their authority. */

import * as z from "zod/mini";
import { OUTSIDE_URL_MAX_LENGTH } from "../../adapters/outside-url.ts";
import { refusedWebhookUrl } from "../../adapters/webhooks/call-webhook.ts";
import type { WebhookView } from "../../durable-objects/webhooks/webhooks.ts";
import type { Result } from "../../scheduling/refusal.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { atHostCalendar, hostCalendar } from "../authority.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import type {
  NewWebhookJson,
  WebhookAnswerJson,
  WebhookDeliveryJson,
  WebhookInput,
  WebhookJson,
  WebhookListJson,
} from "../messages-wire.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";

const webhookInput = z.object({
  url: z
    .string("give the address to call")
    .check(z.maxLength(OUTSIDE_URL_MAX_LENGTH, "give a shorter address"), z.trim()),
}) satisfies z.ZodMiniType<WebhookInput>;

/** `GET /api/webhooks` (listWebhooks). */
export async function listWebhooks({ env, caller }: SignedInCall): Promise<Response> {
  const webhooks = await atHostCalendar(env, caller.did, (calendar) => calendar.listWebhooks());
  const body: WebhookListJson = { webhooks: webhooks.map(webhookJson) };
  return Response.json(body);
}

/** `POST /api/webhooks` (addWebhook): 201 with the key of its signatures, or 422 where the address is none to call. */
export async function addWebhook({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, webhookInput);
  if (!input.ok) {
    return input.response;
  }
  const { url } = input.value;
  const why = refusedWebhookUrl(url, env.ALLOW_LOOPBACK === "true");
  if (why !== undefined) {
    return errorResponse(422, "AddressNotAllowed", why);
  }
  const added = await hostCalendar(env, caller.did).addWebhook(url);
  if (!added.ok) {
    return refusalResponse(added.refusal);
  }
  const body: NewWebhookJson = { webhook: webhookJson(added.value.webhook), secret: added.value.secret };
  return Response.json(body, { status: 201 });
}

/** `DELETE /api/webhooks/:id` (removeWebhook): 204, also where there was none. */
export async function removeWebhook({ env, caller, params }: SignedInCall): Promise<Response> {
  await atHostCalendar(env, caller.did, (calendar) => calendar.removeWebhook(params["id"] ?? ""));
  return new Response(null, { status: 204 });
}

/** `POST /api/webhooks/:id/ping` (pingWebhook): 202 once a message that says nothing is owed. */
export async function pingWebhook({ env, caller, params }: SignedInCall): Promise<Response> {
  return webhookAnswer(await hostCalendar(env, caller.did).pingWebhook(params["id"] ?? ""), 202);
}

/** `POST /api/webhooks/:id/enable` (enableWebhook): 200. */
export async function enableWebhook({ env, caller, params }: SignedInCall): Promise<Response> {
  return webhookAnswer(await hostCalendar(env, caller.did).enableWebhook(params["id"] ?? ""), 200);
}

/** `POST /api/webhooks/:id/deliveries/:delivery/replay` (replayToWebhook): 202 once it is owed again. */
export async function replayToWebhook({ env, caller, params }: SignedInCall): Promise<Response> {
  const { id = "", delivery = "" } = params;
  return webhookAnswer(await hostCalendar(env, caller.did).replayToWebhook(id, delivery), 202);
}

/** A webhook as its host sees it. */
export function webhookJson({ id, url, createdAt, isOn, deliveries }: WebhookView): WebhookJson {
  return {
    id,
    url,
    createdAt: rfc3339(createdAt),
    state: isOn ? "on" : "off",
    deliveries: deliveries.map(deliveryJson),
  };
}

function deliveryJson(delivery: WebhookView["deliveries"][number]): WebhookDeliveryJson {
  const { id, type, bookingUid, attempts, state, triedAt, status, problem } = delivery;
  return {
    id,
    // Written down by owing-webhooks, which knows no other types.
    type: type as WebhookDeliveryJson["type"],
    ...(bookingUid !== "" && { bookingUid }),
    ...(triedAt !== undefined && { at: rfc3339(triedAt) }),
    attempts,
    state,
    ...(status !== undefined && { status }),
    ...(problem !== undefined && { problem }),
  };
}

function webhookAnswer(answer: Result<WebhookView>, status: number): Response {
  if (!answer.ok) {
    return refusalResponse(answer.refusal);
  }
  const body: WebhookAnswerJson = { webhook: webhookJson(answer.value) };
  return Response.json(body, { status });
}
