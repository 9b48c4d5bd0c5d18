/** The end of every form that edits one record: save, leave, delete, and the question before deleting. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import type { RecordWrite } from "../record-write.ts";
import { navigate } from "../router.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";

interface RecordFormActionsProps {
  saving: boolean;
  saveLabel?: string;
  cancelHref: string;
  /** Absent: nothing can be deleted here. */
  onDelete: (() => void) | undefined;
}

export function RecordFormActions({
  saving,
  saveLabel = "Save",
  cancelHref,
  onDelete,
}: RecordFormActionsProps) {
  return html`<div class="actions form-actions">
    <button type="submit" class="button button-primary" disabled=${saving} aria-busy=${saving}>
      ${saving ? "Saving…" : saveLabel}
    </button>
    <a class="button" href=${cancelHref}>Cancel</a>
    ${
      onDelete &&
      html`<button type="button" class="button button-quiet-danger" onClick=${onDelete}>Delete</button>`
    }
  </div>`;
}

interface DeleteRecordDialogProps {
  name: string;
  confirmLabel: string;
  keepLabel: string;
  /** The record's path: of its page, and below `/api` of the record itself. */
  path: string;
  remove: RecordWrite<unknown>["remove"];
  onClose: () => void;
  children?: ComponentChildren;
}

/** Deletes the record and goes to the settings, or shows why it could not. */
export function DeleteRecordDialog({
  name,
  confirmLabel,
  keepLabel,
  path,
  remove,
  onClose,
  children,
}: DeleteRecordDialogProps) {
  return html`<${ConfirmDialog}
    title=${`Delete “${name}”?`}
    confirmLabel=${confirmLabel}
    keepLabel=${keepLabel}
    onConfirm=${async () => {
      const outcome = await remove(`/api${path}`);
      if (outcome.state === "removed") navigate("/settings");
      return outcome.state === "failed" ? outcome.failure : undefined;
    }}
    onClose=${onClose}
  >
    ${children}
  <//>`;
}
