/** What was sent to one webhook, the newest first, each with what became of it and a way to send it again. */

import { html } from "htm/preact";
import type { WebhookDeliveryJson } from "../../worker/messages-wire.ts";
import { clockTime, listDay } from "../clock-format.ts";
import { segment } from "../router.ts";
import { useViewerTime } from "../viewer-time.ts";
import { deliveryName, deliverySentence } from "../webhook-standing.ts";

interface WebhookDeliveriesProps {
  id: string;
  deliveries: readonly WebhookDeliveryJson[];
  /** Something is being asked for already. */
  busy: boolean;
  onReplay: (delivery: WebhookDeliveryJson) => void;
}

export function WebhookDeliveries({ id, deliveries, busy, onReplay }: WebhookDeliveriesProps) {
  const { zone, hourCycle } = useViewerTime();
  const now = Date.now();
  const whenOf = (at: string): string =>
    `${listDay(Date.parse(at), zone, now)}, ${clockTime(Date.parse(at), zone, hourCycle)}`;
  return html`<ul class="record-list" id=${id}>
    ${deliveries.map((each) => {
      const { at, bookingUid, state } = each;
      const name = deliveryName(each);
      return html`<li key=${each.id} class="record">
        <div>
          <span class="record-name">
            ${bookingUid === undefined ? name : html`<a href=${`/bookings/${segment(bookingUid)}`}>${name}</a>`}
          </span>
          <span class=${state === "failed" ? "field-error" : "muted"}>${deliverySentence(each)}</span>
          ${at !== undefined && html`<span class="hint">${whenOf(at)}</span>`}
        </div>
        ${
          state !== "waiting" &&
          html`<button
            type="button"
            class="button button-small"
            aria-label=${`Send again: ${name}${at === undefined ? "" : `, ${whenOf(at)}`}`}
            disabled=${busy}
            onClick=${() => onReplay(each)}
          >
            Send again
          </button>`
        }
      </li>`;
    })}
  </ul>`;
}
