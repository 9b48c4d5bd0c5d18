/** The chosen time, a note, an e-mail address, and the button that asks for it. Sends nothing itself. */

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import type { HostJson, MeetingTypeJson } from "../../worker/wire.ts";
import { mayRepeat, type Failure } from "../api.ts";
import type { BookingAttempt } from "../booking-attempt.ts";
import type { BookingDraft } from "../booking-draft.ts";
import { clockRange, longDay, zoneLabel } from "../clock-format.ts";
import { askSession, useSession } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";
import { TextField } from "./field.ts";
import { HoldNotice } from "./hold-notice.ts";
import { ErrorNotice, focusHeading, Loading, Notice } from "./notice.ts";
import { OtherZone } from "./other-zone.ts";
import { RequestEmail } from "./request-email.ts";
import { SignInForm } from "./sign-in-form.ts";

interface RequestFormProps {
  draft: BookingDraft;
  host: HostJson;
  meetingType: MeetingTypeJson;
  returnTo: string;
  attempt: BookingAttempt;
  /** Somebody else has the time now, as far as is known. */
  isGone: boolean;
}

export function RequestForm(props: RequestFormProps) {
  const { draft, host, meetingType, returnTo, attempt, isGone } = props;
  const { sending, failure, hold } = attempt;
  const { zone, hourCycle } = useViewerTime();
  const session = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  const startAt = Date.parse(draft.start);
  const endAt = Date.parse(draft.end);
  const isOwn = session.state === "in" && session.account.did === host.did;
  // What was sent must be repeated as it was until it is answered.
  const locked = sending || draft.sent;

  useEffect(() => heading.current?.focus(), []);

  const submit = (event: Event): void => {
    event.preventDefault();
    if (session.state === "in" && !isOwn && !sending) attempt.send();
  };
  const submitLabel = (): string => {
    if (sending) return "Sending…";
    if (failure && mayRepeat(failure)) return "Try again";
    if (isGone) return "Ask for it all the same";
    return meetingType.approval === "automatic" ? "Book this time" : "Request this time";
  };

  return html`<div class="request">
    <button type="button" class="link-button back" disabled=${sending} onClick=${attempt.back}>
      Choose another time
    </button>
    <h2 ref=${heading} tabindex="-1" class="chosen-time">
      <span>${longDay(startAt, zone)}</span>
      <span>${clockRange(startAt, endAt, zone, hourCycle)}</span>
    </h2>
    <p class="muted chosen-zone">
      <span>${zoneLabel(zone, startAt)}</span>
      <${OtherZone} startAt=${startAt} endAt=${endAt} timeZone=${meetingType.timeZone}
        >For <bdi>${host.displayName || `@${host.handle}`}</bdi><//
      >
    </p>
    ${
      isGone
        ? html`<${Notice} tone="warn">
            <p>This time is no longer free. You can choose another one: what you wrote stays.</p>
            <button type="button" class="button button-small button-primary" onClick=${attempt.back}>
              See other times
            </button>
          <//>`
        : html`<${HoldNotice}
            hold=${hold}
            onAgain=${() => {
              attempt.holdAgain();
              focusHeading(() => heading.current);
            }}
          />`
    }
    <form id="request-form" onSubmit=${submit}>
      <${TextField}
        id="request-note"
        label="Note (optional)"
        hint="Anything that helps to prepare. Only you and the host can read it."
        multiline
        maxLength=${2000}
        disabled=${locked}
        value=${draft.note}
        onValue=${(note: string) => attempt.edit({ note })}
      />
      <${RequestEmail}
        did=${session.state === "in" ? session.account.did : undefined}
        disabled=${locked}
        value=${draft.email}
        onValue=${(email: string) => attempt.edit({ email })}
      />
    </form>
    ${
      failure &&
      html`<${ErrorNotice} message=${failureText(failure)}>
        ${failure.error === "RequestIdReused" && html`<p><a href="/dashboard">See your bookings</a></p>`}
      <//>`
    }
    ${session.state === "asking" && html`<${Loading} label="Checking who is signed in" />`}
    ${session.state === "unknown" && html`<${ErrorNotice} message=${session.failure.message} onRetry=${askSession} />`}
    ${
      session.state === "in" &&
      (isOwn
        ? html`<p class="own-page">
            This is your own calendar, so there is nobody to ask. Share the link with others instead.
          </p>`
        : html`<p class="muted">Booking as <bdi>@${session.account.handle}</bdi></p>
            <button
              type="submit"
              form="request-form"
              class=${isGone ? "button" : "button button-primary"}
              disabled=${sending}
              aria-busy=${sending}
            >
              ${submitLabel()}
            </button>`)
    }
    ${
      session.state === "out" &&
      html`<div class="sign-in-inline">
        <p>
          <strong>One step left: say who you are.</strong> You sign in where your account lives and come
          straight back to this time. Your password is never typed here.
        </p>
        <${SignInForm}
          returnTo=${returnTo}
          submitLabel="Sign in and continue"
          onLeave=${() => attempt.edit({})}
        />
        <p class="hint">
          Any account on the AT Protocol will do. None yet?${" "}<a
            href="https://bsky.app"
            target="_blank"
            rel="noopener"
            >Make one at Bluesky</a
          >${" "}(opens in a new tab); your choice stays here meanwhile.
        </p>
      </div>`
    }
  </div>`;
}

function failureText(failure: Failure): string {
  if (failure.status === 401)
    return "You have been signed out meanwhile. Sign in again: your choice is kept.";
  if (!mayRepeat(failure)) return failure.message;
  return `We have not heard back yet, so nothing is certain. Your request is kept here: trying again never books twice. (${failure.message})`;
}
