/** `/availability/new` and `/availability/:rkey`: when a host is willing to meet; the first time with a meeting type as well. */

import { html } from "htm/preact";
import type { AvailabilityListJson, MeetingTypeListJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { useLoad } from "../load.ts";
import { AvailabilityEditor } from "../parts/availability-editor.ts";
import { ErrorNotice, Loading, PageTitle } from "../parts/notice.ts";
import { RequireAccount } from "../parts/require-account.ts";
import type { PageProps } from "../page.ts";
import { replaceableBy } from "../season.ts";
import type { Account } from "../session.ts";

export function AvailabilityPage({ params, place }: PageProps) {
  const title = params["rkey"] ? "Edit hours" : "Set up your availability";
  return html`<${RequireAccount} title=${title} place=${place} purpose="publish">
    ${(account: Account) =>
      html`<${Records}
        title=${title}
        account=${account}
        rkey=${params["rkey"]}
        insteadOf=${new URLSearchParams(place.search).get("insteadOf") ?? undefined}
        resumes=${place.search.includes("resume=1")}
      />`}
  <//>`;
}

interface RecordsProps {
  title: string;
  account: Account;
  rkey: string | undefined;
  /** Record key of the hours whose place new ones shall take. */
  insteadOf: string | undefined;
  resumes: boolean;
}

/** What is there already decides what is asked: a first availability comes with a first meeting type. */
function Records({ title, account, rkey, insteadOf, resumes }: RecordsProps) {
  const hours = useLoad(account.did, () => call<AvailabilityListJson>("GET", "/api/availability"));
  const types = useLoad(account.did, () => call<MeetingTypeListJson>("GET", "/api/meeting-types"));
  const all = hours.value?.availability;
  const existing = all?.find((each) => each.rkey === rkey);
  const failure = hours.failure ?? types.failure;

  if (all && types.value && (existing || rkey === undefined)) {
    return html`<${AvailabilityEditor}
      account=${account}
      existing=${existing}
      all=${all}
      usual=${replaceableBy(rkey, all).find((each) => each.rkey === insteadOf)}
      usedBy=${types.value.meetingTypes.filter((each) => each.availabilityRkey === rkey)}
      resumes=${resumes}
    />`;
  }
  return html`<div class="page narrow">
    <${PageTitle} title=${title} />
    ${
      failure
        ? html`<${ErrorNotice}
            message=${failure.message}
            onRetry=${() => void (hours.reload(), types.reload())}
          />`
        : !all || !types.value
          ? html`<${Loading} label="Looking up your records" />`
          : html`<${ErrorNotice} message="These hours no longer exist in your PDS."
              ><p><a href="/settings">See all your hours</a></p><//
            >`
    }
  </div>`;
}
