/** A host's meeting types and hours, each with the way to its editor. */

import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import type { AvailabilityJson, MeetingTypeJson } from "../../worker/wire.ts";
import { durationsLabel, wallTimeLabel } from "../clock-format.ts";
import { durationsOf } from "../duration-choice.ts";
import { segment } from "../router.ts";
import { hoursSummary } from "../season.ts";
import { useViewerTime } from "../viewer-time.ts";

interface RecordListProps {
  availability: readonly AvailabilityJson[];
  meetingTypes: readonly MeetingTypeJson[];
}

export function RecordList({ availability, meetingTypes }: RecordListProps) {
  const { hourCycle } = useViewerTime();
  const nameOf = (rkey: string): string =>
    availability.find((each) => each.rkey === rkey)?.name ?? "hours that no longer exist";
  if (availability.length === 0) {
    return html`<section class="card invite" aria-labelledby="invite-heading">
      <h2 id="invite-heading">Let people book you</h2>
      <p>Say when you are free and get a link to share. It takes about a minute.</p>
      <a class="button button-primary" href="/availability/new">Set up your availability</a>
    </section>`;
  }
  return html`
    <section class="card" aria-labelledby="types-heading">
      <div class="title-row">
        <h2 id="types-heading">Meeting types</h2>
        <a class="button button-small" href="/meeting-types/new">New meeting type</a>
      </div>
      ${meetingTypes.length === 0 && html`<p class="empty-line">Nothing can be booked yet. Add a meeting type.</p>`}
      <ul class="record-list">
        ${meetingTypes.map(
          (each) =>
            html`<${Row}
              key=${each.rkey}
              href=${`/meeting-types/${segment(each.rkey)}`}
              name=${each.title}
              detail=${`${durationsLabel(durationsOf(each))}, during ${nameOf(each.availabilityRkey)}`}
            >
              ${!each.active && html`<span class="badge">Paused</span>`}
            <//>`,
        )}
      </ul>
    </section>
    <section class="card" aria-labelledby="hours-list-heading">
      <div class="title-row">
        <h2 id="hours-list-heading">Hours</h2>
        <a class="button button-small" href="/availability/new">New hours</a>
      </div>
      <ul class="record-list">
        ${availability.map(
          (each) =>
            html`<${Row}
              key=${each.rkey}
              href=${`/availability/${segment(each.rkey)}`}
              name=${each.name}
              detail=${`${hoursSummary(each, availability, (time) => wallTimeLabel(time, hourCycle))} · ${each.timeZone.replaceAll("_", " ")}`}
            />`,
        )}
      </ul>
    </section>
  `;
}

interface RowProps {
  href: string;
  name: string;
  detail: string;
  children?: ComponentChildren;
}

function Row({ href, name, detail, children }: RowProps) {
  return html`<li class="record">
    <div><span class="record-name">${name} ${children}</span><span class="muted">${detail}</span></div>
    <a class="button button-small" href=${href} aria-label=${`Edit ${name}`}>Edit</a>
  </li>`;
}
