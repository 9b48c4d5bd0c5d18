/** What the authority owes to the outside: written with the decision, relayed by the alarm, at least once and in order per booking. */

import { NoAnswerInTime } from "../adapters/d1/deadline.ts";
import type { Effect } from "../scheduling/effect.ts";
import { type Channel, CHANNELS } from "./channels.ts";
import { forget, markFailed, noteError, type OwedEffect, park, waitingEffects } from "./outbox-store.ts";

/** So many that get no answer at all are enough to take the outside for away: each costs its whole deadline. */
const MAX_UNANSWERED = 3;

/** Where effects go. */
export interface Outside {
  /**
   * Delivers effects in the order given, all or none; throws when they are refused or nobody answers.
   * @throws NoAnswerInTime, RefusedForGood, ChannelClosed, or whatever else the outside refuses with
   */
  deliver(effects: readonly Effect[]): Promise<void>;
  /** Whether anybody answers who could take effects at all: tells a poisoned effect from an outage. */
  isReachable(): Promise<boolean>;
}

/** No other try would be answered otherwise: it is parked at once. `name` is for the operator. */
export class RefusedForGood extends Error {
  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** Nothing can be delivered on this channel for now, whatever it is: all of it waits, for `retryAfterMs` at least. */
export class ChannelClosed extends Error {
  readonly retryAfterMs: number;

