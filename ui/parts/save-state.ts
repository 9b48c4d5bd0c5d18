/** What became of a change that is saved at once: under way, saved, or taken back. */

import { html } from "htm/preact";
import type { ChangeResult } from "../calendar-changes.ts";

interface SaveStateProps {
  id: string;
  result: ChangeResult | undefined;
}

export function SaveState({ id, result }: SaveStateProps) {
  return html`<div id=${id} class="save-state" role="status">
    ${result?.state === "saving" && html`<span class="muted">Saving…</span>`}
    ${result?.state === "saved" && html`<span class="saved">Saved</span>`}
    ${
      result?.state === "failed" &&
      html`<span class="field-error">Not saved, so it is as it was. ${result.message}</span>`
    }
  </div>`;
}
