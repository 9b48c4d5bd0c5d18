/** What the authority owes to the outside: written with the decision, relayed by the alarm, at least once and in order per booking. */

import { NoAnswerInTime } from "../adapters/d1/deadline.ts";
import type { Effect } from "../scheduling/effect.ts";
import { type Channel, forget, markFailed, type OwedEffect, park, waitingEffects } from "./outbox-store.ts";
import { retryDelayMs } from "./timers.ts";

/** How many effects one relay takes. D1 takes them in one batch; a calendar takes one at a time, and all of them may be slow. */
const BATCH_SIZE: Readonly<Record<Channel, number>> = { d1: 100, calendar: 5 };

/** After so many failures of its own (while the outside answered) an effect is parked for the operator. */
const PARK_AFTER_ATTEMPTS = 8;

/** So many that get no answer at all are enough to take the outside for away: each costs its whole deadline. */
const MAX_UNANSWERED = 3;

/** Where effects go. */
export interface Outside {
  /** Delivers effects in the order given, all or none; throws when they are refused or nobody answers. */
  deliver(effects: readonly Effect[]): Promise<void>;
  /** Whether anybody answers who could take effects at all: tells a poisoned effect from an outage. */
  isReachable(): Promise<boolean>;
}

/** How one relay went. */
interface RelayReport {
  readonly delivered: number;
  /** Effects that stay for a later try. */
  readonly failed: number;
  readonly parked: number;
  /** The outside did not answer, which is no effect's fault: all of them wait. */
  readonly isOutage: boolean;
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
  const limit = BATCH_SIZE[channel];
  const owed = waitingEffects(sql, channel, now, limit);
  const relay = channel === "d1" ? relayTogether : relayOneByOne;
  return { ...(await relay(sql, owed, outside, now)), isFull: owed.length === limit };
}

async function relayTogether(
  sql: SqlStorage,
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
    ? relayOneByOne(sql, owed, outside, now)
    : { delivered: 0, failed: owed.length, parked: 0, isOutage: true };
}

async function relayOneByOne(
  sql: SqlStorage,
  owed: readonly OwedEffect[],
  outside: Outside,
  now: number,
): Promise<Omit<RelayReport, "isFull">> {
  const report = { delivered: 0, failed: 0, parked: 0 };
  const stuckBookings = new Set<string>();
  let unanswered = 0;
  for (const [index, one] of owed.entries()) {
    if (stuckBookings.has(one.bookingUid)) {
      report.failed += 1; // Order per booking: what comes after a failed effect waits for it.
      continue;
    }
    const refusal = await deliver(outside, [one]);
    if (refusal === undefined) {
      forget(sql, [one]);
      report.delivered += 1;
      continue;
    }
    unanswered += Number(refusal.isUnanswered);
    // It may have gone away in the middle of this.
    if (unanswered >= MAX_UNANSWERED || !(await outside.isReachable())) {
      return { ...report, failed: report.failed + owed.length - index, isOutage: true };
    }
    if (!refusal.isUnanswered && one.attempts + 1 >= PARK_AFTER_ATTEMPTS) {
      park(sql, one, refusal.name, now);
      console.error("outbox: an effect was parked", one.effect.kind, one.effect.id, refusal.name);
      report.parked += 1;
      continue;
    }
    if (!refusal.isUnanswered) {
      markFailed(sql, one, refusal.name, now + retryDelayMs(one.attempts));
    }
    stuckBookings.add(one.bookingUid);
    report.failed += 1;
  }
  return { ...report, isOutage: unanswered > 0 };
}

/** Why the outside did not take them; undefined when it did. What fails in here, and not there, is thrown. */
async function deliver(
  outside: Outside,
  owed: readonly OwedEffect[],
): Promise<{ readonly name: string; readonly isUnanswered: boolean } | undefined> {
  try {
    await outside.deliver(owed.map(({ effect }) => effect));
    return undefined;
  } catch (error) {
    return { name: errorName(error), isUnanswered: error instanceof NoAnswerInTime };
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
