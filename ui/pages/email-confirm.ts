/** `/email/confirm`: where the link in a mail leads that asks whether an address may be used. Needs no session: who reads the mail owns the address. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { EmailLinkJson, EmailTokenInput } from "../../worker/messages-wire.ts";
import { call, type Failure } from "../api.ts";
import { useLoad } from "../load.ts";
import { useMailToken } from "../mail-token.ts";
import type { PageProps } from "../page.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.ts";
import { ErrorNotice, Loading, PageTitle } from "../parts/notice.ts";
import { StaleLink } from "../parts/stale-link.ts";
import { useSession } from "../session.ts";

export function EmailConfirmPage({ place }: PageProps) {
  const token = useMailToken(place);
  if (token === undefined) return html`<${StaleLink} isCut />`;
  return html`<${Question} key=${token} token=${token} />`;
}

function Question({ token }: { token: string }) {
  const input: EmailTokenInput = { token };
  const link = useLoad(token, () => call<EmailLinkJson>("POST", "/api/email/link", input));
  const [answered, setAnswered] = useState<"confirmed" | "refused" | undefined>();
  const [isRefusing, setRefusing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();

  const confirm = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await call<EmailLinkJson>("POST", "/api/email/confirm", input);
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) setAnswered("confirmed");
  };
  const refuse = async (): Promise<Failure | undefined> => {
    const answer = await call<unknown>("POST", "/api/email/refuse", input);
    if (!answer.ok) return answer.failure;
    setAnswered("refused");
    return undefined;
  };

  if (link.failure?.status === 404 || failure?.status === 404) return html`<${StaleLink} />`;
  const asked = link.value;
  if (!asked) {
    return html`<div class="page narrow">
      <${PageTitle} title="Your e-mail address" />
      ${
        link.failure
          ? html`<${ErrorNotice} message=${link.failure.message} onRetry=${link.reload} />`
          : html`<${Loading} label="Looking at the link" />`
      }
    </div>`;
  }
  const who = html`<bdi>@${asked.handle}</bdi>`;
  const where = html`<${Address} address=${asked.address} />`;
  if (answered === "confirmed") return html`<${Confirmed} key="confirmed" who=${who} where=${where} />`;
  if (answered === "refused") {
    return html`<div key="refused" class="page narrow">
      <${PageTitle} title="Never mailed again" />
      <p role="status">This broker mails nothing to ${where} any more, whoever asks for it.</p>
    </div>`;
  }
  return html`<div key="asked" class="page narrow">
    <${PageTitle} title="Is this your address?" />
    <div class="card">
      <p>
        ${who} wants to be mailed about bookings at ${where}: confirmations, with an invitation for the
        calendar, changes and cancellations.
      </p>
      ${failure && html`<${ErrorNotice} message=${failure.message} />`}
      <div class="actions">
        <button
          type="button"
          class="button button-primary"
          disabled=${busy}
          aria-busy=${busy}
          onClick=${confirm}
        >
          Yes, mail me here
        </button>
        <button type="button" class="button" disabled=${busy} onClick=${() => setRefusing(true)}>
          This is not me: never mail this address
        </button>
      </div>
      <p class="hint">If you do nothing, nothing is mailed there.</p>
    </div>
    ${
      isRefusing &&
      html`<${ConfirmDialog}
        title="Never mail this address?"
        confirmLabel="Never mail it"
        keepLabel="Go back"
        onConfirm=${refuse}
        onClose=${() => setRefusing(false)}
      >
        <p>
          Nobody can have anything mailed to <${Address} address=${asked.address} /> by this broker again, not
          even you. This cannot be undone.
        </p>
      <//>`
    }
  </div>`;
}

function Address({ address }: { address: string }) {
  return html`<strong><bdi>${address}</bdi></strong>`;
}

function Confirmed({ who, where }: { who: unknown; where: unknown }) {
  const session = useSession();
  return html`<div class="page narrow">
    <${PageTitle} title="Your address is proved" />
    <p role="status">${who} is mailed at ${where} from now on.</p>
    <p>
      <a class="button" href="/settings#email-heading"
        >${session.state === "in" ? "See your settings" : "Sign in to see your settings"}</a
      >
    </p>
  </div>`;
}
