/** One call of a host's webhook: within a limit of time, to the public internet only. It follows nobody, and reads nothing of what is answered. */

import { createOutsideFetch } from "../outside-fetch.ts";
import { OUTSIDE_URL_MAX_LENGTH, type OutsideUrlProblem, parseOutsideUrl } from "../outside-url.ts";
import { webhookHeaders } from "./webhook-signature.ts";

const TIMEOUT_MS = 15_000;

export interface WebhookCall {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  /** The same at every try: by it receivers tell a repetition. */
  readonly id: string;
  readonly body: string;
}

/** `problem`: there was no answer. A redirect is a `status` like others: whoever moves says so by changing the address. */
export type WebhookAnswer =
  | { readonly status: number }
  | { readonly problem: "unreachable" | "timeout" | "refused-address" };

const NOT_PUBLIC =
  "Give an https:// address on the public internet, such as https://example.com/hooks/bookings.";

/** They never repeat what was typed, which may hold a password. */
const WHY: Readonly<Record<OutsideUrlProblem, string>> = {
  "too-long": `The address is longer than ${OUTSIDE_URL_MAX_LENGTH} characters. Give a shorter one.`,
  "not-an-address": NOT_PUBLIC,
  scheme: NOT_PUBLIC,
  "not-public": NOT_PUBLIC,
  port: "Nothing is called at that port. Use port 443 (the usual one) or a port from 1024 on.",
  credentials:
    "The address holds a user name or a password. Give one without that part: who calls is proved by the signature.",
};

/** Never throws. `now` in epoch ms. */
export async function callWebhook(
  { url, secret, id, body }: WebhookCall,
  allowLoopback: boolean,
  now: number,
): Promise<WebhookAnswer> {
  const signed = await webhookHeaders(secret, { id, timestamp: Math.floor(now / 1_000), body });
  const answer = await createOutsideFetch({ allowLoopback, timeoutMs: TIMEOUT_MS, statusOnly: true })(url, {
    method: "POST",
    headers: { ...signed, "content-type": "application/json", "user-agent": "atproto-cal-webhooks/1" },
    body,
  });
  if (answer.kind === "answer") {
    return { status: answer.status };
  }
  const { reason } = answer;
  return { problem: reason === "timeout" || reason === "refused-address" ? reason : "unreachable" };
}

/** Why a webhook cannot be at this address, in a sentence for its host; undefined where it can. */
export function refusedWebhookUrl(url: string, allowLoopback: boolean): string | undefined {
  if (/^\s*webcal:/i.test(url)) {
    return WHY.scheme;
  }
  const parsed = parseOutsideUrl(url, allowLoopback);
  return parsed.ok ? undefined : WHY[parsed.problem];
}