  constructor(name: string, retryAfterMs = 0) {
    super();
    this.name = name;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How one relay went. */
interface RelayReport {
  readonly delivered: number;
  /** Effects that stay for a later try. */
  readonly failed: number;
  readonly parked: number;
  /** The outside did not answer, which is no effect's fault: all of them wait. */
  readonly isOutage: boolean;
  /** How long it asked not to be asked again, ms. */
  readonly retryAfterMs?: number;
  /** It took as many as one relay may: more may wait already. */
  readonly isFull: boolean;
}

/**
 * Relays one batch. When it fails as a whole though the outside answers, each effect is tried alone, so that a poisoned one holds up
 * nobody else's: it backs off by itself, and those of its own booking wait for it. An outage counts against no effect, so it parks nothing.
 */
export async function relayOutbox(
  sql: SqlStorage,
  channel: Channel,
  outside: Outside,
  now: number,
): Promise<RelayReport> {
  const { batch: limit, isAtOnce = false } = CHANNELS[channel];
  const owed = waitingEffects(sql, channel, now, limit);
  const relayEach = isAtOnce ? relayAtOnce : relayOneByOne;
  const relay = channel === "d1" ? relayTogether : relayEach;
  return { ...(await relay(sql, channel, owed, outside, now)), isFull: owed.length === limit };
}

async function relayTogether(
  sql: SqlStorage,
  channel: Channel,
  owed: readonly OwedEffect[],
  outside: Outside,
  now: number,
): Promise<Omit<RelayReport, "isFull">> {
  const refusal = owed.length === 0 ? undefined : await deliver(outside, owed);
  if (refusal === undefined) {
    forget(sql, owed);
    return { delivered: owed.length, failed: 0, parked: 0, isOutage: false };
  }
  return (await outside.isReachable())
    ? relayOneByOne(sql, channel, owed, outside, now)
    : { delivered: 0, failed: owed.length, parked: 0, isOutage: true };
}

/** What keeps its order goes one by one, beside everything else. Nobody is away for all of them here, so it is never an outage. */
async function relayAtOnce(
  sql: SqlStorage,
  channel: Channel,
  owed: readonly OwedEffect[],
  outside: Outside,
  now: number,
): Promise<Omit<RelayReport, "isFull">> {
  const lanes = Map.groupBy(owed, ({ orderKey }) => orderKey).values();
  // All of them come to an end before one that throws is told of: nothing goes on behind the alarm's back.
  const ended = await Promise.allSettled(
    [...lanes].map((lane) => relayOneByOne(sql, channel, lane, outside, now)),
  );
  const total = { delivered: 0, failed: 0, parked: 0, isOutage: false };
  for (const one of ended) {
    if (one.status === "rejected") {
      throw one.reason;
    }
    total.delivered += one.value.delivered;
    total.failed += one.value.failed;
    total.parked += one.value.parked;
  }
  return total;
}

async function relayOneByOne(
  sql: SqlStorage,
  channel: Channel,
  owed: readonly OwedEffect[],
  outside: Outside,
  now: number,
): Promise<Omit<RelayReport, "isFull">> {
  const { delayMs, patienceMs, parkAfter } = CHANNELS[channel];
  const report = { delivered: 0, failed: 0, parked: 0 };
  const stuck = new Set<string>();
  let unanswered = 0;
  const giveUp = (one: OwedEffect, name: string) => {
    park(sql, one, name, now);
    console.error("outbox: an effect was parked", one.effect.kind, one.effect.id, name);
    report.parked += 1;
  };
  for (const [index, one] of owed.entries()) {
    if (stuck.has(one.orderKey)) {
      report.failed += 1; // Order per booking: what comes after a failed effect waits for it.
      continue;
    }
    const refusal = await deliver(outside, [one]);
    if (refusal === undefined) {
      forget(sql, [one]);
      report.delivered += 1;
      // Where each waits by itself, the outside is away if it answers none: one that stammers is no reason to stop.
      unanswered = patienceMs === undefined ? unanswered : 0;
      continue;
    }
    const { name, kind } = refusal;
    const failed = report.failed + owed.length - index;
    if (kind === "closed") {
      noteError(sql, one, name);
      return { ...report, failed, isOutage: true, retryAfterMs: refusal.retryAfterMs };
    }
    const isUnanswered = kind === "unanswered";
    const isSpent = isUnanswered && patienceMs !== undefined && now - one.owedAt >= patienceMs;
    if (kind === "for good" || isSpent) {
      giveUp(one, name);
      continue;
    }
    unanswered += Number(isUnanswered);
    // It may have gone away in the middle of this.
    const isAway = unanswered >= MAX_UNANSWERED || !(await outside.isReachable());
    if (!isAway && !isUnanswered && one.attempts + 1 >= parkAfter) {
      giveUp(one, name);
      continue;
    }
    if (isUnanswered ? patienceMs !== undefined : !isAway) {
      markFailed(sql, one, name, now + delayMs(one.attempts));
    }
    if (isAway) {
      return { ...report, failed, isOutage: true };
    }
    stuck.add(one.orderKey);
    report.failed += 1;
  }
  return { ...report, isOutage: unanswered > 0 && patienceMs === undefined };
}

type DeliveryRefusal =
  | { readonly kind: "unanswered" | "refused" | "for good"; readonly name: string }
  | { readonly kind: "closed"; readonly name: string; readonly retryAfterMs: number };

/** Why the outside did not take them; undefined when it did. What fails in here, and not there, is thrown. */
async function deliver(outside: Outside, owed: readonly OwedEffect[]): Promise<DeliveryRefusal | undefined> {
  try {
    await outside.deliver(owed.map(({ effect }) => effect));
    return undefined;
  } catch (error) {
    const name = errorName(error);
    if (error instanceof ChannelClosed) {
      return { kind: "closed", name, retryAfterMs: error.retryAfterMs };
    }
    if (error instanceof RefusedForGood) {
      return { kind: "for good", name };
    }
    return { kind: error instanceof NoAnswerInTime ? "unanswered" : "refused", name };
  }
}

/** What kind of error it was. Its message may quote what it choked on, SQLite's code in it does not. */
function errorName(error: unknown): string {
  if (!(error instanceof Error)) {
    return "unknown";
  }
  const [code] = /SQLITE_[A-Z_]+/.exec(error.message) ?? [];
  return code ?? error.name;
}
