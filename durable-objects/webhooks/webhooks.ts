/** What a host does about their webhooks: adding, trying out, turning on, sending again, letting go. */

import { createSealer } from "../../adapters/atproto/sealing.ts";
import { newWebhookSecret } from "../../adapters/webhooks/webhook-signature.ts";
import { accepted, refused, type Result } from "../../scheduling/refusal.ts";
import type { Work } from "../work.ts";
import { oweAgain, oweTest } from "./owing-webhooks.ts";
import { openWebhook, sealWebhook } from "./webhook-secret.ts";
import {
  addWebhook,
  allWebhooks,
  deliveriesTo,
  type Delivery,
  findDelivery,
  findWebhook,
  turnOn,
} from "./webhook-store.ts";

const MOST = 5;

/** What is said where nothing was ever stored. */
export const NO_WEBHOOK = refused({ code: "WebhookNotFound" });

/** What calling them and looking after them needs. */
export type WebhooksWork = Pick<Work, "desk" | "transaction" | "env" | "hostDid">;

/** A webhook as its host may see it. */
export interface WebhookView {
  readonly id: string;
  /** Empty where what seals it is configured no more: only letting go of it helps. */
  readonly url: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly isOn: boolean;
  /** The newest first. */
  readonly deliveries: readonly Delivery[];
}

export async function webhookViews(work: WebhooksWork): Promise<WebhookView[]> {
  return Promise.all(allWebhooks(work.desk.sql).map(async ({ id }) => view(work, id)));
}

/** A new webhook, and the key of its signatures, which is not shown again. `url` has been judged at the door. Refusals: TooManyWebhooks. */
export async function newWebhook(
  work: WebhooksWork,
  url: string,
  now: number,
): Promise<Result<{ readonly webhook: WebhookView; readonly secret: string }>> {
  const { desk, env, hostDid, transaction } = work;
  const [id, secret] = [crypto.randomUUID(), newWebhookSecret()];
  const sealed = await sealWebhook(createSealer(env.SEALING_KEYS), hostDid, id, { url, secret });
  const isAdded = transaction(() => {
    const isRoom = allWebhooks(desk.sql).length < MOST;
    if (isRoom) {
      addWebhook(desk.sql, id, sealed, now);
    }
    return isRoom;
  });
  return isAdded
    ? accepted({ webhook: await view(work, id), secret })
    : refused({ code: "TooManyWebhooks", max: MOST });
}

/** Sends it a message that says nothing. Refusals: WebhookNotFound, WebhookOff. */
export function tryOut(work: WebhooksWork, id: string, now: number): Promise<Result<WebhookView>> {
  return changed(work, id, "on", () => oweTest(work.desk, id, now));
}

/** Turns one on that was turned off. Refusals: WebhookNotFound. */
export function enable(work: WebhooksWork, id: string): Promise<Result<WebhookView>> {
  return changed(work, id, "any", () => turnOn(work.desk.sql, id));
}

/** Sends a message once more, with the id that it has. Refusals: WebhookNotFound (of the message as well), WebhookOff. */
export function sendAgain(
  work: WebhooksWork,
  id: string,
  messageId: string,
  now: number,
): Promise<Result<WebhookView>> {
  const { sql } = work.desk;
  return changed(work, id, "on", () => {
    const delivery = findDelivery(sql, id, messageId);
    if (delivery === undefined) {
      return false;
    }
    oweAgain(work.desk, delivery, now);
    return true;
  });
}

async function changed(
  work: WebhooksWork,
  id: string,
  state: "on" | "any",
  change: () => boolean | void,
): Promise<Result<WebhookView>> {
  const refusal = work.transaction(() => {
    const webhook = findWebhook(work.desk.sql, id);
    if (webhook === undefined) {
      return "WebhookNotFound";
    }
    if (state === "on" && !webhook.isOn) {
      return "WebhookOff";
    }
    return change() === false ? "WebhookNotFound" : undefined;
  });
  return refusal === undefined ? accepted(await view(work, id)) : refused({ code: refusal });
}

async function view({ desk, env, hostDid }: WebhooksWork, id: string): Promise<WebhookView> {
  const webhook = findWebhook(desk.sql, id);
  const opened = webhook && (await openWebhook(desk.sql, createSealer(env.SEALING_KEYS), hostDid, webhook));
  return {
    id,
    url: opened?.url ?? "",
    createdAt: webhook?.createdAt ?? 0,
    isOn: webhook?.isOn ?? false,
    deliveries: deliveriesTo(desk.sql, id),
  };
}
