/** What became of a change that is saved at once: under way, saved, or taken back. */

import { html } from "htm/preact";
import type { ChangeResult } from "../calendar-changes.ts";

export function SaveState({ result }: { result: ChangeResult | undefined }) {
  return html`<div class="save-state" role="status">
    ${result?.state === "saving" && html`<span class="muted">Saving…</span>`}
    ${result?.state === "saved" && html`<span class="saved">Saved</span>`}
    ${
      result?.state === "failed" &&
      html`<span class="field-error">Not saved, so it is as it was. ${result.message}</span>`
    }
  </div>`;
}
