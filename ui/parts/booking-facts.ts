/** Everything both sides may know about a booking, in the reader's zone. Changes nothing. */

import { html } from "htm/preact";
import type { BookingJson } from "../../worker/wire.ts";
import { movedSentence } from "../booking-sentence.ts";
import { sideOf } from "../booking-standing.ts";
import { clockRange, longDay, zoneLabel } from "../clock-format.ts";
import { safeHref } from "../safe-href.ts";
import { useViewerTime } from "../viewer-time.ts";
import { OtherZone } from "./other-zone.ts";
import { Handle } from "./person.ts";

interface BookingFactsProps {
  booking: BookingJson;
  /** Of the reader. */
  did: string;
}

export function BookingFacts({ booking, did }: BookingFactsProps) {
  const { zone, hourCycle } = useViewerTime();
  const startAt = Date.parse(booking.start);
  const endAt = Date.parse(booking.end);
  const { location, note, email, reason } = booking;
  const you = (other: string) => other === did && html`<span class="muted"> (you)</span>`;
  const href = location?.kind === "link" ? safeHref(location.uri) : undefined;
  const place = location?.kind === "link" ? location.uri : location?.text;
  const side = sideOf(booking, did);
  const moved = movedSentence(booking, side, { zone, hourCycle, now: Date.now() });
  return html`<dl class="details">
    <dt>When</dt>
    <dd>
      <strong class="details-when">${longDay(startAt, zone)}</strong>
      <span class="details-when">${clockRange(startAt, endAt, zone, hourCycle)}</span>
      <span class="muted">${zoneLabel(zone, startAt)}</span>
      <${OtherZone} startAt=${startAt} endAt=${endAt} timeZone=${booking.timeZone}
        >${side === "host" ? "In the zone of your hours" : "For the host"}<//
      >
      ${moved && html`<span class="details-moved">${moved}</span>`}
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
