/** Being told when a calendar changes: Google's notification channels. They are unreliable, so calendars are read without them too. */

import * as z from "zod/mini";
import type { Access, SourceFailure, SourceSettings, WriteAnswer } from "../source.ts";
import { withGoogle } from "./google-account.ts";
import { Nothing } from "./google-call.ts";

const MAX_ID_LENGTH = 64;
const MAX_TOKEN_LENGTH = 256;
const MAX_RESOURCE_ID_LENGTH = 512;

const ChannelAnswer = z.object({
  resourceId: z.string().check(z.minLength(1), z.maxLength(MAX_RESOURCE_ID_LENGTH)),
  /** Epoch ms; an int64, which Google spells as text. */
  expiration: z.union([z.string().check(z.regex(/^\d{1,15}$/)), z.number().check(z.int(), z.positive())]),
});

/** A channel as its maker names it: it cannot be extended, so each one is new. */
export interface NewChannel {
  /** At most 64 of `A-Za-z0-9_+/=-`. */
  readonly id: string;
  /** A secret that comes back with every notification, at most 256 characters. */
  readonly token: string;
  /** https, with a certificate that Google trusts. */
  readonly address: string;
}

export type WatchAnswer =
  | {
      readonly kind: "watching";
      readonly resourceId: string;
      /** Epoch ms, as Google says it. */
      readonly expiresAt: number;
      readonly access?: Access;
    }
  | SourceFailure;

/** A notification says that something changed, and nothing of what. */
export interface Push {
  readonly channelId: string;
  /** To be compared with the channel's in constant time. */
  readonly token: string;
  /** `sync`: the channel begins. */
  readonly state: "sync" | "exists" | "not_exists";
}

/** By events.watch, the only thing about busy time that can be watched. `now` in epoch ms. */
export function watchGoogleCalendar(
  access: Access,
  ref: string,
  { id, token, address }: NewChannel,
  settings: SourceSettings,
  now: number,
): Promise<WatchAnswer> {
  return withGoogle({ access, settings, now }, async (call) => {
    const answer = await call(
      {
        method: "POST",
        path: `/calendars/${encodeURIComponent(ref)}/events/watch`,
        body: { id, token, type: "web_hook", address },
      },
      ChannelAnswer,
    );
    return answer.kind === "failed"
      ? answer
      : {
          kind: "watching",
          resourceId: answer.body.resourceId,
          expiresAt: Number(answer.body.expiration),
        };
  });
}

/** A channel that has ended already is done. `now` in epoch ms. */
export function stopWatching(
  access: Access,
  { id, resourceId }: { readonly id: string; readonly resourceId: string },
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  return withGoogle({ access, settings, now }, async (call) => {
    const answer = await call({ method: "POST", path: "/channels/stop", body: { id, resourceId } }, Nothing);
    return answer.kind === "failed" && answer.problem !== "not-found" ? answer : { kind: "done" };
  });
}

/** Undefined for what is no notification of a channel with a token. Whoever sends it may be anybody. */
export function readPush(headers: Headers): Push | undefined {
  const channelId = headers.get("x-goog-channel-id") ?? "";
  const token = headers.get("x-goog-channel-token") ?? "";
  const state = headers.get("x-goog-resource-state");
  if (!isShort(channelId, MAX_ID_LENGTH) || !isShort(token, MAX_TOKEN_LENGTH)) {
    return undefined;
  }
  return state === "sync" || state === "exists" || state === "not_exists"
    ? { channelId, token, state }
    : undefined;
}

function isShort(text: string, maxLength: number): boolean {
  return text !== "" && text.length <= maxLength;
}
