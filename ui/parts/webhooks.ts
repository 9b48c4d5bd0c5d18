/** A host's webhooks: those there are, adding one, whose secret is shown once, and removing one. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { NewWebhookJson, WebhookJson } from "../../worker/messages-wire.ts";
import { call, type Failure } from "../api.ts";
import type { Place } from "../router.ts";
import { forgetSession, type Account } from "../session.ts";
import { MOST_WEBHOOKS, useWebhooks, webhookPath } from "../webhooks.ts";
import { AddWebhook } from "./add-webhook.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";
import { CopyField } from "./copy-field.ts";
import { Announce, ErrorNotice, focusHeading, Loading } from "./notice.ts";
import { WebhookEndpoint } from "./webhook-endpoint.ts";

/** What links to this part of the settings end in. */
const HEADING = "webhooks-heading";

export function Webhooks({ account, place }: { account: Account; place: Place }) {
  const list = useWebhooks(account.did);
  const [made, setMade] = useState<NewWebhookJson | undefined>();
  const [removing, setRemoving] = useState<WebhookJson | undefined>();
  const [said, setSaid] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const webhooks = list.webhooks ?? [];

  const isMeant = place.hash === `#${HEADING}`;
  useEffect(() => {
    if (!isMeant) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "start" });
  }, [isMeant]);

  const putAndSay = (webhook: WebhookJson, text: string): void => {
    list.put(webhook);
    setSaid(text);
  };
  const remove = async (webhook: WebhookJson): Promise<Failure | undefined> => {
    const answer = await call<unknown>("DELETE", webhookPath(webhook));
    // Removed in another tab is removed as well.
    if (!answer.ok && answer.failure.status !== 404) {
      if (answer.failure.status === 401) forgetSession();
      return answer.failure;
    }
    list.remove(webhook.id);
    if (made?.webhook.id === webhook.id) setMade(undefined);
    setSaid("The webhook is removed");
    focusHeading(() => heading.current);
    return undefined;
  };

  return html`<section class="card" aria-labelledby=${HEADING}>
    <h2 id=${HEADING} ref=${heading} tabindex="-1">Webhooks</h2>
    <p class="muted">
      For programs of yours: what is decided about your bookings is sent to an address, signed by the${" "}
      <a href="https://www.standardwebhooks.com" rel="noopener">Standard Webhooks</a> scheme.
    </p>
    ${list.loading && html`<${Loading} label="Looking up your webhooks" />`}
    ${list.failure && html`<${ErrorNotice} message=${list.failure.message} onRetry=${list.reload} />`}
    ${
      made &&
      html`<div class="inset form-stack">
        <${CopyField} id="webhook-secret" label="The secret it is signed with" value=${made.secret} />
        <p class="hint">
          It is shown this once, for <strong>${made.webhook.url}</strong>. Your program checks with it that
          what comes is from here.
        </p>
      </div>`
    }
    ${
      webhooks.length > 0 &&
      html`<ul class="connection-list">
        ${webhooks.map(
          (each) =>
            html`<${WebhookEndpoint}
              key=${each.id}
              webhook=${each}
              onChanged=${putAndSay}
              onRemove=${() => setRemoving(each)}
            />`,
        )}
      </ul>`
    }
    ${
      list.webhooks &&
      (webhooks.length < MOST_WEBHOOKS
        ? html`<${AddWebhook}
            onAdded=${(added: NewWebhookJson) => {
              setMade(added);
              putAndSay(added.webhook, "The webhook is added");
            }}
          />`
        : html`<p class="hint">More than ${MOST_WEBHOOKS} are not possible.</p>`)
    }
    <${Announce} text=${said} />
    ${
      removing &&
      html`<${ConfirmDialog}
        title="Remove this webhook?"
        confirmLabel="Remove"
        keepLabel="Keep it"
        onConfirm=${() => remove(removing)}
        onClose=${() => setRemoving(undefined)}
      >
        <p>
          Nothing is sent to <strong>${removing.url}</strong> any more. Its secret and the list of what was
          sent are gone.
        </p>
      <//>`
    }
  </section>`;
}
