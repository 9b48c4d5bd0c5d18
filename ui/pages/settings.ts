/** `/settings`: the account, the reader's zone and clock, and the host's records. */

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { AvailabilityListJson, MeetingTypeListJson, SettingsJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import { useLoad } from "../load.ts";
import { ErrorNotice, Loading, PageTitle } from "../parts/notice.ts";
import { InvalidRecords } from "../parts/invalid-records.ts";
import { RecordList } from "../parts/record-list.ts";
import { RadioCards } from "../parts/field.ts";
import { RequireAccount } from "../parts/require-account.ts";
import { ZoneSelect } from "../parts/zone-select.ts";
import { navigate } from "../router.ts";
import type { PageProps } from "../page.ts";
import { signOut, type Account } from "../session.ts";
import { browserHourCycle, browserZone } from "../clock-format.ts";
import { saveSettings, useSavedSettings } from "../viewer-time.ts";

export function SettingsPage({ place }: PageProps) {
  return html`<${RequireAccount} title="Settings" place=${place}>
    ${(account: Account) =>
      html`<div class="page medium">
        <${PageTitle} title="Settings" />
        <${HostRecords} account=${account} />
        <${TimeSettings} />
        <${AccountSettings} account=${account} />
      </div>`}
  <//>`;
}

function HostRecords({ account }: { account: Account }) {
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
    <${RecordList} availability=${hours.value.availability} meetingTypes=${types.value.meetingTypes} />`;
}

function TimeSettings() {
  const saved = useSavedSettings();
  const [form, setForm] = useState<SettingsJson | undefined>(saved);
  const [state, setState] = useState<"idle" | "saving" | "saved">("idle");
  const [failure, setFailure] = useState<Failure | undefined>();
  useEffect(() => {
    if (saved) setForm(saved);
  }, [saved]);

  const change = (next: SettingsJson): void => {
    setForm({ ...form, ...next });
    setState("idle");
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setState("saving");
    setFailure(undefined);
    const answer = await saveSettings({ timeZone: browserZone(), hourCycle: browserHourCycle(), ...form });
    setState(answer.ok ? "saved" : "idle");
    if (!answer.ok) setFailure(answer.failure);
  };

  return html`<section class="card" aria-labelledby="time-heading">
    <h2 id="time-heading">How you see times</h2>
    <form class="form-stack" onSubmit=${save}>
      <${ZoneSelect}
        id="settings-zone"
        label="My time zone"
        value=${form?.timeZone ?? browserZone()}
        onValue=${(timeZone: string) => change({ timeZone })}
        hint="Only how times are shown to you. Your bookable hours have a zone of their own."
      />
      <${RadioCards}
        legend="Clock format"
        name="hour-cycle"
        value=${form?.hourCycle ?? browserHourCycle()}
        choices=${[
          { value: "h23", label: "24-hour", hint: "14:30" },
          { value: "h12", label: "12-hour", hint: "2:30 pm" },
        ]}
        onValue=${(value: string) => change({ hourCycle: value === "h12" ? "h12" : "h23" })}
      />
      ${failure && html`<${ErrorNotice} message=${failure.message} />`}
      <div class="actions">
        <button
          type="submit"
          class="button button-primary"
          disabled=${state === "saving"}
          aria-busy=${state === "saving"}
        >
          Save time settings
        </button>
        <span class="saved" role="status">${state === "saved" ? "Saved" : ""}</span>
      </div>
    </form>
  </section>`;
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
    </dl>
    ${failure && html`<${ErrorNotice} message=${failure.message} />`}
    <button type="button" class="button" disabled=${busy} onClick=${leave}>Sign out</button>
  </section>`;
}
