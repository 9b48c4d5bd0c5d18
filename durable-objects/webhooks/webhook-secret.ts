/** What opens a webhook: its address, which often holds a token, and the key of its signatures. Kept sealed. */

import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import { NOTHING_SEALED, type Resealing } from "../calendars/resealing.ts";
import { allWebhooks, resealWebhook, type StoredWebhook } from "./webhook-store.ts";

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

/** Whoever opens one seals it under the active key as well. Undefined where its key is configured no more. */
export async function openWebhook(
  sql: SqlStorage,
  sealer: Sealer,
  hostDid: string,
  { id, sealed }: Pick<StoredWebhook, "id" | "sealed">,
): Promise<WebhookSecret | undefined> {
  const text = await sealer.open(sealed, boundTo(hostDid, id));
  if (text === undefined) {
    return undefined;
  }
  // Sealed by sealWebhook of this or an earlier version; fields are only ever added.
  const secret = JSON.parse(text) as WebhookSecret;
  if (sealed.keyId !== sealer.activeKeyId) {
    resealWebhook(sql, id, sealed, await sealWebhook(sealer, hostDid, id, secret));
  }
  return secret;
}

/** Seals all of a host's under the active key, and counts them. */
export async function resealWebhooks(sql: SqlStorage, sealer: Sealer, hostDid: string): Promise<Resealing> {
  const counts = { ...NOTHING_SEALED };
  for (const webhook of allWebhooks(sql)) {
    if ((await openWebhook(sql, sealer, hostDid, webhook)) === undefined) {
      counts.lost += 1;
    } else {
      counts[webhook.sealed.keyId === sealer.activeKeyId ? "current" : "resealed"] += 1;
    }
  }
  return counts;
}

function boundTo(hostDid: string, id: string): string {
  return `${hostDid} webhook ${id}`;
}
