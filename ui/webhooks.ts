/** Where a host's webhooks are asked for, and how the list is kept up to date while it is shown. */

import type { WebhookJson, WebhookListJson } from "../worker/messages-wire.ts";
import { call } from "./api.ts";
import { useLoad, useRefresh } from "./load.ts";
import { segment } from "./router.ts";
import { isUnderWay } from "./webhook-standing.ts";

export const WEBHOOKS = "/api/webhooks";

/** The most that one host may have. */
export const MOST_WEBHOOKS = 5;

export function webhookPath({ id }: Pick<WebhookJson, "id">): string {
  return `${WEBHOOKS}/${segment(id)}`;
}

export interface Webhooks {
  readonly webhooks: readonly WebhookJson[] | undefined;
  readonly failure: { readonly message: string } | undefined;
  readonly loading: boolean;
  readonly reload: () => Promise<void>;
  /** Puts one that is new, or that was answered anew, in its place. */
  readonly put: (webhook: WebhookJson) => void;
  readonly remove: (id: string) => void;
}

/** Asked anew every minute, and every few seconds while a delivery is under way. */
export function useWebhooks(did: string): Webhooks {
  const list = useLoad(did, () => call<WebhookListJson>("GET", WEBHOOKS));
  const webhooks = list.value?.webhooks;
  useRefresh(() => void list.reload(), webhooks?.some(isUnderWay) ? 5 : 60);
  return {
    webhooks,
    failure: list.failure,
    loading: list.loading,
    reload: list.reload,
    put(webhook) {
      const before = webhooks ?? [];
      const isKnown = before.some(({ id }) => id === webhook.id);
      const after = before.map((each) => (each.id === webhook.id ? webhook : each));
      list.replace({ webhooks: isKnown ? after : [...before, webhook] });
    },
    remove(id) {
      list.replace({ webhooks: (webhooks ?? []).filter((each) => each.id !== id) });
    },
  };
}
