/** Who and what is being booked, beside the times. */

import { html } from "htm/preact";
import type { HostJson, MeetingTypeJson } from "../../worker/wire.ts";
import { durationLabel } from "../clock-format.ts";
import { segment } from "../router.ts";
import { useAccount } from "../session.ts";
import { PageTitle } from "./notice.ts";
import { Avatar, Handle } from "./person.ts";

interface MeetingAboutProps {
  actor: string;
  host: HostJson;
  meetingType: MeetingTypeJson;
  /** The length that is picked. */
  durationMinutes: number;
}

export function MeetingAbout({ actor, host, meetingType, durationMinutes }: MeetingAboutProps) {
  const account = useAccount();
  const name = host.displayName || `@${host.handle}`;
  const { title, location, approval, description } = meetingType;
  return html`<section class="about" aria-label="About this meeting">
    <div class="about-host">
      <${Avatar} name=${name} />
      <div>
        <p class="about-name"><bdi>${name}</bdi></p>
        ${host.displayName && html`<p class="muted"><${Handle} person=${host} /></p>`}
      </div>
    </div>
    <${PageTitle} title=${`${title} with ${name}`}>${title}<//>
    <ul class="facts">
      <li><span>${durationLabel(durationMinutes)}</span></li>
      ${location && html`<li><span>${location.kind === "link" ? "Online; the link is in the booking" : location.text}</span></li>`}
      <li>
        <span
          >${approval === "automatic" ? "Confirmed at once" : html`<bdi>${name}</bdi> confirms each request`}</span
        >
      </li>
    </ul>
    ${description && html`<p class="about-text">${description}</p>`}
    ${
      host.meetingTypes.length > 1 &&
      html`<p>
        <a class="quiet-link" href=${`/book/${segment(actor)}`}>All meetings with <bdi>${name}</bdi></a>
      </p>`
    }
    ${
      account?.did === host.did &&
      html`<p class="own-page">
        This is your own page, as others see it.${" "}<a href=${`/meeting-types/${segment(meetingType.rkey)}`}
          >Edit this meeting</a
        >
      </p>`
    }
  </section>`;
}
