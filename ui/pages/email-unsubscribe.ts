/** `/email/unsubscribe`: where the link at the end of a mail leads: no reminders by mail any more. Needs no session. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { EmailTokenInput } from "../../worker/messages-wire.ts";
import { call, type Failure } from "../api.ts";
import { useMailToken } from "../mail-token.ts";
import type { PageProps } from "../page.ts";
import { ErrorNotice, PageTitle } from "../parts/notice.ts";
import { StaleLink } from "../parts/stale-link.ts";

export function EmailUnsubscribePage({ place }: PageProps) {
  const token = useMailToken(place);
  if (token === undefined) return html`<${StaleLink} isCut />`;
  return html`<${Question} key=${token} token=${token} />`;
}

function Question({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const unsubscribe = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const input: EmailTokenInput = { token };
    const answer = await call<unknown>("POST", "/api/email/unsubscribe", input);
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.failure);
    setDone(answer.ok);
  };

  if (failure?.status === 404) return html`<${StaleLink} />`;
  if (isDone) {
    return html`<div key="done" class="page narrow">
      <${PageTitle} title="No more reminders by mail" />
      <p role="status">
        You are still mailed when a booking is confirmed, changed or cancelled. Both can be changed in your
        settings.
      </p>
      <p><a class="button" href="/settings#email-heading">See your settings</a></p>
    </div>`;
  }
  return html`<div key="asked" class="page narrow">
    <${PageTitle} title="Reminders by mail" />
    <div class="card">
      <p>
        Press the button, and reminders of your bookings are no longer mailed. In the app you still get them.
      </p>
      ${failure && html`<${ErrorNotice} message=${failure.message} />`}
      <div class="actions">
        <button
          type="button"
          class="button button-primary"
          disabled=${busy}
          aria-busy=${busy}
          onClick=${unsubscribe}
        >
          No more reminders by mail
        </button>
      </div>
    </div>
  </div>`;
}
