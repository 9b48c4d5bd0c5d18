/** Signatures of webhooks by the Standard Webhooks scheme (standardwebhooks.com, specification 1.0.0). No I/O. */

import { hmacSha256 } from "../hmac-sha-256.ts";

const PREFIX = "whsec_";
/** The specification asks for 24 to 64. */
const SECRET_BYTES = 32;

/** A new key, as its host keeps it. */
export function newWebhookSecret(): string {
  return `${PREFIX}${base64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))}`;
}

/** The headers of one try. `timestamp` in whole seconds since 1970: receivers refuse what is minutes old. */
export async function webhookHeaders(
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): Promise<Record<string, string>> {
  const key = Uint8Array.from(atob(secret.slice(PREFIX.length)), (char) => char.charCodeAt(0));
  const signature = base64(await hmacSha256(key, `${id}.${timestamp}.${body}`));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
