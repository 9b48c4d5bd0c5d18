/** Something to be copied: shown as it is, selected by a click, and copied by a button. */

import { html } from "htm/preact";
import { useCopied } from "../copied.ts";

export function CopyField({ id, label, value }: { id: string; label: string; value: string }) {
  const { said, copy } = useCopied(value);
  return html`<div class="sign-in">
    <div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type="text"
        readonly
        value=${value}
        onFocus=${(event: FocusEvent) => {
          if (event.currentTarget instanceof HTMLInputElement) event.currentTarget.select();
        }}
      />
    </div>
    <button type="button" class="button" aria-label=${`${said || "Copy"}: ${label}`} onClick=${copy}>
      ${said || "Copy"}
    </button>
    <span class="visually-hidden" aria-live="polite">${said}</span>
  </div>`;
}
