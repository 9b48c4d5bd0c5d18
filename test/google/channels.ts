/** Push channels: who watches what, and the notifications they get, without bodies and without a promise to arrive. */

import { createHash } from "node:crypto";
import { z } from "zod";
import type { calendar_v3 } from "@googleapis/calendar";
import { invalidParameter, missingParameter, refusal } from "./errors.ts";
import { parseBody } from "./parse-body.ts";
import { DAY } from "./times.ts";
import type { ApiCall } from "./api-call.ts";
import type { Delivery, PushChannel, State } from "./state.ts";

/** Longer is not given, whatever is asked for. */
const LONGEST = 7 * DAY;
/** Changes that follow each other this fast are one notification. */
const GATHER_MS = 20;
const RETRIED: readonly (number | undefined)[] = [500, 502, 503, 504, undefined];
const RETRY_AFTER_MS = [50, 100, 200];

const WatchBody = z.object({
  id: z.string().nullish(),
  type: z.string().nullish(),
  address: z.string().nullish(),
  token: z.string().max(256).nullish(),
  expiration: z.union([z.string().regex(/^\d+$/), z.number()]).nullish(),
  params: z.record(z.string(), z.string()).nullish(),
});
const StopBody = z.object({ id: z.string().nullish(), resourceId: z.string().nullish() });

/**
 * Opens a channel; its first message is `sync`.
 * @param resource below `/calendar/v3`, with a slash in front
 */
export function openChannel(
  { state, caller, body }: ApiCall,
  watched: PushChannel["watched"],
  resource: string,
): calendar_v3.Schema$Channel {
  const asked = parseBody(WatchBody, body);
  const id = asked.id ?? "";
  if (id === "") throw missingParameter("id", "Required");
  if (!/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id)) {
    throw refusal(
      400,
      "channelIdInvalid",
      "Channel id must match [A-Za-z0-9\\-_\\+/=]+, 64 characters at most",
    );
  }
  if (asked.type !== "web_hook" && asked.type !== "webhook") {
    throw refusal(400, "channelUnknown", "Unknown channel type");
  }
  const address = checkedAddress(asked.address ?? "");
  if (state.channels.has(id)) throw refusal(400, "channelIdNotUnique", `Channel id ${id} not unique`);
  const now = state.now();
  const wanted = asked.expiration ?? now + Number(asked.params?.["ttl"] ?? LONGEST / 1000) * 1000;
  const expiresAt = Math.min(Number(wanted), now + LONGEST);
  if (!(expiresAt > now)) throw invalidParameter("expiration");
  const channel: PushChannel = {
    id,
    resourceId: createHash("sha256").update(`${caller.email} ${resource}`).digest("base64url").slice(0, 27),
    resourceUri: `${state.url}/calendar/v3${resource}?alt=json`,
    address,
    ...(typeof asked.token === "string" ? { token: asked.token } : {}),
    expiresAt,
    grant: caller.grant,
    watched,
    messages: 0,
    isTold: false,
  };
  state.channels.set(id, channel);
  notify(state, channel, "sync", 0);
  return {
    kind: "api#channel",
    id,
    resourceId: channel.resourceId,
    resourceUri: channel.resourceUri,
    ...(channel.token === undefined ? {} : { token: channel.token }),
    expiration: String(expiresAt),
  };
}

/** Only by the client and the person that opened it. */
export function stopChannel({ state, caller, body }: ApiCall): void {
  const { id, resourceId } = parseBody(StopBody, body);
  if (typeof id !== "string") throw missingParameter("id", "Required");
  if (typeof resourceId !== "string") throw missingParameter("resourceId", "Required");
  const channel = state.channels.get(id);
  const isTheirs =
    channel?.resourceId === resourceId &&
    channel.grant.clientId === caller.clientId &&
    channel.grant.email === caller.email &&
    channel.expiresAt > state.now();
  if (!isTheirs) throw refusal(404, "notFound", `Channel '${id}' not found for project '${caller.clientId}'`);
  state.channels.delete(id);
}

/** Tells every live channel that what it watches has changed. */
export function tellWatchers(state: State, watched: PushChannel["watched"]): void {
  for (const channel of state.channels.values()) {
    if (JSON.stringify(channel.watched) !== JSON.stringify(watched) || channel.isTold) continue;
    channel.isTold = true;
    notify(state, channel, "exists", GATHER_MS);
  }
}

/** Loopback may be without TLS here; Google would refuse it. */
function checkedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url?.protocol !== "https:" && !(url?.protocol === "http:" && isLoopback)) {
    throw refusal(400, "push.webhookUrlNotHttps", `WebHook callback must be HTTPS: ${text}`);
  }
  return text;
}

function notify(state: State, channel: PushChannel, kind: Delivery["state"], afterMs: number): void {
  const sending = (async () => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (kind === "exists") channel.isTold = false;
    if (!state.channels.has(channel.id) || channel.expiresAt <= state.now()) return;
    channel.messages += 1;
    const messageNumber = channel.messages;
    const told = { channelId: channel.id, state: kind, messageNumber };
    if (state.dropsNotifications) {
      state.deliveries.push({ ...told, outcome: "dropped" });
      return;
    }
    const status = await deliver(channel, kind, messageNumber);
    const isTaken = status !== undefined && status < 300;
    state.deliveries.push({
      ...told,
      ...(status === undefined ? {} : { status }),
      outcome: isTaken ? "delivered" : "failed",
    });
  })();
  state.sending.add(sending);
  void sending.finally(() => state.sending.delete(sending));
}

/** Tries again at 500, 502, 503, 504 and where nobody answers. The last status; undefined: nobody did. */
async function deliver(
  channel: PushChannel,
  kind: Delivery["state"],
  messageNumber: number,
): Promise<number | undefined> {
  const headers = {
    accept: "*/*",
    "content-type": "application/json; utf-8",
    "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
    "x-goog-channel-id": channel.id,
    "x-goog-channel-expiration": new Date(channel.expiresAt).toUTCString(),
    "x-goog-resource-state": kind,
    "x-goog-message-number": String(messageNumber),
    "x-goog-resource-id": channel.resourceId,
    "x-goog-resource-uri": channel.resourceUri,
    ...(channel.token === undefined ? {} : { "x-goog-channel-token": channel.token }),
  };
  let status: number | undefined;
  for (const waitMs of [0, ...RETRY_AFTER_MS]) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    status = await fetch(channel.address, {
      method: "POST",
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(5000),
    }).then(
      async (response) => {
        await response.body?.cancel();
        return response.status;
      },
      () => undefined,
    );
    if (!RETRIED.includes(status)) break;
  }
  return status;
}
