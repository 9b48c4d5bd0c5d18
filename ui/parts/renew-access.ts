/** Giving a connection its access anew, in place: a new link, a new password, or Google's consent. The choice of calendars stays. */

import { html } from "htm/preact";
import type { ConnectionJson } from "../../worker/wire.ts";
import { useAccessForm } from "../access-form.ts";
import { call } from "../api.ts";
import type { TypedKind } from "../calendar-access.ts";
import { mayBeWritten } from "../calendar-choice.ts";
import { CONNECTIONS } from "../connections.ts";
import { segment } from "../router.ts";
import { AccessFields } from "./access-fields.ts";
import { GoogleButton } from "./google-button.ts";

interface RenewAccessProps {
  connection: ConnectionJson;
  onRenewed: (connection: ConnectionJson) => void;
}

export function RenewAccess({ connection, onRenewed }: RenewAccessProps) {
  const { id, kind, label } = connection;
  if (kind === "google") {
    // Who had allowed writing is asked for both again: Google gives no more than what was asked.
    const consent = { connectionId: id, ...(mayBeWritten(connection) && { write: true }) };
    return html`<${GoogleButton}
      consent=${consent}
      label="Give access again"
      about=${`to ${label}`}
      isSmall
    />`;
  }
  return html`<${RenewForm} id=${id} kind=${kind} label=${label} onRenewed=${onRenewed} />`;
}

interface RenewFormProps {
  id: string;
  kind: TypedKind;
  label: string;
  onRenewed: (connection: ConnectionJson) => void;
}

function RenewForm({ id, kind, label, onRenewed }: RenewFormProps) {
  const fields = `access-${id}`;
  const form = useAccessForm(fields, kind);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await form.submit((access) =>
      call<{ connection: ConnectionJson }>("PUT", `${CONNECTIONS}/${segment(id)}/access`, access),
    );
    if (answer) onRenewed(answer.connection);
  };
  return html`<form
    class="form-stack inset"
    novalidate
    aria-label=${`Give access to ${label} again`}
    onSubmit=${submit}
  >
    <${AccessFields}
      id=${fields}
      kind=${kind}
      draft=${form.draft}
      errors=${form.errors}
      onChange=${form.change}
    />
    <div class="actions">
      <button type="submit" class="button button-primary" disabled=${form.busy} aria-busy=${form.busy}>
        ${form.busy ? "Reading it…" : "Give access again"}
      </button>
      <span class="hint">Your choice of calendars stays.</span>
    </div>
  </form>`;
}
