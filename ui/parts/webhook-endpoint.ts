/** One webhook: how it stands, a test, turning it on again, removing it, and what was sent to it. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { WebhookAnswerJson, WebhookDeliveryJson, WebhookJson } from "../../worker/messages-wire.ts";
import { call, type Failure } from "../api.ts";
import { segment } from "../router.ts";
import { forgetSession } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { webhookSentence } from "../webhook-standing.ts";
import { webhookPath } from "../webhooks.ts";
import { WebhookDeliveries } from "./webhook-deliveries.ts";

interface WebhookEndpointProps {
  webhook: WebhookJson;
  /** Gets it as it was answered, and what to say about that. */
  onChanged: (webhook: WebhookJson, said: string) => void;
  onRemove: () => void;
}

export function WebhookEndpoint({ webhook, onChanged, onRemove }: WebhookEndpointProps) {
  const { zone } = useViewerTime();
  const [busy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const { id, url, state, deliveries } = webhook;

  /** One at a time; `what` is the rest of the path. */
  const does = async (what: string, said: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await call<WebhookAnswerJson>("POST", `${webhookPath(webhook)}/${what}`);
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) onChanged(answer.value.webhook, said);
    else if (answer.failure.status === 401) forgetSession();
  };
  const ping = async (): Promise<void> => {
    await does("ping", "A test is on its way");
    // What becomes of it is among what was sent.
    setOpen(true);
  };
  const sentence = webhookSentence(webhook, Date.now(), zone);
  return html`<li class="connection">
    <div class="connection-head">
      <div>
        <h3 class="record-name">${url}</h3>
        <p class=${state === "off" ? "field-error" : "muted"}>${sentence}</p>
        ${failure && html`<p class="field-error" role="alert">${failure.message}</p>`}
      </div>
      <span class="actions">
        ${
          state === "on"
            ? html`<button
                type="button"
                class="button button-small"
                aria-label=${`Send a test to ${url}`}
                aria-busy=${busy}
                disabled=${busy}
                onClick=${ping}
              >
                Send a test
              </button>`
            : html`<button
                type="button"
                class="button button-small button-primary"
                aria-label=${`Turn on again: ${url}`}
                aria-busy=${busy}
                disabled=${busy}
                onClick=${() => does("enable", "The webhook is on again")}
              >
                Turn on again
              </button>`
        }
        <button type="button" class="button button-small" aria-label=${`Remove ${url}`} onClick=${onRemove}>
          Remove
        </button>
      </span>
    </div>
    ${
      deliveries.length > 0 &&
      html`<button
          type="button"
          class="link-button disclosure"
          aria-expanded=${isOpen}
          aria-controls=${`deliveries-${id}`}
          onClick=${() => setOpen(!isOpen)}
        >
          What was sent <span class="visually-hidden">to ${url}</span>
        </button>
        ${
          isOpen &&
          html`<${WebhookDeliveries}
            id=${`deliveries-${id}`}
            deliveries=${deliveries}
            busy=${busy}
            onReplay=${(delivery: WebhookDeliveryJson) =>
              does(`deliveries/${segment(delivery.id)}/replay`, "It is on its way again")}
          />`
        }`
    }
  </li>`;
}
