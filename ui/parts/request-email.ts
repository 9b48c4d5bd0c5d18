/** Where the one who books is mailed: the address they proved already, or a field for one. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { EmailJson } from "../../worker/messages-wire.ts";
import { call } from "../api.ts";
import { useLoad } from "../load.ts";
import { TextField } from "./field.ts";

interface RequestEmailProps {
  /** Of whoever is signed in; of others nothing is asked. */
  did: string | undefined;
  value: string;
  disabled: boolean;
  onValue: (value: string) => void;
}

export function RequestEmail({ did, ...field }: RequestEmailProps) {
  const { value: known, loading } = useLoad(did, () => call<EmailJson>("GET", "/api/email"));
  // What was typed before signing in is not taken away.
  const [wasTyped] = useState(field.value !== "");
  if (loading) return null;
  if (known?.address && !known.isRefused && !wasTyped)
    return html`<p class="muted">Mail goes to <bdi>${known.address}</bdi></p>`;
  const link =
    known?.offered === false
      ? ""
      : " We send one link there to make sure it is yours; until you follow it you get no mail.";
  return html`<${TextField}
    id="request-email"
    label="E-mail (optional)"
    hint=${`Shown to the host only.${link}`}
    type="email"
    autocomplete="email"
    maxLength=${254}
    ...${field}
  />`;
}
