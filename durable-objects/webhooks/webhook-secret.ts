/** What opens a webhook: its address, which often holds a token, and the key of its signatures. Kept sealed. */

import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import { NOTHING_SEALED, type Resealing } from "../calendars/resealing.ts";
import { allWebhooks, resealWebhook } from "./webhook-store.ts";

export interface WebhookSecret {
  readonly url: string;
  readonly secret: string;
}

export function sealWebhook(
  sealer: Sealer,
  hostDid: string,
  id: string,
  secret: WebhookSecret,
): Promise<Sealed> {
  return sealer.seal(JSON.stringify(secret), boundTo(hostDid, id));
}

/** Undefined where its key is configured no more. */
export async function openWebhook(
  sealer: Sealer,
  hostDid: string,
  id: string,
  sealed: Sealed,
): Promise<WebhookSecret | undefined> {
  const text = await sealer.open(sealed, boundTo(hostDid, id));
  // Sealed by sealWebhook of this or an earlier version; fields are only ever added.
  return text === undefined ? undefined : (JSON.parse(text) as WebhookSecret);
}

/** Seals all of a host's under the active key, and counts them. */
export async function resealWebhooks(sql: SqlStorage, sealer: Sealer, hostDid: string): Promise<Resealing> {
  const counts = { ...NOTHING_SEALED };
  for (const { id, sealed } of allWebhooks(sql)) {
    const secret = await openWebhook(sealer, hostDid, id, sealed);
    if (secret === undefined) {
      counts.lost += 1;
    } else if (sealed.keyId === sealer.activeKeyId) {
      counts.current += 1;
    } else {
      resealWebhook(sql, id, sealed, await sealWebhook(sealer, hostDid, id, secret));
      counts.resealed += 1;
    }
  }
  return counts;
}

function boundTo(hostDid: string, id: string): string {
  return `${hostDid} webhook ${id}`;
}
