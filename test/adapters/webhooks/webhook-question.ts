/** One call of a webhook as plain data there and back, so that it can be made in Node and inside workerd alike. */

import { callWebhook } from "../../../adapters/webhooks/call-webhook.ts";
import type { WebhookCall } from "../../../adapters/webhooks/call-webhook.ts";
import type { Told } from "../calendars/question.ts";

export interface WebhookQuestion extends WebhookCall {
  readonly allowLoopback?: boolean;
  readonly now: number;
  /** Time passes so much faster. */
  readonly haste?: number;
}

export async function ask({ allowLoopback = true, now, haste = 1, ...call }: WebhookQuestion): Promise<Told> {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(ms / haste);
  try {
    return { ...(await callWebhook(call, allowLoopback, now)) };
  } finally {
    AbortSignal.timeout = timeout;
  }
}
