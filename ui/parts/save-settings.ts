/** The end of a form of settings: the button that saves it, that it is saved, or why it is not. */

import { html } from "htm/preact";
import type { SettingsSaving } from "../settings-saving.ts";
import { ErrorNotice } from "./notice.ts";

interface SaveSettingsProps {
  saving: SettingsSaving;
  label?: string;
  /** Said after the label to those who cannot see where the button stands. */
  about?: string;
}

export function SaveSettings({ saving, label = "Save", about }: SaveSettingsProps) {
  const { state, failure } = saving;
  return html`${failure && html`<${ErrorNotice} message=${failure.message} />`}
    <div class="actions">
      <button
        type="submit"
        class="button button-primary"
        disabled=${state === "saving"}
        aria-busy=${state === "saving"}
      >
        ${label} ${about && html`<span class="visually-hidden">${about}</span>`}
      </button>
      <span class="saved" role="status">${state === "saved" ? "Saved" : ""}</span>
    </div>`;
}
