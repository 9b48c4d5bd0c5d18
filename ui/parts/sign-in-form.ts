/** Asks for a handle and sends the person to their own PDS. Never sees a password. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { LoginInput } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import { safeHref } from "../safe-href.ts";
import { cleanActor } from "../typed-actor.ts";
import { HandleField } from "./handle-field.ts";

interface SignInFormProps {
  returnTo: string;
  purpose?: LoginInput["purpose"];
  submitLabel?: string;
  /** What the field starts with. */
  initial?: string;
  /** Called just before leaving the page, to keep what was typed elsewhere on it. */
  onLeave?: () => void;
}

export function SignInForm({
  returnTo,
  purpose = "book",
  submitLabel = "Sign in",
  initial = "",
  onLeave,
}: SignInFormProps) {
  const [typed, setTyped] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const actor = cleanActor(typed);
    if (busy) return;
    if (actor === "") {
      setError("Enter your handle, such as alice.bsky.social.");
      return;
    }
    setBusy(true);
    setError(undefined);
    onLeave?.();
    const failure = await goToSignIn({ actor, purpose, returnTo });
    if (!failure) return;
    setBusy(false);
    setError(failure.message);
  };

  return html`<form class="sign-in" onSubmit=${submit} novalidate>
    <${HandleField}
      id="sign-in-handle"
      label="Your handle"
      placeholder="alice.bsky.social"
      autocomplete="username"
      value=${typed}
      error=${error}
      onValue=${setTyped}
    />
    <button type="submit" class="button button-primary" disabled=${busy} aria-busy=${busy}>
      ${busy ? "Going to your PDS…" : submitLabel}
    </button>
  </form>`;
}

/** Starts OAuth and leaves this page; answers a failure when it could not. */
export async function goToSignIn(input: LoginInput): Promise<Failure | undefined> {
  const answer = await call<{ url: string }>("POST", "/api/auth/login", input);
  if (!answer.ok) return answer.failure;
  const url = safeHref(answer.value.url);
  if (!url)
    return {
      status: 0,
      error: "UnexpectedAnswer",
      message: "The sign-in page has an address this browser cannot open.",
    };
  location.assign(url);
  return undefined;
}
