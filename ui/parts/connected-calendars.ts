/** The calendars whose busy time a host's pages do not offer: connecting one, how each stands, reading it now, letting go of it. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { CalendarJson, CalendarListJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import { asOfSentence, problemSentence } from "../calendar-standing.ts";
import { useLoad } from "../load.ts";
import { segment } from "../router.ts";
import { forgetSession, type Account } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";
import { TextField } from "./field.ts";
import { Announce, ErrorNotice, focusHeading, Loading } from "./notice.ts";

const PATH = "/api/calendar/connections";

export function ConnectedCalendars({ account }: { account: Account }) {
  const list = useLoad(account.did, () => call<CalendarListJson>("GET", PATH));
  const [leaving, setLeaving] = useState<CalendarJson | undefined>();
  const [said, setSaid] = useState("");
  const calendars = list.value?.calendars ?? [];

  const disconnect = async ({ id, label }: CalendarJson): Promise<Failure | undefined> => {
    const answer = await call<unknown>("DELETE", `${PATH}/${segment(id)}`);
    if (!answer.ok) {
      if (answer.failure.status === 401) forgetSession();
      return answer.failure;
    }
    list.replace({ calendars: calendars.filter((each) => each.id !== id) });
    setSaid(`${label} is disconnected`);
    focusHeading(() => document.getElementById("calendars-heading"));
    return undefined;
  };

  return html`<section class="card" aria-labelledby="calendars-heading">
    <h2 id="calendars-heading" tabindex="-1">Your calendars</h2>
    <p class="muted">
      What is busy in them is not offered here. We keep when you are busy, and nothing of what your events
      are.
    </p>
    ${list.loading && html`<${Loading} label="Looking up your calendars" />`}
    ${list.failure && html`<${ErrorNotice} message=${list.failure.message} onRetry=${list.reload} />`}
    ${
      calendars.length > 0 &&
      html`<ul class="record-list calendar-list">
        ${calendars.map(
          (each) =>
            html`<${CalendarRow}
              key=${each.id}
              calendar=${each}
              onChanged=${(changed: CalendarJson) => {
                list.replace({ calendars: calendars.map((one) => (one.id === changed.id ? changed : one)) });
                setSaid(problemSentence(changed) ?? `${changed.label} is up to date`);
              }}
              onLeave=${() => setLeaving(each)}
            />`,
        )}
      </ul>`
    }
    ${
      list.value &&
      html`<${ConnectForm}
        onConnected=${(calendar: CalendarJson) => {
          list.replace({ calendars: [...calendars, calendar] });
          setSaid(`${calendar.label} is connected`);
        }}
      />`
    }
    <${Announce} text=${said} />
    ${
      leaving &&
      html`<${ConfirmDialog}
        title="Disconnect this calendar?"
        confirmLabel="Disconnect"
        keepLabel="Keep it"
        onConfirm=${() => disconnect(leaving)}
        onClose=${() => setLeaving(undefined)}
      >
        <p>The times that are busy in <strong>${leaving.label}</strong> are offered again at once.</p>
      <//>`
    }
  </section>`;
}

interface CalendarRowProps {
  calendar: CalendarJson;
  onChanged: (calendar: CalendarJson) => void;
  onLeave: () => void;
}

function CalendarRow({ calendar, onChanged, onLeave }: CalendarRowProps) {
  const { zone } = useViewerTime();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const { id, label } = calendar;
  const refresh = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await call<{ calendar: CalendarJson }>("POST", `${PATH}/${segment(id)}/refresh`);
    setBusy(false);
    if (!answer.ok && answer.failure.status === 401) forgetSession();
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) onChanged(answer.value.calendar);
  };
  const problem = problemSentence(calendar);
  return html`<li class="record record-wide">
    <div>
      <span class="record-name">${label}</span>
      <span class="muted">${asOfSentence(calendar, Date.now(), zone)}</span>
      ${problem && html`<p class="field-error">${problem}</p>`}
      ${failure && html`<p class="field-error">${failure.message}</p>`}
    </div>
    <span class="actions">
      <button
        type="button"
        class="button button-small"
        aria-label=${`Refresh ${label}`}
        aria-busy=${busy}
        disabled=${busy}
        onClick=${refresh}
      >
        Refresh
      </button>
      <button
        type="button"
        class="button button-small"
        aria-label=${`Disconnect ${label}`}
        onClick=${onLeave}
      >
        Disconnect
      </button>
    </span>
  </li>`;
}

function ConnectForm({ onConnected }: { onConnected: (calendar: CalendarJson) => void }) {
  const [label, setLabel] = useState("");
  const [url, setUrl] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (label.trim() === "" || url.trim() === "") {
      setError("Give the calendar a name, and paste its link.");
      return;
    }
    setBusy(true);
    setError(undefined);
    const answer = await call<{ calendar: CalendarJson }>("POST", PATH, {
      kind: "feed",
      label: label.trim(),
      url: url.trim(),
    });
    setBusy(false);
    if (answer.ok) {
      setLabel("");
      setUrl("");
      onConnected(answer.value.calendar);
      return;
    }
    if (answer.failure.status === 401) forgetSession();
    setError(answer.failure.message);
  };

  return html`<form class="form-stack" novalidate onSubmit=${submit}>
    <${TextField}
      id="calendar-label"
      label="Name"
      placeholder="Work"
      autocomplete="off"
      maxLength=${60}
      value=${label}
      onValue=${setLabel}
    />
    <${TextField}
      id="calendar-url"
      label="Link to an .ics file"
      hint="The secret or private link that your calendar program offers, with https: or webcal:. It is kept sealed and never shown again."
      placeholder="https://…/basic.ics"
      autocomplete="off"
      inputmode="url"
      autocapitalize="none"
      spellcheck=${false}
      value=${url}
      error=${error}
      onValue=${setUrl}
    />
    <div class="actions">
      <button type="submit" class="button" disabled=${busy} aria-busy=${busy}>
        ${busy ? "Reading it…" : "Connect"}
      </button>
    </div>
  </form>`;
}
