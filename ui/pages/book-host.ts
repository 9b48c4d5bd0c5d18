/** `/book/:actor`: a host and what can be booked with them; a single meeting type opens at once. */

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import type { HostJson } from "../../worker/wire.ts";
import { durationsLabel } from "../clock-format.ts";
import { durationsOf } from "../duration-choice.ts";
import { askOnce } from "../early-question.ts";
import { useLoad } from "../load.ts";
import { ErrorNotice, Empty, Loading, PageTitle } from "../parts/notice.ts";
import { Avatar, Handle } from "../parts/person.ts";
import { navigate, segment } from "../router.ts";
import type { PageProps } from "../page.ts";
import { useAccount } from "../session.ts";

export function BookHostPage({ params, place }: PageProps) {
  const actor = params["actor"] ?? "";
  const host = useLoad(actor, () => askOnce<HostJson>(`/api/hosts/${segment(actor)}`));
  const only = host.value?.meetingTypes.length === 1 ? host.value.meetingTypes[0] : undefined;

  useEffect(() => {
    if (only) navigate(`/book/${segment(actor)}/${segment(only.rkey)}${place.search}`, { replace: true });
  }, [only?.rkey]);

  if (!host.value && host.failure)
    return html`<${HostProblem} actor=${actor} failure=${host.failure} onRetry=${host.reload} />`;
  if (!host.value || only) return html`<${Loading} label="Looking up the host" />`;
  const { displayName, handle, did, meetingTypes } = host.value;
  const name = displayName || `@${handle}`;
  return html`<div class="page narrow">
    <div class="host-head">
      <${Avatar} name=${name} />
      <div>
        <${PageTitle} title=${`Book ${name}`}><bdi>${name}</bdi><//>
        ${displayName && html`<p class="muted"><${Handle} person=${{ did, handle }} /></p>`}
      </div>
    </div>
    ${
      meetingTypes.length === 0
        ? html`<${Empty} title="Nothing can be booked here right now.">
            <p>Ask <bdi>${name}</bdi> for another way to meet, or come back later.</p>
          <//>`
        : html`<p class="lead">What would you like to book?</p>
            <ul class="choice-list">
              ${meetingTypes.map(
                (each) =>
                  html`<li key=${each.rkey}>
                    <a class="choice" href=${`/book/${segment(actor)}/${segment(each.rkey)}`}>
                      <span class="choice-title">${each.title}</span>
                      <span class="choice-meta">${durationsLabel(durationsOf(each))}</span>
                      ${each.description && html`<span class="choice-text">${each.description}</span>`}
                    </a>
                  </li>`,
              )}
            </ul>`
    }
  </div>`;
}

/** For somebody who followed a link and knows nothing of PDSes. */
const UNREACHABLE =
  "The place where this person keeps their hours does not answer at the moment. Please try again in a minute.";

interface HostProblemProps {
  /** As the link names them. */
  actor: string;
  failure: { error: string; message: string };
  onRetry: () => void;
}

/** Why a booking link does not work, in the words of somebody who only followed it. */
export function HostProblem({ actor, failure, onRetry }: HostProblemProps) {
  const account = useAccount();
  const isOwn = account !== undefined && (actor === account.did || actor === account.handle);
  if (failure.error !== "HostNotFound") {
    return html`<div class="page narrow">
      <${PageTitle} title="The booking page did not open" />
      <${ErrorNotice}
        message=${failure.error === "HostUnreachable" ? UNREACHABLE : failure.message}
        onRetry=${onRetry}
      />
    </div>`;
  }
  if (isOwn) {
    return html`<div class="page narrow">
      <${PageTitle} title="You cannot be booked yet" />
      <p>This is where people will choose a time with you, once you have said when you are free.</p>
      <p><a class="button button-primary" href="/availability/new">Set up your availability</a></p>
    </div>`;
  }
  return html`<div class="page narrow">
    <${PageTitle} title="Nobody to book here" />
    <p class="lead" role="alert">${failure.message}</p>
    <p>If somebody sent you this link, check that it is complete, or ask them for a new one.</p>
    <p><a class="button" href="/">What is atproto Cal?</a></p>
  </div>`;
}
