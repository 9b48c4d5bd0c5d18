/** The ways by which effects leave. Each is relayed by itself: a calendar that is away holds up nothing that is owed to D1. */

import type { Effect } from "../scheduling/effect.ts";
import { DAY, MINUTE } from "../scheduling/time-zone.ts";
import { LONGEST_RETRY_MS, retryDelayMs, type TimerKind, withJitter } from "./timers.ts";

/** Written into SQL as it is, since indexes are only found by constants. */
export type Channel = "d1" | "calendar" | "mail" | "webhook";

interface ChannelRules {
  readonly timer: TimerKind;
  /** How many effects one relay takes. D1 takes them in one batch; others take them one by one, and all of them may be slow. */
  readonly batch: number;
  /** Present: what keeps no order with each other goes at the same time, since it goes to different places, each of which may be slow. */
  readonly isAtOnce?: true;
  /** How long an effect waits after having been refused so many times before, ms. */
  readonly delayMs: (attempts: number) => number;
  /** No delay is longer. What would wait longer was put there by a clock that has been set back since. */
  readonly longestDelayMs: number;
  /** After so many refusals of its own (while the outside answered) an effect is parked for the operator. */
  readonly parkAfter: number;
  /**
   * Present: what gets no answer backs off by itself, and is parked once it has been owed for so long, ms. Absent: it waits for the
   * channel, for as long as it takes.
   */
  readonly patienceMs?: number;
}

const HOUR = 60 * MINUTE;

const AWHILE = { delayMs: retryDelayMs, longestDelayMs: LONGEST_RETRY_MS, parkAfter: 8 } as const;

/** A provider keeps the keys that tell a second try from a second mail for a day. */
export const MAIL_PATIENCE_MS = DAY;

/** As the Standard Webhooks specification suggests: ten tries over three to four days. */
const WEBHOOK_DELAYS_MS = [
  5_000,
  5 * MINUTE,
  30 * MINUTE,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
];

export const CHANNELS: Readonly<Record<Channel, ChannelRules>> = {
  d1: { timer: "relay-outbox", batch: 100, ...AWHILE },
  calendar: { timer: "write-calendar", batch: 5, ...AWHILE },
  mail: {
    timer: "send-mail",
    batch: 10,
    delayMs: (attempts) => withJitter(Math.min(5_000 * 2 ** attempts, HOUR)),
    longestDelayMs: 1.25 * HOUR,
    parkAfter: 8,
    patienceMs: MAIL_PATIENCE_MS,
  },
  webhook: {
    timer: "call-webhooks",
    // So many connections a Worker may have open; one more would wait while its time runs.
    batch: 6,
    isAtOnce: true,
    delayMs: (attempts) => withJitter(WEBHOOK_DELAYS_MS[attempts] ?? DAY),
    longestDelayMs: 1.25 * DAY,
    parkAfter: 1 + WEBHOOK_DELAYS_MS.length,
  },
};

export const CHANNEL_NAMES: readonly Channel[] = ["d1", "calendar", "mail", "webhook"];

/** The way by which an effect leaves, as the schema's column `channel` has it. */
export function channelOf({ kind }: Effect): Channel {
  switch (kind) {
    case "project-booking":
    case "notify":
      return "d1";
    case "write-calendar":
      return "calendar";
    case "send-mail":
    case "ask-address":
      return "mail";
    case "call-webhook":
      return "webhook";
  }
}

/** Effects of a channel with the same one keep their order; others do not wait for them. */
export function orderKeyOf(effect: Effect): string {
  switch (effect.kind) {
    case "notify":
      return effect.notification.bookingUid || effect.id;
    case "project-booking":
    case "write-calendar":
      return effect.booking.uid;
    case "send-mail":
      // An address that fails for one of the two holds up nothing of the other's.
      return `${effect.mail.booking.uid}/${effect.mail.to}`;
    case "ask-address":
      return effect.id;
    case "call-webhook":
      return effect.bookingUid === "" ? effect.id : `${effect.webhookId}/${effect.bookingUid}`;
  }
}
