/** Webhooks, as the outbox sees them: each message is tried for days, and one that nobody takes is the host's to see, not the operator's. */

import { callWebhook, type WebhookAnswer } from "../../adapters/webhooks/call-webhook.ts";
import { createSealer } from "../../adapters/atproto/sealing.ts";
import { webhookOffEffect } from "../../scheduling/effect.ts";
import { CHANNELS } from "../channels.ts";
import type { Outside } from "../outbox.ts";
import { oweAndRelay } from "../outbox-store.ts";
import { stopCalling } from "./owing-webhooks.ts";
import { openWebhook } from "./webhook-secret.ts";
import { type Delivery, findDelivery, findWebhook, noteFailing, saveDelivery } from "./webhook-store.ts";
import type { WebhooksWork } from "./webhooks.ts";

/** One to which nothing could be delivered for so long is turned off. */
const MAX_FAILING_MS = 5 * 24 * 60 * 60_000;

/** RFC 9110 15.5.11: whoever was there asks not to be called again. */
const GONE = 410;

export function webhookOutside(work: WebhooksWork): Outside {
  return {
    async deliver(effects) {
      for (const effect of effects) {
        if (effect.kind === "call-webhook") {
          await deliver(work, effect.webhookId, effect.messageId, Date.now());
        }
      }
    },
    // Each is somebody else's.
    isReachable: async () => true,
  };
}

/** @throws NotTaken where it is to be tried again */
async function deliver(work: WebhooksWork, webhookId: string, messageId: string, now: number): Promise<void> {
  const { desk, env, hostDid, transaction } = work;
  const webhook = findWebhook(desk.sql, webhookId);
  const delivery = findDelivery(desk.sql, webhookId, messageId);
  if (!webhook?.isOn || delivery?.state !== "waiting") {
    return; // It was let go of, or turned off, or delivered by a try whose outcome could not be noted as such.
  }
  const opened = await openWebhook(desk.sql, createSealer(env.SEALING_KEYS), hostDid, webhook);
  const answer: WebhookAnswer = opened
    ? await callWebhook({ ...opened, id: messageId, body: delivery.body }, env.ALLOW_LOOPBACK === "true", now)
    : { problem: "unreachable" };
  const isToBeTriedAgain = transaction(() => {
    const host = opened && URL.canParse(opened.url) ? new URL(opened.url).host : "";
    return note(work, delivery, answer, { now, host });
  });
  if (isToBeTriedAgain) {
    throw new NotTaken();
  }
}

/** Writes down what became of a try, and says whether there is to be another one. Call inside a transaction. */
function note(
  { desk, hostDid }: WebhooksWork,
  before: Delivery,
  answer: WebhookAnswer,
  { now, host }: { readonly now: number; readonly host: string },
): boolean {
  const { sql } = desk;
  const webhook = findWebhook(sql, before.webhookId);
  if (webhook === undefined) {
    return false; // It was let go of while it was being called.
  }
  const attempts = before.attempts + 1;
  const tried = { ...withoutOutcome(before), ...answer, attempts, triedAt: now };
  const status = "status" in answer ? answer.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) {
    saveDelivery(sql, { ...tried, state: "delivered" });
    noteFailing(sql, webhook.id, undefined);
    return false;
  }
  const failingSince = webhook.failingSince ?? now;
  // Turned off while it was being called, it is owed no more, also where it is on again by now.
  const isOwed = findDelivery(sql, webhook.id, before.id)?.state === "waiting";
  const isToBeTriedAgain = isOwed && attempts < CHANNELS.webhook.parkAfter;
  saveDelivery(sql, { ...tried, state: isToBeTriedAgain ? "waiting" : "failed" });
  noteFailing(sql, webhook.id, failingSince);
  if (webhook.isOn && (status === GONE || now - failingSince >= MAX_FAILING_MS)) {
    stopCalling(desk, webhook.id);
    oweAndRelay(desk, [webhookOffEffect(hostDid, { id: webhook.id, host }, now)], now);
    return false;
  }
  return isToBeTriedAgain;
}

function withoutOutcome({ status: _status, problem: _problem, ...rest }: Delivery): Delivery {
  return rest;
}

/** Its name is for the operator, whom it concerns as little as what was answered. */
class NotTaken extends Error {
  override readonly name = "WebhookNotTaken";
}
