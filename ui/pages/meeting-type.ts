/** `/meeting-types/new` and `/meeting-types/:rkey`: what can be booked, and in which of the host's hours. */

import { html } from "htm/preact";
import type { AvailabilityListJson, MeetingTypeListJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { useLoad } from "../load.ts";
import { MeetingTypeEditor } from "../parts/meeting-type-editor.ts";
import { Empty, ErrorNotice, Loading, PageTitle } from "../parts/notice.ts";
import { RequireAccount } from "../parts/require-account.ts";
import type { PageProps } from "../page.ts";
import type { Account } from "../session.ts";

export function MeetingTypePage({ params, place }: PageProps) {
  const title = params["rkey"] ? "Edit meeting type" : "New meeting type";
  return html`<${RequireAccount} title=${title} place=${place} purpose="publish">
    ${(account: Account) =>
      html`<${Records}
        title=${title}
        account=${account}
        rkey=${params["rkey"]}
        resumes=${place.search.includes("resume=1")}
      />`}
  <//>`;
}

interface RecordsProps {
  title: string;
  account: Account;
  rkey: string | undefined;
  resumes: boolean;
}

function Records({ title, account, rkey, resumes }: RecordsProps) {
  const hours = useLoad(account.did, () => call<AvailabilityListJson>("GET", "/api/availability"));
  const types = useLoad(account.did, () => call<MeetingTypeListJson>("GET", "/api/meeting-types"));
  const existing = types.value?.meetingTypes.find((each) => each.rkey === rkey);
  const failure = hours.failure ?? types.failure;
  const availability = hours.value?.availability;

  if (availability && availability.length > 0 && types.value && (existing || rkey === undefined)) {
    return html`<${MeetingTypeEditor}
      account=${account}
      existing=${existing}
      availability=${availability}
      resumes=${resumes}
    />`;
  }
  const problem = () => {
    if (failure) {
      return html`<${ErrorNotice}
        message=${failure.message}
        onRetry=${() => void (hours.reload(), types.reload())}
      />`;
    }
    if (!availability || !types.value) return html`<${Loading} label="Looking up your records" />`;
    if (availability.length === 0) {
      return html`<${Empty} title="First say when you are free.">
        <p>A meeting type needs hours in which it can be booked.</p>
        <a class="button button-primary" href="/availability/new">Set up your availability</a>
      <//>`;
    }
    return html`<${ErrorNotice} message="This meeting type no longer exists in your PDS.">
      <p><a href="/settings">See all your meeting types</a></p>
    <//>`;
  };
  return html`<div class="page narrow"><${PageTitle} title=${title} />${problem()}</div>`;
}
