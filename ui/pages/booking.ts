/** `/bookings/:uid`: one booking for its host or its booker, in their own zone. Refreshes while an answer is awaited. */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { BookingJson } from "../../worker/wire.ts";
import { call, query } from "../api.ts";
import { clockRange, longDay, zoneLabel } from "../clock-format.ts";
import { useLoad, useRefresh } from "../load.ts";
import { safeHref } from "../meeting-type-form.ts";
import { BookingActions } from "../parts/booking-actions.ts";
import { Announce, ErrorNotice, focusHeading, Loading, PageTitle } from "../parts/notice.ts";
import { OtherZone } from "../parts/other-zone.ts";
import { Handle } from "../parts/person.ts";
import { RequireAccount } from "../parts/require-account.ts";
import { StatusBadge } from "../parts/status-badge.ts";
import { segment } from "../router.ts";
import type { PageProps } from "../page.ts";
import type { Account } from "../session.ts";
import { useViewerTime } from "../viewer-time.ts";

const ANNOUNCEMENTS: Readonly<Record<BookingJson["status"], string>> = {
  pending: "The booking waits for approval.",
  confirmed: "The booking is confirmed.",
  declined: "The booking was declined.",
  cancelled: "The booking is cancelled.",
  expired: "The request expired.",
};

export function BookingPage({ params, place }: PageProps) {
  return html`<${RequireAccount} title="Your booking" place=${place}>
    ${(account: Account) => html`<${BookingDetails} uid=${params["uid"] ?? ""} account=${account} />`}
  <//>`;
}

function BookingDetails({ uid, account }: { uid: string; account: Account }) {
  const path = `/api/bookings/${segment(uid)}`;
  const loaded = useLoad(path, () => call<{ booking: BookingJson }>("GET", path));
  const booking = loaded.value?.booking;
  const [changed, setChanged] = useState("");
  useRefresh(() => void loaded.reload(), booking?.status === "pending" ? 10 : 60);

  if (!booking) {
    const missing = loaded.failure?.status === 404 || loaded.failure?.status === 403;
    return html`<div class="page narrow">
      <${PageTitle} title=${missing ? "No such booking" : "Your booking"} />
      ${loaded.loading && html`<${Loading} label="Opening the booking" />`}
      ${loaded.failure && !missing && html`<${ErrorNotice} message=${loaded.failure.message} onRetry=${loaded.reload} />`}
      ${
        missing &&
        html`<p role="alert">
            A booking opens only for its host and its booker. You are signed in as${" "}
            <bdi>@${account.handle}</bdi>; if the booking was made with another account, sign in with that
            one.
          </p>
          <div class="actions">
            <a class="button button-primary" href="/dashboard">Go to your dashboard</a>
            <a class="button" href=${`/auth/login${query({ returnTo: `/bookings/${segment(uid)}` })}`}
              >Sign in as somebody else</a
            >
          </div>`
      }
    </div>`;
  }
  return html`<div class="page narrow">
    <p><a class="quiet-link back" href="/dashboard">Dashboard</a></p>
    <div class="title-row">
      <${PageTitle} title=${booking.meetingType.title} />
      <${StatusBadge} status=${booking.status} />
    </div>
    <${Announce} text=${changed || ANNOUNCEMENTS[booking.status]} />
    ${loaded.failure && html`<${ErrorNotice} message=${loaded.failure.message} onRetry=${loaded.reload} />`}
    ${booking.status === "pending" && html`<p class="muted">${waitingText(booking, account)}</p>`}
    <div class="card">
      <${Facts} booking=${booking} account=${account} />
      <div class="booking-foot">
        <${BookingActions}
          booking=${booking}
          did=${account.did}
          onChanged=${(next: BookingJson) => {
            loaded.replace({ booking: next });
            setChanged(ANNOUNCEMENTS[next.status]);
            focusHeading(() => document.querySelector<HTMLElement>("main h1"));
          }}
          onStale=${loaded.reload}
        />
        ${
          (booking.status === "pending" || booking.status === "confirmed") &&
          html`<a class="button" href=${`${path}.ics`} download>Add to calendar</a>`
        }
      </div>
    </div>
    ${
      booking.booker.did === account.did &&
      ["declined", "cancelled", "expired"].includes(booking.status) &&
      html`<p>
        <a class="button" href=${`/book/${segment(booking.host.did)}/${segment(booking.meetingType.rkey)}`}
          >Choose another time</a
        >
      </p>`
    }
  </div>`;
}

function waitingText(booking: BookingJson, account: Account): unknown {
  return booking.host.did === account.did
    ? "The time is held until you answer."
    : html`<bdi>@${booking.host.handle}</bdi> has not answered yet. The time is held for you.`;
}

function Facts({ booking, account }: { booking: BookingJson; account: Account }) {
  const { zone, hourCycle } = useViewerTime();
  const startAt = Date.parse(booking.start);
  const endAt = Date.parse(booking.end);
  const { location, note, email, reason } = booking;
  const you = (did: string) => did === account.did && html`<span class="muted"> (you)</span>`;
  const href = location?.kind === "link" ? safeHref(location.uri) : undefined;
  const place = location?.kind === "link" ? location.uri : location?.text;
  const isHost = booking.host.did === account.did;
  return html`<dl class="details">
    <dt>When</dt>
    <dd>
      <strong class="details-when">${longDay(startAt, zone)}</strong>
      <span class="details-when">${clockRange(startAt, endAt, zone, hourCycle)}</span>
      <span class="muted">${zoneLabel(zone, startAt)}</span>
      <${OtherZone} startAt=${startAt} endAt=${endAt} timeZone=${booking.timeZone}
        >${isHost ? "In the zone of your hours" : "For the host"}<//
      >
    </dd>
    <dt>Host</dt>
    <dd>
      <span><${Handle} person=${booking.host} />${you(booking.host.did)}</span>
    </dd>
    <dt>Booked by</dt>
    <dd>
      <span><${Handle} person=${booking.booker} />${you(booking.booker.did)}</span>
    </dd>
    ${
      place &&
      html`<dt>Where</dt>
        <dd>
          ${href ? html`<a href=${href} rel="noopener noreferrer nofollow" target="_blank">${place}</a>` : place}
        </dd>`
    }
    ${
      note &&
      html`<dt>Note</dt>
        <dd class="pre-line">${note}</dd>`
    }
    ${
      email &&
      html`<dt>E-mail</dt>
        <dd>${email}</dd>`
    }
    ${
      (booking.cancelledBy || reason) &&
      html`<dt>${booking.cancelledBy ? `Cancelled by the ${booking.cancelledBy}` : "Reason"}</dt>
        <dd class="pre-line">${reason ?? "No reason was given."}</dd>`
    }
  </dl>`;
}
