/** The fields of what opens a calendar: a link, or a CalDAV server with a user name and a password. Holds no value. */

import { html } from "htm/preact";
import { CALDAV_SERVERS, type AccessDraft, type AccessErrors, type TypedKind } from "../calendar-access.ts";
import { TextField } from "./field.ts";

interface AccessFieldsProps {
  /** Begins the ids, which are `<id>-url` and so on. */
  id: string;
  kind: TypedKind;
  draft: AccessDraft;
  errors: AccessErrors;
  onChange: (change: Partial<AccessDraft>) => void;
}

/** Neither the browser's words nor its habits belong into an address or a name of an account. */
const PLAIN = { autocomplete: "off", autocapitalize: "none", spellcheck: false };

export function AccessFields({ id, kind, draft, errors, onChange }: AccessFieldsProps) {
  if (kind === "feed") {
    return html`<${TextField}
      id=${`${id}-url`}
      label="Link to an .ics file"
      hint="The secret or private link that your calendar program offers, with https: or webcal:. It is kept sealed and never shown again."
      placeholder="https://…/basic.ics"
      inputmode="url"
      ...${PLAIN}
      value=${draft.url}
      error=${errors.url}
      onValue=${(url: string) => onChange({ url })}
    />`;
  }
  return html`<div class="server-field">
      <${TextField}
        id=${`${id}-url`}
        label="Server"
        hint="Its CalDAV address, or only its name."
        placeholder="https://cloud.example.org/remote.php/dav"
        inputmode="url"
        ...${PLAIN}
        value=${draft.url}
        error=${errors.url}
        onValue=${(url: string) => onChange({ url })}
      />
      <div class="presets" role="group" aria-label="Well-known servers">
        ${CALDAV_SERVERS.map(
          ({ name, url }) =>
            html`<button
              key=${name}
              type="button"
              class="chip-button"
              aria-pressed=${draft.url.trim() === url}
              onClick=${() => onChange({ url })}
            >
              ${name}
            </button>`,
        )}
      </div>
    </div>
    <div class="field-row">
      <${TextField}
        id=${`${id}-username`}
        label="User name"
        hint="Often your e-mail address."
        ...${PLAIN}
        value=${draft.username}
        error=${errors.username}
        onValue=${(username: string) => onChange({ username })}
      />
      <${TextField}
        id=${`${id}-password`}
        label="App password"
        type="password"
        autocomplete="new-password"
        hint="Made in the settings of your account, for this one use."
        value=${draft.password}
        error=${errors.password}
        onValue=${(password: string) => onChange({ password })}
      />
    </div>
    <p class="hint">
      iCloud needs an app-specific password, from account.apple.com. Such a password often opens the whole
      account and not only its calendars. We keep it sealed, use it for calendars only, and never show it
      again; you can revoke it there at any time.
    </p>
    ${errors.whole && html`<p class="field-error" role="alert">${errors.whole}</p>`}`;
}
