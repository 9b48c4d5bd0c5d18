/** The links a host shares, each with a copy button. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import type { MeetingTypeJson } from "../../worker/wire.ts";
import { durationsLabel } from "../clock-format.ts";
import { useCopied } from "../copied.ts";
import { durationsOf } from "../duration-choice.ts";
import { segment } from "../router.ts";
import { actorOf, type Account } from "../session.ts";

interface ShareLinksProps {
  account: Account;
  meetingTypes: readonly MeetingTypeJson[];
}

export function ShareLinks({ account, meetingTypes }: ShareLinksProps) {
  const path = `/book/${segment(actorOf(account))}`;
  const active = meetingTypes.filter((each) => each.active);
  return html`<ul class="share-list">
    <${ShareLink} name="All meetings" path=${path} />
    ${active.map(
      (each) =>
        html`<${ShareLink}
          key=${each.rkey}
          name=${each.title}
          detail=${durationsLabel(durationsOf(each))}
          path=${`${path}/${segment(each.rkey)}`}
        />`,
    )}
  </ul>`;
}

function ShareLink({ name, detail, path }: { name: string; detail?: string; path: string }) {
  const url = location.origin + path;
  const { said, copy } = useCopied(url);
  return html`<li class="share">
    <div class="share-text">
      <span class="share-name">${name}</span>${detail && html`<span class="muted">${detail}</span>`}
    </div>
    <button
      type="button"
      class="button button-small"
      aria-label=${`${said || "Copy link"}: ${name}`}
      onClick=${copy}
    >
      ${said || "Copy link"}
    </button>
    <a class="share-url" href=${path}>${breakable(url.replace(/^https?:\/\//, ""))}</a>
    <span class="visually-hidden" aria-live="polite">${said && `${said}: ${name}`}</span>
  </li>`;
}

/** A long address may go on in the next line after a slash, and not inside a host name. */
function breakable(address: string): ComponentChildren {
  return address.split(/(?<=\/)/).map((part) => html`${part}<wbr />`);
}
