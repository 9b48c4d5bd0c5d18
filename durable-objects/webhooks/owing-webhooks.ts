/** What is told to a host's webhooks: every decision about their bookings, owed with it. Call inside the transaction it belongs to. */

import { createHash } from "node:crypto";
import type { Decision } from "../../scheduling/booking.ts";
import { bookingAsJson } from "../../scheduling/booking-json.ts";
import type { Effect } from "../../scheduling/effect.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import type { Desk } from "../desk.ts";
import { disown, oweAndRelay, oweNow } from "../outbox-store.ts";
import {
  addDelivery,
  deleteWebhook,
  type Delivery,
  saveDelivery,
  turnOff,
  waitingTest,
  webhooksThatAreOn,
} from "./webhook-store.ts";

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
    id: messageId(`${booking.uid}/${booking.sequence}/${event}`),
    type,
    bookingUid: booking.uid,
    body: JSON.stringify({ type, timestamp: rfc3339(now), data }),
  };
  for (const webhookId of webhooks) {
    oweMessage(desk, webhookId, message, now);
  }
}

/** Owes a message that says nothing, to try a webhook out. Where one waits already, that one is tried now: there are never two. */
export function oweTest(desk: Desk, webhookId: string, now: number): void {
  const waiting = waitingTest(desk.sql, webhookId);
  if (waiting !== undefined) {
    oweAgain(desk, waiting, now);
    return;
  }
  const body = JSON.stringify({ type: "ping", timestamp: rfc3339(now), data: {} });
  oweMessage(
    desk,
    webhookId,
    { id: messageId(crypto.randomUUID()), type: "ping", bookingUid: "", body },
    now,
  );
}

/** Owes what was sent before, or waits, with as many tries as a new message has. */
export function oweAgain(desk: Desk, delivery: Delivery, now: number): void {
  saveDelivery(desk.sql, { ...delivery, state: "waiting", attempts: 0 });
  oweNow(desk, callOf(delivery), now);
}

/** Turns one off, and owes it nothing any more. */
export function stopCalling({ sql }: Desk, webhookId: string): void {
  turnOff(sql, webhookId);
  disown(sql, "webhook", effectId(webhookId, ""));
}

/** Forgets one, what was sent to it and what it is owed. */
export function forgetWebhook({ sql }: Desk, webhookId: string): void {
  deleteWebhook(sql, webhookId);
  disown(sql, "webhook", effectId(webhookId, ""));
}

function oweMessage(desk: Desk, webhookId: string, message: Message, now: number): void {
  addDelivery(desk.sql, { ...message, webhookId });
  oweAndRelay(desk, [callOf({ ...message, webhookId })], now);
}

function callOf({ webhookId, id, bookingUid }: Pick<Delivery, "webhookId" | "id" | "bookingUid">): Effect {
  return { id: effectId(webhookId, id), kind: "call-webhook", webhookId, messageId: id, bookingUid };
}

/** Never with the address in it, since the operator sees it. */
function effectId(webhookId: string, id: string): string {
  return `${webhookId}/${id}`;
}

/** Always the same for the same decision. Without full stops, as the specification wants it: they part what is signed. */
function messageId(of: string): string {
  return `msg_${createHash("sha256").update(of).digest("hex").slice(0, 32)}`;
}
