/** A booking's status in one word. */

import { html } from "htm/preact";
import type { BookingJson } from "../../worker/wire.ts";

const WORDS: Readonly<Record<BookingJson["status"], string>> = {
  pending: "Waiting for approval",
  confirmed: "Confirmed",
  declined: "Declined",
  cancelled: "Cancelled",
  expired: "Expired",
};

export function StatusBadge({ status }: { status: BookingJson["status"] }) {
  return html`<span class=${`badge badge-${status}`}>${WORDS[status]}</span>`;
}
