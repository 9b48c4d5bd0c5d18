/** Connecting an account or a link: first which kind, then what opens it. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { ConnectionInput, ConnectionJson } from "../../worker/wire.ts";
import { useAccessForm } from "../access-form.ts";
import { call } from "../api.ts";
import type { TypedKind } from "../calendar-access.ts";
import { kindName, type ConnectionKind } from "../calendar-standing.ts";
import { CONNECTIONS } from "../connections.ts";
import { AccessFields } from "./access-fields.ts";
import { RadioCards, TextField } from "./field.ts";
import { GoogleButton } from "./google-button.ts";

const HINTS: Readonly<Record<ConnectionKind, string>> = {
  google: "You say yes at Google, and type no password here.",
  caldav: "iCloud, Fastmail, Nextcloud, mailbox.org and others.",
  feed: "An .ics address, as Outlook, Proton and most others offer. Read only.",
};

interface ConnectCalendarProps {
  offersGoogle: boolean;
  onConnected: (connection: ConnectionJson) => void;
}

export function ConnectCalendar({ offersGoogle, onConnected }: ConnectCalendarProps) {
  const [kind, setKind] = useState<ConnectionKind | undefined>();
  const kinds: ConnectionKind[] = offersGoogle ? ["google", "caldav", "feed"] : ["caldav", "feed"];
  return html`<div class="form-stack">
    <${RadioCards}
      legend="Connect a calendar"
      name="connection-kind"
      value=${kind ?? ""}
      choices=${kinds.map((each) => ({ value: each, label: kindName(each), hint: HINTS[each] }))}
      onValue=${(value: string) => setKind(kinds.find((each) => each === value))}
    />
    ${
      kind === "google" &&
      html`<p class="muted">
          Google asks whether we may see the list of your calendars and when you are busy. Nothing else is
          read, and nothing is written unless you allow it later.
        </p>
        <${GoogleButton} consent=${{}} label="Continue to Google" />`
    }
    ${
      (kind === "caldav" || kind === "feed") &&
      html`<${ConnectForm}
        key=${kind}
        kind=${kind}
        onConnected=${(connection: ConnectionJson) => {
          setKind(undefined);
          onConnected(connection);
        }}
      />`
    }
  </div>`;
}

interface ConnectFormProps {
  kind: TypedKind;
  onConnected: (connection: ConnectionJson) => void;
}

function ConnectForm({ kind, onConnected }: ConnectFormProps) {
  const form = useAccessForm("calendar", kind);
  const [label, setLabel] = useState("");
  const [labelError, setLabelError] = useState<string | undefined>();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = label.trim();
    if (name === "") {
      setLabelError("Give it a name, such as Work.");
      document.getElementById("calendar-label")?.focus();
      return;
    }
    const answer = await form.submit((access) => {
      const input: ConnectionInput = { ...access, label: name };
      return call<{ connection: ConnectionJson }>("POST", CONNECTIONS, input);
    });
    if (answer) onConnected(answer.connection);
  };

  return html`<form class="form-stack" novalidate onSubmit=${submit}>
    <${TextField}
      id="calendar-label"
      label="Name"
      placeholder=${kind === "feed" ? "Work" : "iCloud"}
      autocomplete="off"
      maxLength=${60}
      value=${label}
      error=${labelError}
      onValue=${(value: string) => {
        setLabel(value);
        setLabelError(undefined);
      }}
    />
    <${AccessFields}
      id="calendar"
      kind=${kind}
      draft=${form.draft}
      errors=${form.errors}
      onChange=${form.change}
    />
    <div class="actions">
      <button type="submit" class="button button-primary" disabled=${form.busy} aria-busy=${form.busy}>
        ${form.busy ? "Reading it…" : "Connect"}
      </button>
    </div>
  </form>`;
}
