/** The address that is in use, and the one to which a link went. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { EmailJson } from "../../worker/messages-wire.ts";
import type { Failure } from "../api.ts";
import { askedLabel } from "../email-standing.ts";
import { useViewerTime } from "../viewer-time.ts";
import { Notice } from "./notice.ts";

/** Answers why no link went there. */
type SendLink = (address: string) => Promise<Failure | undefined>;

interface UsedAddressProps {
  address: string;
  /** Mail to it came back. */
  isRefused: boolean;
  /** A link went there already. */
  isAsked: boolean;
  onProve: SendLink;
  /** Absent while another address is asked for already. */
  onChange: (() => void) | undefined;
  onRemove: () => void;
}

export function UsedAddress({ address, isRefused, isAsked, onProve, onChange, onRemove }: UsedAddressProps) {
  const link = useSending(onProve);
  return html`${
      isRefused
        ? html`<${Notice} tone="warn">
            <p>
              Mail to <strong>${address}</strong> was returned, so nothing is sent there.${" "}
              ${isAsked ? "Follow the new link to prove it again." : "Give another address, or prove it again."}
            </p>
          <//>`
        : html`<p>You are mailed at <strong>${address}</strong>.</p>`
    }
    ${link.error && html`<p class="field-error" role="alert">${link.error}</p>`}
    <div class="actions">
      ${
        isRefused &&
        !isAsked &&
        html`<button
          type="button"
          class="button"
          disabled=${link.busy}
          aria-busy=${link.busy}
          onClick=${() => link.send(address)}
        >
          Prove it again
        </button>`
      }
      ${onChange && html`<button type="button" class="button" onClick=${onChange}>Use another address</button>`}
      <button type="button" class="button" aria-label=${`Remove ${address}`} onClick=${onRemove}>
        Remove
      </button>
    </div>`;
}

interface AskedAddressProps {
  asked: NonNullable<EmailJson["asked"]>;
  onChange: (() => void) | undefined;
  /** Absent where another address is in use: forgetting is for both. */
  onForget: (() => void) | undefined;
}

export function AskedAddress({ asked, onChange, onForget }: AskedAddressProps) {
  const { zone } = useViewerTime();
  return html`<${Notice}>
      <p>
        A link went to <strong>${asked.address}</strong> (${askedLabel(asked, Date.now(), zone)}). Follow it,
        and you are mailed there. It is sent once: look among the spam if it does not come.
      </p>
    <//>
    <div class="actions">
      ${onChange && html`<button type="button" class="button" onClick=${onChange}>Use another address</button>`}
      ${
        onForget &&
        html`<button type="button" class="button" aria-label=${`Remove ${asked.address}`} onClick=${onForget}>
          Remove
        </button>`
      }
    </div>`;
}

/** One at a time; what went wrong is said beside the button. */
function useSending(sendLink: SendLink) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const send = async (address: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    const failure = await sendLink(address);
    setBusy(false);
    setError(failure?.message);
  };
  return { busy, error, send };
}
