/** `/book/:actor`: a host and what can be booked with them; a single meeting type opens at once. */

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import type { HostJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { durationLabel } from "../clock-format.ts";
import { useLoad } from "../load.ts";
import { ErrorNotice, Empty, Loading, PageTitle } from "../parts/notice.ts";
import { Avatar, Handle } from "../parts/person.ts";
import { navigate, segment } from "../router.ts";
import type { PageProps } from "../routes.ts";

export function BookHostPage({ params }: PageProps) {
  const actor = params["actor"] ?? "";
  const host = useLoad(actor, () => call<HostJson>("GET", `/api/hosts/${segment(actor)}`));
  const only = host.value?.meetingTypes.length === 1 ? host.value.meetingTypes[0] : undefined;

  useEffect(() => {
    if (only) navigate(`/book/${segment(actor)}/${segment(only.rkey)}`, { replace: true });
  }, [only?.rkey]);

  if (!host.value && host.failure)
    return html`<${HostProblem} failure=${host.failure} onRetry=${host.reload} />`;
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
                      <span class="choice-meta">${durationLabel(each.durationMinutes)}</span>
                      ${each.description && html`<span class="choice-text">${each.description}</span>`}
                    </a>
                  </li>`,
              )}
            </ul>`
    }
  </div>`;
}

/** Why a booking link does not work, in the words of somebody who only followed it. */
export function HostProblem({
  failure,
  onRetry,
}: {
  failure: { error: string; message: string };
  onRetry: () => void;
}) {
  const unknown = failure.error === "HostNotFound";
  return html`<div class="page narrow">
    <${PageTitle} title=${unknown ? "Nobody to book here" : "The booking page did not open"} />
    <${ErrorNotice} message=${failure.message} onRetry=${unknown ? undefined : onRetry} />
    ${unknown && html`<p>Check the link for typing errors, or ask the person who sent it for a new one.</p>`}
  </div>`;
}
