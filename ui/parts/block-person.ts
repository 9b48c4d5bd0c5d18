/** A host's way to take no more requests from somebody, beside a booking of theirs. Ends no booking. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { BlockedJson, BlockListJson, PartyJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { useLoad } from "../load.ts";
import { forgetSession } from "../session.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";
import { focusHeading } from "./notice.ts";
import { Handle } from "./person.ts";

export function BlockPerson({ person }: { person: PartyJson }) {
  const blocks = useLoad(person.did, () => call<BlockListJson>("GET", "/api/blocks"));
  const [asking, setAsking] = useState(false);
  const blocked = blocks.value?.blocked ?? [];

  if (blocked.some(({ did }) => did === person.did)) {
    return html`<p class="muted" role="status">
      <${Handle} person=${person} /> is blocked and cannot ask for new times. You can change that in
      your${" "} <a href="/settings">settings</a>.
    </p>`;
  }
  return html`<div>
    <button type="button" class="link-button link-danger" onClick=${() => setAsking(true)}>
      Block <${Handle} person=${person} />
    </button>
    ${
      asking &&
      html`<${ConfirmDialog}
        title="Block this person?"
        confirmLabel="Block"
        keepLabel="Go back"
        onConfirm=${async () => {
          const answer = await call<{ blocked: BlockedJson }>("POST", "/api/blocks", { actor: person.did });
          if (answer.ok) {
            blocks.replace({ blocked: [...blocked, answer.value.blocked] });
            focusHeading(() => document.querySelector<HTMLElement>("main h1"));
            return undefined;
          }
          if (answer.failure.status === 401) forgetSession();
          return answer.failure;
        }}
        onClose=${() => setAsking(false)}
      >
        <p>
          <strong><${Handle} person=${person} /></strong> can no longer ask you for new times. Existing
          bookings stay.
        </p>
      <//>`
    }
  </div>`;
}
