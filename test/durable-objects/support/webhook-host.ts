/** A host with webhooks, and the programs that get what is sent to them. */

import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import type { Booking } from "../../../scheduling/booking.ts";
import type { BookingJson } from "../../../worker/wire.ts";
import type { WebhookView } from "../../../durable-objects/webhooks/webhooks.ts";
import { booker, calendarOf, given, midnightIn } from "./booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork, serverOnTheNetwork } from "./host-on-the-network.ts";
import { live, stoppedClock } from "./time.ts";

const HOUR_MS = 60 * 60_000;

export interface ReceivedMessage {
  readonly id: string;
  readonly signature: string;
  readonly body: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly booking?: BookingJson };
  /** Epoch ms. */
  readonly at: number;
}

/** What a program answers; it throws what the network throws. */
type Answers = (message: ReceivedMessage) => number | Promise<number>;

export interface WebhookReceiver {
  /** Where it is, with something secret in it. */
  readonly url: string;
  readonly host: string;
  /** Of the webhook that calls it. */
  readonly id: string;
  /** Tries, in order. Each was signed with its key, as the library that receivers use sees it. */
  readonly received: ReceivedMessage[];
  readonly answers: (answers: Answers) => void;
  /** How its host sees it. */
  readonly seen: () => Promise<WebhookView>;
}

/** A program that takes everything until it is told otherwise; the host has it called from now on. */
export async function receiverOf(host: HostOnTheNetwork): Promise<WebhookReceiver> {
  const received: ReceivedMessage[] = [];
  let answers: Answers = () => 204;
  let key = "";
  const { origin } = serverOnTheNetwork(async (request) => {
    const body = await request.text();
    const headers = Object.fromEntries(request.headers);
    const { type, timestamp, data } = new Webhook(key).verify(body, headers) as ReceivedMessage;
    const { "webhook-id": id = "", "webhook-signature": signature = "" } = headers;
    const message = { id, signature, body, type, timestamp, data, at: Date.now() };
    received.push(message);
    return new Response(null, { status: await answers(message) });
  });
  const url = `${origin}/hooks?token=unguessable`;
  const { webhook, secret } = given(await calendarOf(host.did).addWebhook(url));
  key = secret;
  return {
    url,
    host: new URL(url).host,
    id: webhook.id,
    received,
    answers(next) {
      answers = next;
    },
    async seen() {
      const all = await calendarOf(host.did).listWebhooks();
      const one = all.find(({ id }) => id === webhook.id);
      if (!one) throw new Error("it is not there");
      return one;
    },
  };
}

/** A host with so many programs, whose bookers wait for an answer. */
export async function webhookHost(count = 1) {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  host.setMeetingType("intro", { approval: "manual" });
  const receivers: WebhookReceiver[] = [];
  for (let made = 0; made < count; made += 1) receivers.push(await receiverOf(host));
  const day = midnightIn(3);
  const by = (booking: Booking) => ({ uid: booking.uid, callerDid: host.did });
  return {
    clock,
    host,
    receivers,
    day,
    asks: async (hour: number, name = "ann"): Promise<Booking> =>
      given(await booker(host.did, name).asksFor(day + hour * HOUR_MS, { note: "about the bridge" })),
    confirms: async (booking: Booking) => given(await calendarOf(host.did).confirmBooking(by(booking))),
    cancels: async (booking: Booking) => given(await calendarOf(host.did).cancelBooking(by(booking))),
    /** Time goes on, and whatever is due is done. */
    settles: (ms = 1_000) => live(host.did, clock, ms),
    /** What of the outbox is owed to webhooks. */
    owed: async () => {
      const { effects, ...counts } = await env.HOST_CALENDAR.getByName(host.did).readOutbox();
      return { ...counts, effects: effects.filter(({ kind }) => kind === "call-webhook") };
    },
    /** What its host was told about webhooks in the app. */
    told: async () => {
      const { results } = await env.DB.prepare(
        "SELECT meeting_title FROM notifications WHERE recipient_did = ? AND kind = 'webhook.off'",
      )
        .bind(host.did)
        .all<{ meeting_title: string }>();
      return results.map(({ meeting_title }) => meeting_title);
    },
  };
}

/** The one that a test made first. */
export function first<Value>([value]: readonly Value[]): Value {
  if (value === undefined) throw new Error("there is none");
  return value;
}
