/** The button that leads to Google's consent, with what went wrong on the way there. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { GoogleConsentInput } from "../../worker/wire.ts";
import { goToGoogle } from "../google-consent.ts";

interface GoogleButtonProps {
  consent: GoogleConsentInput;
  label: string;
  /** Said after the label to those who cannot see where the button stands. */
  about?: string;
  isSmall?: boolean;
}

export function GoogleButton({ consent, label, about, isSmall = false }: GoogleButtonProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const go = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    const failure = await goToGoogle(consent);
    if (!failure) return;
    setBusy(false);
    setError(failure.message);
  };
  return html`<div class="actions">
    <button
      type="button"
      class=${isSmall ? "button button-small" : "button button-primary"}
      disabled=${busy}
      aria-busy=${busy}
      onClick=${go}
    >
      ${busy ? "Going to Google…" : label} ${about && html`<span class="visually-hidden">${about}</span>`}
    </button>
    ${error && html`<p class="field-error" role="alert">${error}</p>`}
  </div>`;
}
