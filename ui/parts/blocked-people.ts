/** The people from whom a host takes no requests: adding one by handle, and taking one off the list. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { BlockedJson, BlockListJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import { listDay } from "../clock-format.ts";
import { useLoad } from "../load.ts";
import { segment } from "../router.ts";
import { forgetSession, type Account } from "../session.ts";
import { cleanActor } from "../typed-actor.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";
import { HandleField } from "./handle-field.ts";
import { Announce, ErrorNotice, focusHeading, Loading } from "./notice.ts";
import { Handle, handleText } from "./person.ts";

export function BlockedPeople({ account }: { account: Account }) {
  const { zone } = useViewerTime();
  const blocks = useLoad(account.did, () => call<BlockListJson>("GET", "/api/blocks"));
  const [removing, setRemoving] = useState<BlockedJson | undefined>();
  const [said, setSaid] = useState("");
  const blocked = blocks.value?.blocked ?? [];
  const others = (did: string): BlockedJson[] => blocked.filter((each) => each.did !== did);

  const unblock = async (person: BlockedJson): Promise<Failure | undefined> => {
    const answer = await call<unknown>("DELETE", `/api/blocks/${segment(person.did)}`);
    if (!answer.ok) {
      if (answer.failure.status === 401) forgetSession();
      return answer.failure;
    }
    blocks.replace({ blocked: others(person.did) });
    setSaid(`${handleText(person)} is no longer blocked`);
    focusHeading(() => document.getElementById("blocked-heading"));
    return undefined;
  };

  return html`<section class="card" aria-labelledby="blocked-heading">
    <h2 id="blocked-heading" tabindex="-1">Blocked people</h2>
    <p class="muted">They cannot ask you for new times. What they have booked already stays.</p>
    ${blocks.loading && html`<${Loading} label="Looking up the list" />`}
    ${blocks.failure && html`<${ErrorNotice} message=${blocks.failure.message} onRetry=${blocks.reload} />`}
    ${
      blocked.length > 0 &&
      html`<ul class="record-list">
        ${blocked.map(
          (each) =>
            html`<li key=${each.did} class="record">
              <div>
                <span class="record-name"><${Handle} person=${each} /></span>
                <span class="muted">since ${listDay(Date.parse(each.blockedAt), zone, Date.now())}</span>
              </div>
              <button
                type="button"
                class="button button-small"
                aria-label=${`Unblock ${handleText(each)}`}
                onClick=${() => setRemoving(each)}
              >
                Unblock
              </button>
            </li>`,
        )}
      </ul>`
    }
    ${
      blocks.value &&
      html`<${BlockForm}
        onBlocked=${(person: BlockedJson) => {
          blocks.replace({ blocked: [person, ...others(person.did)] });
          setSaid(`${handleText(person)} is blocked`);
        }}
      />`
    }
    <${Announce} text=${said} />
    ${
      removing &&
      html`<${ConfirmDialog}
        title="Unblock this person?"
        confirmLabel="Unblock"
        keepLabel="Keep them blocked"
        isDanger=${false}
        onConfirm=${() => unblock(removing)}
        onClose=${() => setRemoving(undefined)}
      >
        <p>
          <strong><${Handle} person=${removing} /></strong> can then ask you for times again.
        </p>
      <//>`
    }
  </section>`;
}

function BlockForm({ onBlocked }: { onBlocked: (person: BlockedJson) => void }) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const actor = cleanActor(typed);
    if (busy) return;
    if (actor === "") {
      setError("Enter a handle, such as bob.bsky.social.");
      return;
    }
    setBusy(true);
    setError(undefined);
    const answer = await call<{ blocked: BlockedJson }>("POST", "/api/blocks", { actor });
    setBusy(false);
    if (answer.ok) {
      setTyped("");
      onBlocked(answer.value.blocked);
      return;
    }
    if (answer.failure.status === 401) forgetSession();
    setError(answer.failure.message);
  };

  return html`<form class="sign-in" novalidate onSubmit=${submit}>
    <${HandleField}
      id="block-handle"
      label="Block by handle"
      placeholder="bob.bsky.social"
      autocomplete="off"
      value=${typed}
      error=${error}
      onValue=${setTyped}
    />
    <button type="submit" class="button" disabled=${busy} aria-busy=${busy}>Block</button>
  </form>`;
}
