/** What is told to a host's webhooks: every decision about their bookings, owed with it. Call inside the transaction it belongs to. */

import type { Decision } from "../../scheduling/booking.ts";
import { bookingAsJson } from "../../scheduling/booking-json.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import type { Desk } from "../desk.ts";
import { oweAndRelay } from "../outbox-store.ts";
import { addDelivery, type Delivery, webhooksThatAreOn } from "./webhook-store.ts";

type Message = Pick<Delivery, "id" | "type" | "bookingUid" | "body">;

/** Owes a decision to each webhook that is on. */
export function tellWebhooks(desk: Desk, { booking, event }: Decision, now: number): void {
  const webhooks = webhooksThatAreOn(desk.sql);
  if (webhooks.length === 0) {
    return;
  }
  const type = `booking.${event}`;
  const data = { booking: bookingAsJson(booking, booking.host.did) };
  const message = {
    id: `${booking.uid}.${booking.sequence}.${event}`,
    type,
    bookingUid: booking.uid,
    body: JSON.stringify({ type, timestamp: rfc3339(now), data }),
  };
  for (const webhookId of webhooks) {
    oweMessage(desk, webhookId, message, now);
  }
}

/** Owes a message that says nothing, to try a webhook out. */
export function oweTest(desk: Desk, webhookId: string, now: number): void {
  const body = JSON.stringify({ type: "ping", timestamp: rfc3339(now), data: {} });
  oweMessage(desk, webhookId, { id: `ping.${crypto.randomUUID()}`, type: "ping", bookingUid: "", body }, now);
}

/** Owes what is written down as waiting. */
export function oweDelivery(
  desk: Desk,
  { webhookId, id, bookingUid }: Pick<Delivery, "webhookId" | "id" | "bookingUid">,
  now: number,
): void {
  const effect = {
    id: `${webhookId}/${id}`,
    kind: "call-webhook",
    webhookId,
    messageId: id,
    bookingUid,
  } as const;
  oweAndRelay(desk, [effect], now);
}

function oweMessage(desk: Desk, webhookId: string, message: Message, now: number): void {
  addDelivery(desk.sql, { ...message, webhookId });
  oweDelivery(desk, { ...message, webhookId }, now);
}
