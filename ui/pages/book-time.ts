/** `/book/:actor/:rkey`: loads the host and hands the meeting type to the booking flow. */

import { html } from "htm/preact";
import type { HostJson } from "../../worker/wire.ts";
import { askOnce } from "../early-question.ts";
import { useLoad } from "../load.ts";
import { BookingFlow } from "../parts/booking-flow.ts";
import { Loading, PageTitle } from "../parts/notice.ts";
import { segment } from "../router.ts";
import type { PageProps } from "../page.ts";
import { HostProblem } from "./book-host.ts";

export function BookTimePage({ params, place }: PageProps) {
  const actor = params["actor"] ?? "";
  const host = useLoad(actor, () => askOnce<HostJson>(`/api/hosts/${segment(actor)}`));
  if (!host.value && host.failure)
    return html`<${HostProblem} actor=${actor} failure=${host.failure} onRetry=${host.reload} />`;
  if (!host.value) return html`<${Loading} label="Looking up the host" />`;
  const meetingType = host.value.meetingTypes.find((each) => each.rkey === params["rkey"]);
  if (!meetingType) {
    return html`<div class="page narrow">
      <${PageTitle} title="This meeting can no longer be booked" />
      <p>The host has paused or removed it.</p>
      <p><a class="button" href=${`/book/${segment(actor)}`}>See what else can be booked</a></p>
    </div>`;
  }
  return html`<${BookingFlow}
    actor=${actor}
    host=${host.value}
    meetingType=${meetingType}
    place=${place}
    onStale=${() => void host.reload()}
  />`;
}
