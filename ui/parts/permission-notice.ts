/** Says in one sentence what the PDS will ask for, and goes there. The form was kept before this shows. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { navigate } from "../router.ts";
import type { Account } from "../session.ts";
import { goToSignIn } from "./sign-in-form.ts";

interface PermissionNoticeProps {
  account: Account;
  /** Where to come back to; `?resume=1` saves by itself. */
  returnTo: string;
}

export function PermissionNotice({ account, returnTo }: PermissionNoticeProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const go = async (): Promise<void> => {
    setBusy(true);
    const failure = await goToSignIn({ actor: account.did, purpose: "publish", returnTo });
    setBusy(failure === undefined);
    setProblem(failure?.message ?? "");
  };
  return html`<section class="card permission" aria-labelledby="permission-heading">
    <h2 id="permission-heading" ref=${heading} tabindex="-1">One permission is missing</h2>
    <p>
      Your PDS will ask whether atproto Cal may write three kinds of records: your availability, your meeting
      types, and a profile that says you can be booked here. It may touch nothing else, and what you filled in
      is kept meanwhile.
    </p>
    ${problem && html`<p class="field-error" role="alert">${problem}</p>`}
    <div class="actions">
      <button type="button" class="button button-primary" disabled=${busy} aria-busy=${busy} onClick=${go}>
        Continue to your PDS
      </button>
      <button type="button" class="button" onClick=${() => navigate("/dashboard")}>Not now</button>
    </div>
  </section>`;
}
