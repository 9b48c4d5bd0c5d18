/** Why hours cannot be deleted yet: what is booked during them, and the seasons that take their place. */

import { html } from "htm/preact";
import type { AvailabilityJson, MeetingTypeJson } from "../../worker/wire.ts";
import { segment } from "../router.ts";

interface HoursInUseProps {
  usedBy: readonly MeetingTypeJson[];
  seasons: readonly AvailabilityJson[];
}

export function HoursInUse({ usedBy, seasons }: HoursInUseProps) {
  const users = [
    ...usedBy.map(({ rkey, title }) => ({ href: `/meeting-types/${segment(rkey)}`, name: title })),
    ...seasons.map(({ rkey, name }) => ({ href: `/availability/${segment(rkey)}`, name })),
  ];
  if (users.length === 0) return null;
  return html`<p class="hint">
    To delete these hours, first delete what depends on them, or give it other hours:${" "}
    ${users.map(({ href, name }, index) => html`${index > 0 && ", "}<a href=${href}>${name}</a>`)}.
  </p>`;
}
