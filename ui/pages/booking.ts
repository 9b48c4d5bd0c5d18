/** `/bookings/:uid`: one booking for its host or its booker, and with `?move=1` the choice of another time. Refreshes while an answer is awaited. */

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { BookingJson } from "../../worker/wire.ts";
import { call, query } from "../api.ts";
import { linkedAction, type LinkedAction } from "../booking-link.ts";
import { deadlineSentence, expirySentence, unseenSentence } from "../booking-sentence.ts";
import { sideOf } from "../booking-standing.ts";
import { useChunk } from "../chunk.ts";
import { useLoad, useRefresh } from "../load.ts";
import { BlockPerson } from "../parts/block-person.ts";
import { BookingActions } from "../parts/booking-actions.ts";
import { BookingFacts } from "../parts/booking-facts.ts";
import { Announce, ErrorNotice, focusHeading, Loading, Notice, PageTitle } from "../parts/notice.ts";
import { RequireAccount } from "../parts/require-account.ts";
import { StatusBadge } from "../parts/status-badge.ts";
import { navigate, segment, type Place } from "../router.ts";
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
    ${(account: Account) =>
      html`<${BookingDetails} uid=${params["uid"] ?? ""} account=${account} place=${place} />`}
  <//>`;
}

interface BookingDetailsProps {
  uid: string;
  account: Account;
  place: Place;
}

/** The month of times is not needed by those who only look at a booking. */
const loadMove = () => import("../parts/move-booking.ts").then((module) => module.MoveBooking);

function BookingDetails({ uid, account, place }: BookingDetailsProps) {
  const path = `/api/bookings/${segment(uid)}`;
  const loaded = useLoad(path, () => call<{ booking: BookingJson }>("GET", path));
  const booking = loaded.value?.booking;
  const [changed, setChanged] = useState("");
  useRefresh(() => void loaded.reload(), booking?.status === "pending" ? 10 : 60);
  const step = new URLSearchParams(place.search);
  const isMoving = step.has("move");
  const move = useChunk(loadMove, isMoving);
  const [linked, setLinked] = useState<{ action: LinkedAction } | undefined>();
  const isKnown = booking !== undefined;
  useEffect(() => {
    if (!booking || place.hash === "") return;
    const action = linkedAction(place.hash, booking, account.did, Date.now());
    if (action === undefined) return;
    if (action !== "move") setLinked({ action });
    // Done once: neither a reload nor the way back asks again.
    navigate(action === "move" ? `${place.pathname}?move=1` : place.pathname + place.search, {
      replace: true,
    });
  }, [isKnown, place.hash]);

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
            <a
              class="button"
              href=${`/auth/login${query({ returnTo: `/bookings/${segment(uid)}${place.hash}` })}`}
              >Sign in as somebody else</a
            >
          </div>`
      }
    </div>`;
  }
  if (isMoving && !move.hasFailed) {
    if (!move.part) return html`<${Loading} label="Opening the times" />`;
    return html`<${move.part}
      booking=${booking}
      did=${account.did}
      onMoved=${(next: BookingJson) => {
        loaded.replace({ booking: next });
        navigate(`${place.pathname}?moved=1`, { replace: true });
      }}
      onStale=${loaded.reload}
    />`;
  }
  const isHost = sideOf(booking, account.did) === "host";
  const other = isHost ? booking.booker : booking.host;
  return html`<div class="page narrow">
    <p><a class="quiet-link back" href="/dashboard">Dashboard</a></p>
    <div class="title-row">
      <${PageTitle} title=${booking.meetingType.title} />
      <${StatusBadge} status=${booking.status} />
    </div>
    <${Announce} text=${changed || ANNOUNCEMENTS[booking.status]} />
    ${loaded.failure && html`<${ErrorNotice} message=${loaded.failure.message} onRetry=${loaded.reload} />`}
    ${move.hasFailed && html`<${ErrorNotice} message="The times did not open." onRetry=${() => location.reload()} />`}
    ${
      step.has("moved") &&
      booking.rescheduledBy !== undefined &&
      html`<${Notice} tone="good">
        <p><strong>The booking is moved.</strong> <bdi>@${other.handle}</bdi> is told.</p>
      <//>`
    }
    <${Waiting} booking=${booking} account=${account} />
    <${Unseen} booking=${booking} account=${account} />
    <div class="card">
      <${BookingFacts} booking=${booking} did=${account.did} />
      <div class="booking-foot">
        <${BookingActions}
          booking=${booking}
          did=${account.did}
          linked=${linked}
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
      !isHost &&
      ["declined", "cancelled", "expired"].includes(booking.status) &&
      html`<p>
        <a class="button" href=${`/book/${segment(booking.host.did)}/${segment(booking.meetingType.rkey)}`}
          >Choose another time</a
        >
      </p>`
    }
    ${isHost && html`<${BlockPerson} person=${booking.booker} />`}
  </div>`;
}

interface WaitingProps {
  booking: BookingJson;
  account: Account;
}

/** Whose answer it waits for, and until when; or that nobody gave one. */
function Waiting({ booking, account }: WaitingProps) {
  const { zone, hourCycle } = useViewerTime();
  const side = sideOf(booking, account.did);
  const expired = expirySentence(booking.status, side);
  if (expired !== undefined) return html`<p class="muted">${expired}</p>`;
  if (booking.status !== "pending") return null;
  const deadline = deadlineSentence(booking, side, { zone, hourCycle, now: Date.now() });
  if (side === "host") {
    return html`<p class="muted">
      ${deadline === undefined ? "The time is held until you answer." : `${deadline} The time is held meanwhile.`}
    </p>`;
  }
  return html`<p class="muted">
    <bdi>@${booking.host.handle}</bdi> has not answered yet. The time is held for you. ${deadline}
  </p>`;
}

/** That the host's calendars were silent when the time was given: loud while they still decide. */
function Unseen({ booking, account }: WaitingProps) {
  const { zone, hourCycle } = useViewerTime();
  const side = sideOf(booking, account.did);
  const sentence = unseenSentence(booking, side, { zone, hourCycle, now: Date.now() });
  if (sentence === undefined) return null;
  return booking.status === "pending"
    ? html`<${Notice} tone="warn"><p>${sentence}</p><//>`
    : html`<p class="muted">${sentence}</p>`;
}
