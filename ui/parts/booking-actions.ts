/** What host and booker may do with a booking, and the question asked before it is done. Decides nothing: the worker does. */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { BookingJson } from "../../worker/wire.ts";
import { call, type Failure } from "../api.ts";
import type { LinkedAction } from "../booking-link.ts";
import { isStanding } from "../booking-standing.ts";
import { segment } from "../router.ts";
import { forgetSession } from "../session.ts";
import { ConfirmDialog } from "./confirm-dialog.ts";

interface BookingActionsProps {
  booking: BookingJson;
  /** The signed-in person's DID. */
  did: string;
  /** Gets the booking as the worker answered it. */
  onChanged: (booking: BookingJson) => void;
  /** Asks for the booking again: somebody else changed it first. */
  onStale: () => void;
  /** In lists, the way to cancel or move it is the booking's own page. */
  compact?: boolean;
  /** What a link in a mail wants done: its question is asked, its button gets the focus. */
  linked?: { readonly action: LinkedAction } | undefined;
}

export function BookingActions(props: BookingActionsProps) {
  const { booking, did, onChanged, onStale, compact = false, linked } = props;
  const [asking, setAsking] = useState<"decline" | "cancel" | undefined>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const approveButton = useRef<HTMLButtonElement>(null);
  const isHost = did === booking.host.did;
  const other = isHost ? booking.booker.handle : booking.host.handle;
  const isPending = booking.status === "pending";
  const stands = isStanding(booking, Date.now());
  const mayDecide = stands && isPending && isHost;

  const act = async (
    action: "confirm" | "decline" | "cancel",
    reason?: string,
  ): Promise<Failure | undefined> => {
    const path = `/api/bookings/${segment(booking.uid)}/${action}`;
    const answer = await call<{ booking: BookingJson }>("POST", path, reason === undefined ? {} : { reason });
    if (answer.ok) {
      onChanged(answer.value.booking);
      return undefined;
    }
    if (answer.failure.error === "WrongStatus") onStale();
    // Signed out in another tab: the page asks to sign in, and comes back here.
    if (answer.failure.status === 401) forgetSession();
    return answer.failure;
  };
  const approve = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(await act("confirm"));
    setBusy(false);
  };

  useEffect(() => {
    const action = linked?.action;
    if (action === "cancel" || action === "decline") setAsking(action);
    if (action !== "answer") return;
    approveButton.current?.scrollIntoView({ block: "center" });
    approveButton.current?.focus({ preventScroll: true });
  }, [linked]);

  if (!stands) return null;
  return html`<div>
    <div class="actions">
      ${
        mayDecide &&
        html`<button
            ref=${approveButton}
            type="button"
            class="button button-primary"
            disabled=${busy}
            aria-busy=${busy}
            onClick=${approve}
          >
            Approve
          </button>
          <button type="button" class="button" disabled=${busy} onClick=${() => setAsking("decline")}>
            Decline
          </button>`
      }
      ${
        !compact &&
        html`<a class="button" href=${`/bookings/${segment(booking.uid)}?move=1`}>Move booking</a>`
      }
      ${
        !compact &&
        !mayDecide &&
        html`<button type="button" class="button" onClick=${() => setAsking("cancel")}>
          Cancel booking
        </button>`
      }
    </div>
    ${failure && html`<p class="field-error" role="alert">${failure.message}</p>`}
    ${
      asking === "decline" &&
      html`<${ConfirmDialog}
        title="Decline this request?"
        confirmLabel="Decline request"
        keepLabel="Go back"
        reasonLabel="Reason (optional)"
        onConfirm=${(reason: string | undefined) => act("decline", reason)}
        onClose=${() => setAsking(undefined)}
      >
        <p>
          <bdi>@${other}</bdi> will be told, together with the reason you give. The time becomes free again.
        </p>
      <//>`
    }
    ${
      asking === "cancel" &&
      html`<${ConfirmDialog}
        title="Cancel this booking?"
        confirmLabel="Yes, cancel it"
        keepLabel="Keep the booking"
        reasonLabel="Reason (optional)"
        onConfirm=${(reason: string | undefined) => act("cancel", reason)}
        onClose=${() => setAsking(undefined)}
      >
        <p><bdi>@${other}</bdi> will be told, together with the reason you give. This cannot be undone.</p>
      <//>`
    }
  </div>`;
}
