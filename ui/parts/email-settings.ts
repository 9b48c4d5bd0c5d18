/** Where a person is mailed: nothing is sent to an address before its owner proved it. Absent where this broker sends no mail. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { EmailAnswerJson, EmailInput, EmailJson } from "../../worker/messages-wire.ts";
import { call, type Answer, type Failure } from "../api.ts";
import { emailReturnNotice, emailStanding } from "../email-standing.ts";
import { useLoad, useRefresh } from "../load.ts";
import { navigate, type Place } from "../router.ts";
import { forgetSession, type Account } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";
import { AddressForm } from "./address-form.ts";
import { AskedAddress, UsedAddress } from "./email-address.ts";
import { MailedReminders } from "./mailed-reminders.ts";
import { Announce, ErrorNotice, focusHeading } from "./notice.ts";

/** What links to this part of the settings end in. */
const HEADING = "email-heading";

const PATH = "/api/email";

export function EmailSettings({ account, place }: { account: Account; place: Place }) {
  const { zone } = useViewerTime();
  const loaded = useLoad(account.did, () => call<EmailJson>("GET", PATH));
  const [isChanging, setChanging] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const [said, setSaid] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const email = loaded.value;
  const standing = email && emailStanding(email);
  // Whoever follows the link in another tab comes back to a page that knows.
  useRefresh(() => void loaded.reload(), email?.asked ? 30 : undefined);

  const returned = emailReturnNotice(place.search);
  const isMeant = returned !== undefined || place.hash === `#${HEADING}`;
  const isShown = standing !== undefined && standing !== "not-offered";
  useEffect(() => {
    if (!isMeant || !isShown) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "start" });
  }, [isMeant, isShown]);

  const say = (text: string): void => {
    setSaid(text);
    // What was said of the way back from the PDS is old news then.
    if (returned) navigate(place.pathname, { replace: true });
  };
  const sendLink = async (address: string): Promise<Failure | undefined> => {
    const input: EmailInput = { address, timeZone: zone };
    const answer = failedOr(await call<EmailAnswerJson>("POST", PATH, input));
    if (!answer.ok) return answer.failure;
    loaded.replace(answer.value.email);
    setChanging(false);
    say(`A link went to ${address}`);
    focusHeading(() => heading.current);
    return undefined;
  };
  const remove = async (): Promise<Failure | undefined> => {
    const answer = failedOr(await call<unknown>("DELETE", PATH));
    if (!answer.ok) return answer.failure;
    loaded.replace({ offered: true, reminders: email?.reminders ?? true });
    setChanging(false);
    say("You are not mailed any more");
    focusHeading(() => heading.current);
    return undefined;
  };

  if (!loaded.failure && !isShown) return null;
  const asks = standing === "none" && !email?.asked;
  return html`<section class="card" aria-labelledby=${HEADING}>
    <h2 id=${HEADING} ref=${heading} tabindex="-1">E-mail</h2>
    ${returned && html`<div class=${`notice notice-${returned.tone}`} role="status"><p>${returned.text}</p></div>`}
    <p class="muted">
      What is mailed: confirmations, with an invitation for your calendar, changes and cancellations. Only to
      an address that is proved to be yours.
    </p>
    ${loaded.failure && html`<${ErrorNotice} message=${loaded.failure.message} onRetry=${loaded.reload} />`}
    ${
      email?.address !== undefined &&
      html`<${UsedAddress}
        address=${email.address}
        isRefused=${standing === "refused"}
        isAsked=${email.asked?.address === email.address}
        onProve=${sendLink}
        onChange=${isChanging || email.asked ? undefined : () => setChanging(true)}
        onRemove=${() => setRemoving(true)}
      />`
    }
    ${
      email?.asked &&
      html`<${AskedAddress}
        asked=${email.asked}
        onChange=${isChanging ? undefined : () => setChanging(true)}
        onForget=${email.address === undefined ? () => setRemoving(true) : undefined}
      />`
    }
    ${
      isShown &&
      (asks || isChanging) &&
      html`<${AddressForm}
        account=${account}
        onAddress=${sendLink}
        onKeep=${asks ? undefined : () => setChanging(false)}
      />`
    }
    ${email?.address !== undefined && html`<${MailedReminders} email=${email} onSaved=${loaded.replace} />`}
    <${Announce} text=${said} />
    ${
      isRemoving &&
      html`<${ConfirmDialog}
        title="Remove this address?"
        confirmLabel="Remove"
        keepLabel="Keep it"
        onConfirm=${remove}
        onClose=${() => setRemoving(false)}
      >
        <p>
          Nothing is mailed to <strong>${email?.address ?? email?.asked?.address}</strong> any more, and a
          link that went out proves nothing. You still hear of everything in the app.
        </p>
      <//>`
    }
  </section>`;
}

/** Signed out in another tab: the page asks to sign in, and comes back here. */
function failedOr<Value>(answer: Answer<Value>): Answer<Value> {
  if (!answer.ok && answer.failure.status === 401) forgetSession();
  return answer;
}
