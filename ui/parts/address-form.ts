/** Asks for an address to be mailed at: one that is typed gets a link, the account's own is asked of its PDS. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Failure } from "../api.ts";
import { EMAIL_RETURN } from "../email-standing.ts";
import type { Account } from "../session.ts";
import { TextField } from "./field.ts";
import { goToSignIn } from "./sign-in-form.ts";

interface AddressFormProps {
  account: Account;
  /** Answers why no link went there. */
  onAddress: (address: string) => Promise<Failure | undefined>;
  /** The way out where there is one. */
  onKeep: (() => void) | undefined;
}

export function AddressForm({ account, onAddress, onKeep }: AddressFormProps) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const [problem, setProblem] = useState<string | undefined>();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const address = typed.trim();
    if (busy) return;
    setProblem(undefined);
    if (!address.includes("@")) {
      setError("Enter an e-mail address, such as alice@mail.example.");
      return;
    }
    setBusy(true);
    setError(undefined);
    const failure = await onAddress(address);
    setBusy(false);
    setError(failure?.message);
  };
  const askAccount = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    const failure = await goToSignIn({ actor: account.did, purpose: "email", returnTo: EMAIL_RETURN });
    setBusy(failure === undefined);
    setProblem(failure?.message);
  };

  return html`<form class="sign-in" novalidate onSubmit=${submit}>
      <${TextField}
        id="email-address"
        label="Your e-mail address"
        type="email"
        autocomplete="email"
        maxLength=${254}
        value=${typed}
        error=${error}
        onValue=${setTyped}
      />
      <button type="submit" class="button button-primary" disabled=${busy} aria-busy=${busy}>
        Send me a link
      </button>
    </form>
    <div class="actions">
      <button type="button" class="button" disabled=${busy} onClick=${askAccount}>
        Use the address of my account
      </button>
      ${onKeep && html`<button type="button" class="button" onClick=${onKeep}>Go back</button>`}
    </div>
    ${
      problem
        ? html`<p class="field-error" role="alert">${problem}</p>`
        : html`<p class="hint">Your PDS then asks whether we may see it. No link is needed.</p>`
    }`;
}
