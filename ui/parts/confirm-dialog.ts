/** Asks before something that others will notice or that is gone afterwards. Runs the action and shows its failure in place. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "../api.ts";
import { TextField } from "./field.ts";

interface ConfirmDialogProps {
  title: string;
  confirmLabel: string;
  /** The way out, named by what stays: `Keep the booking`. */
  keepLabel: string;
  /** Whether something is lost by it. */
  isDanger?: boolean;
  /** Label of an optional reason; no field without it. */
  reasonLabel?: string;
  /** Answers a failure to show, or undefined when it worked. */
  onConfirm: (reason: string | undefined) => Promise<Failure | undefined>;
  onClose: () => void;
  children?: ComponentChildren;
}

/** Open as long as it is rendered. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    confirmLabel,
    keepLabel,
    isDanger = true,
    reasonLabel,
    onConfirm,
    onClose,
    children,
  } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    const text = reason.trim();
    const problem = await onConfirm(text === "" ? undefined : text);
    setBusy(false);
    if (problem) setFailure(problem);
    // Closing it, not only removing it, gives the focus back to the button that asked.
    else dialog.current?.close();
  };

  return html`<dialog ref=${dialog} class="dialog" aria-labelledby="dialog-title" onClose=${onClose}>
    <form onSubmit=${submit}>
      <h2 id="dialog-title">${title}</h2>
      <div class="dialog-body">${children}</div>
      ${
        reasonLabel &&
        html`<${TextField}
          id="dialog-reason"
          label=${reasonLabel}
          multiline
          maxLength=${1000}
          value=${reason}
          onValue=${setReason}
        />`
      }
      ${failure && html`<p class="field-error" role="alert">${failure.message}</p>`}
      <div class="actions actions-end">
        <button type="button" class="button" onClick=${() => dialog.current?.close()}>${keepLabel}</button>
        <button
          type="submit"
          class=${isDanger ? "button button-danger" : "button button-primary"}
          aria-busy=${busy}
          disabled=${busy}
        >
          ${confirmLabel}
        </button>
      </div>
    </form>
  </dialog>`;
}
