/** One call of a host's webhook: within limits of time and size, to the public internet only, following nobody. */

import { createOutsideFetch } from "../outside-fetch.ts";
import { parseOutsideUrl } from "../outside-url.ts";
import { webhookHeaders } from "./webhook-signature.ts";

const TIMEOUT_MS = 15_000;
/** What it says is read by nobody. */
const MAX_ANSWER_BYTES = 64 * 1024;

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

/** Never throws. `now` in epoch ms. */
export async function callWebhook(
  { url, secret, id, body }: WebhookCall,
  allowLoopback: boolean,
  now: number,
): Promise<WebhookAnswer> {
  const signed = await webhookHeaders(secret, { id, timestamp: Math.floor(now / 1_000), body });
  const limits = { allowLoopback, timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES, maxRedirects: 0 };
  const answer = await createOutsideFetch(limits)(url, {
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
  const parsed = parseOutsideUrl(url, allowLoopback);
  if (parsed.ok && !/^webcal:/i.test(url.trim())) {
    return undefined;
  }
  return !parsed.ok && parsed.problem === "credentials"
    ? "The address holds a user name or a password. Give one without that part: who calls is proved by the signature."
    : "Give an https:// address on the public internet, such as https://example.com/hooks/bookings.";
}
