/** The question before a booking is moved: from when, to when, and what that means for both sides. */

import { html } from "htm/preact";
import type { BookingJson, MeetingTypeJson } from "../../worker/wire.ts";
import type { Failure } from "../api.ts";
import { moveSentence } from "../booking-sentence.ts";
import type { Side } from "../booking-standing.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";

interface MoveDialogProps {
  booking: BookingJson;
  /** Of whoever moves it. */
  side: Side;
  approval: MeetingTypeJson["approval"];
  from: string;
  to: string;
  /** Answers a failure to show, or undefined when there is nothing more to ask here. */
  onConfirm: () => Promise<Failure | undefined>;
  onClose: () => void;
}

export function MoveDialog({ booking, side, approval, from, to, onConfirm, onClose }: MoveDialogProps) {
  const other = side === "host" ? booking.booker : booking.host;
  return html`<${ConfirmDialog}
    title="Move this booking?"
    confirmLabel="Move it"
    keepLabel="Go back"
    isDanger=${false}
    onConfirm=${onConfirm}
    onClose=${onClose}
  >
    <dl class="move-times">
      <dt>From</dt>
      <dd>${from}</dd>
      <dt>To</dt>
      <dd><strong>${to}</strong></dd>
    </dl>
    <p>${moveSentence(booking.status, side, approval)} <bdi>@${other.handle}</bdi> will be told.</p>
    <p>The time it has now becomes free at once.</p>
  <//>`;
}
