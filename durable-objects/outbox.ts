/** What the authority owes to the outside: written with the decision, relayed by the alarm, at least once and in order per booking. */

import type { Effect } from "../scheduling/effect.ts";

/** How many effects one relay takes; the deliverer writes them in one D1 batch. */
const BATCH_SIZE = 100;

/** After so many failures of its own (while the outside answered) an effect is parked for the operator. */
const PARK_AFTER_ATTEMPTS = 8;

/** Where effects go. */
interface Outside {
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
}

interface OutboxRow {
  readonly seq: number;
  readonly bookingUid: string;
  readonly attempts: number;
  readonly effect: Effect;
}

/** Adds what a decision owes. Call inside the transaction that writes the decision. */
export function owe(sql: SqlStorage, effects: readonly Effect[]): void {
  sql.exec(
    `INSERT INTO outbox (effect_id, booking_uid, effect_json) VALUES ${effects.map(() => "(?, ?, ?)").join(", ")}`,
    ...effects.flatMap((effect) => [effect.id, bookingUidOf(effect), JSON.stringify(effect)]),
  );
}

/** Whether anything waits to be relayed. */
export function hasWaitingEffects(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM outbox WHERE parked_at IS NULL LIMIT 1").toArray().length > 0;
}

/** How many effects wait and how many were parked; what an operator wants to know. */
export function countEffects(sql: SqlStorage): { waiting: number; parked: number } {
  const [row] = sql
    .exec<{ waiting: number; parked: number }>(
      "SELECT count(*) - count(parked_at) AS waiting, count(parked_at) AS parked FROM outbox",
    )
    .toArray();
  return { waiting: row?.waiting ?? 0, parked: row?.parked ?? 0 };
}

/**
 * Relays one batch. When it fails as a whole though the outside answers, each effect is tried alone, so that a poisoned
 * one does not hold up the others; an outage counts against no effect, so it parks nothing.
 */
export async function relayOutbox(sql: SqlStorage, outside: Outside, now: number): Promise<RelayReport> {
  const rows = waitingRows(sql);
  if (rows.length === 0) {
    return { delivered: 0, failed: 0, parked: 0 };
  }
  try {
    await outside.deliver(rows.map((row) => row.effect));
    forget(sql, rows);
    return { delivered: rows.length, failed: 0, parked: 0 };
  } catch {
    if (!(await outside.isReachable())) {
      return { delivered: 0, failed: rows.length, parked: 0 };
    }
  }
  return relayOneByOne(sql, rows, outside, now);
}

async function relayOneByOne(
  sql: SqlStorage,
  rows: readonly OutboxRow[],
  outside: Outside,
  now: number,
): Promise<RelayReport> {
  const report = { delivered: 0, failed: 0, parked: 0 };
  const stuckBookings = new Set<string>();
  for (const row of rows) {
    if (stuckBookings.has(row.bookingUid)) {
      report.failed += 1; // Order per booking: what comes after a failed effect waits for it.
      continue;
    }
    try {
      await outside.deliver([row.effect]);
      forget(sql, [row]);
      report.delivered += 1;
    } catch {
      const isPoisoned = row.attempts + 1 >= PARK_AFTER_ATTEMPTS;
      sql.exec(
        "UPDATE outbox SET attempts = attempts + 1, parked_at = ? WHERE seq = ?",
        isPoisoned ? now : null,
        row.seq,
      );
      if (isPoisoned) {
        console.error("outbox: an effect was parked", row.effect.kind, row.effect.id);
        report.parked += 1;
      } else {
        stuckBookings.add(row.bookingUid);
        report.failed += 1;
      }
    }
  }
  return report;
}

function waitingRows(sql: SqlStorage): OutboxRow[] {
  return sql
    .exec<{ seq: number; booking_uid: string; attempts: number; effect_json: string }>(
      `SELECT seq, booking_uid, attempts, effect_json FROM outbox
       WHERE parked_at IS NULL ORDER BY seq LIMIT ${BATCH_SIZE}`,
    )
    .toArray()
    .map((row) => ({
      seq: row.seq,
      bookingUid: row.booking_uid,
      attempts: row.attempts,
      effect: JSON.parse(row.effect_json) as Effect,
    }));
}

function forget(sql: SqlStorage, rows: readonly OutboxRow[]): void {
  sql.exec(
    "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))",
    JSON.stringify(rows.map((row) => row.seq)),
  );
}

function bookingUidOf(effect: Effect): string {
  return effect.kind === "notify" ? effect.notification.bookingUid : effect.booking.uid;
}
