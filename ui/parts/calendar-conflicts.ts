/** A host's confirmed bookings that something in their own calendars was put upon. Nothing where there are none, or they cannot be asked for. */

import { html } from "htm/preact";
import type { ConflictListJson } from "../../worker/wire.ts";
import { call } from "../api.ts";
import { useLoad, useRefresh } from "../load.ts";
import type { Account } from "../session.ts";
import { BookingRow } from "./booking-row.ts";

export function CalendarConflicts({ account }: { account: Account }) {
  const list = useLoad(account.did, () => call<ConflictListJson>("GET", "/api/calendar/conflicts"));
  useRefresh(() => void list.reload(), 30);
  const bookings = list.value?.bookings ?? [];
  if (bookings.length === 0) return null;
  return html`<section class="list-section" aria-labelledby="conflicts-heading">
    <h2 id="conflicts-heading">Clashes with your calendars <span class="count">${bookings.length}</span></h2>
    <p class="muted">
      Something in your calendars now lies upon these meetings. They still stand: open one to move or cancel
      it.
    </p>
    <ul class="booking-list">
      ${bookings.map((each) => html`<${BookingRow} key=${each.uid} booking=${each} did=${account.did} />`)}
    </ul>
  </section>`;
}
