/** Adding a webhook by its address. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { NewWebhookJson, WebhookInput } from "../../worker/messages-wire.ts";
import { call } from "../api.ts";
import { forgetSession } from "../session.ts";
import { typedWebhookUrl } from "../webhook-standing.ts";
import { WEBHOOKS } from "../webhooks.ts";
import { TextField } from "./field.ts";

export function AddWebhook({ onAdded }: { onAdded: (added: NewWebhookJson) => void }) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const url = typedWebhookUrl(typed);
    if (url === undefined) {
      setError("Enter an address that begins with https://.");
      return;
    }
    setBusy(true);
    setError(undefined);
    const input: WebhookInput = { url };
    const answer = await call<NewWebhookJson>("POST", WEBHOOKS, input);
    setBusy(false);
    if (answer.ok) {
      setTyped("");
      onAdded(answer.value);
      return;
    }
    if (answer.failure.status === 401) forgetSession();
    setError(answer.failure.message);
  };

  return html`<form class="sign-in" novalidate onSubmit=${submit}>
    <${TextField}
      id="webhook-url"
      label="Address of your program"
      placeholder="https://hooks.example.com/bookings"
      inputmode="url"
      autocomplete="off"
      autocapitalize="none"
      spellcheck=${false}
      maxLength=${2000}
      value=${typed}
      error=${error}
      onValue=${setTyped}
    />
    <button type="submit" class="button" disabled=${busy} aria-busy=${busy}>Add</button>
  </form>`;
}
