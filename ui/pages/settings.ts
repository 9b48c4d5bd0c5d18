/** `/settings`: the host's records and what they decide about requests, where the reader is mailed, their zone, clock and reminders, the account. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { AvailabilityListJson, MeetingTypeListJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import { useLoad } from "../load.ts";
import { BookingFeed } from "../parts/booking-feed.ts";
import { BlockedPeople } from "../parts/blocked-people.ts";
import { EmailSettings } from "../parts/email-settings.ts";
import { HostCalendars } from "../parts/host-calendars.ts";
import { InvalidRecords } from "../parts/invalid-records.ts";
import { ErrorNotice, Loading, PageTitle } from "../parts/notice.ts";
import { PendingHours } from "../parts/pending-hours.ts";
import { RecordList } from "../parts/record-list.ts";
import { ReminderSettings } from "../parts/reminder-settings.ts";
import { RequireAccount } from "../parts/require-account.ts";
import { TimeSettings } from "../parts/time-settings.ts";
import { Webhooks } from "../parts/webhooks.ts";
import { navigate, type Place } from "../router.ts";
import type { PageProps } from "../page.ts";
import { signOut, type Account } from "../session.ts";

export function SettingsPage({ place }: PageProps) {
  return html`<${RequireAccount} title="Settings" place=${place}>
    ${(account: Account) =>
      html`<div class="page medium">
        <${PageTitle} title="Settings" />
        <${HostRecords} account=${account} place=${place} />
        <${EmailSettings} account=${account} place=${place} />
        <${BookingFeed} account=${account} />
        <${TimeSettings} />
        <${ReminderSettings} />
        <${AccountSettings} account=${account} />
      </div>`}
  <//>`;
}

function HostRecords({ account, place }: { account: Account; place: Place }) {
  const hours = useLoad(account.did, () => call<AvailabilityListJson>("GET", "/api/availability"));
  const types = useLoad(account.did, () => call<MeetingTypeListJson>("GET", "/api/meeting-types"));
  const failure = hours.failure ?? types.failure;
  if (failure) {
    return html`<${ErrorNotice}
      message=${failure.message}
      onRetry=${() => void (hours.reload(), types.reload())}
    />`;
  }
  if (!hours.value || !types.value) return html`<${Loading} label="Looking up your records" />`;
  const invalid = [...hours.value.invalid, ...types.value.invalid];
  return html`<${InvalidRecords} invalid=${[...new Map(invalid.map((each) => [each.uri, each])).values()]} />
    <${RecordList} availability=${hours.value.availability} meetingTypes=${types.value.meetingTypes} />
    ${hours.value.availability.length > 0 && html`<${HostCalendars} account=${account} place=${place} /><${PendingHours} /><${BlockedPeople} account=${account} /><${Webhooks} account=${account} place=${place} />`}`;
}

function AccountSettings({ account }: { account: Account }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const leave = async (): Promise<void> => {
    setBusy(true);
    const problem = await signOut();
    setBusy(false);
    if (problem) setFailure(problem);
    else navigate("/");
  };
  return html`<section class="card" aria-labelledby="account-heading">
    <h2 id="account-heading">Account</h2>
    <dl class="details">
      <dt>Handle</dt>
      <dd><bdi>@${account.handle}</bdi></dd>
      <dt>DID</dt>
      <dd><code>${account.did}</code></dd>
      <dt>Publishing</dt>
      <dd>
        ${account.canPublish ? "atproto Cal may write your scheduling records." : "Not allowed yet; asked for when you save hours."}
      </dd>
      <dt>Your data</dt>
      <dd>
        <a href="/api/account/export" download="atproto-cal-export.json"
          >Download everything kept here about you</a
        >
      </dd>
    </dl>
    ${failure && html`<${ErrorNotice} message=${failure.message} />`}
    <button type="button" class="button" disabled=${busy} onClick=${leave}>Sign out</button>
  </section>`;
}
