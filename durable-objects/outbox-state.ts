/** What an operator may know of an outbox: what waits, since when, and why. Nothing of what two people wrote to each other. */

import type { Effect } from "../scheduling/effect.ts";
import type { Timers } from "./timers.ts";

/** How many effects are shown. */
const SHOWN = 200;

/** Instants are epoch ms. What an earlier version wrote down says less of itself. */
export interface ShownEffect {
  readonly id: string;
  readonly kind: Effect["kind"];
  /** How often the outside refused it. */
  readonly attempts: number;
  readonly owedAt?: number;
  readonly notBefore?: number;
  readonly parkedAt?: number;
  readonly lastError?: string;
}

export interface OutboxState {
  readonly waiting: number;
  readonly parked: number;
  /** When the next relay is due, and how many in a row found the outside away. */
  readonly relay?: { readonly dueAt: number; readonly attempts: number };
  /** Parked ones first, each in the order in which they were owed; not more than SHOWN. */
  readonly effects: readonly ShownEffect[];
}

export const EMPTY_OUTBOX: OutboxState = { waiting: 0, parked: 0, effects: [] };

/** The outbox as it is now. Reads only. */
export function outboxState(sql: SqlStorage, timers: Timers): OutboxState {
  const relay = timers.state("relay-outbox");
  return { ...countEffects(sql), ...(relay && { relay }), effects: shownEffects(sql) };
}

function countEffects(sql: SqlStorage): { waiting: number; parked: number } {
  return sql
    .exec<{ waiting: number; parked: number }>(
      "SELECT count(*) - count(parked_at) AS waiting, count(parked_at) AS parked FROM outbox",
    )
    .one();
}

type EffectRow = {
  effect_id: string;
  kind: Effect["kind"];
  attempts: number;
  owed_at: number | null;
  not_before: number | null;
  parked_at: number | null;
  last_error: string | null;
};

function shownEffects(sql: SqlStorage): ShownEffect[] {
  return sql
    .exec<EffectRow>(
      `SELECT effect_id, effect_json ->> '$.kind' AS kind, attempts, owed_at, not_before, parked_at, last_error
       FROM outbox ORDER BY parked_at IS NULL, seq LIMIT CAST(? AS INTEGER)`,
      SHOWN,
    )
    .toArray()
    .map((row) => ({
      id: row.effect_id,
      kind: row.kind,
      attempts: row.attempts,
      ...(row.owed_at !== null && { owedAt: row.owed_at }),
      ...(row.not_before !== null && { notBefore: row.not_before }),
      ...(row.parked_at !== null && { parkedAt: row.parked_at }),
      ...(row.last_error !== null && { lastError: row.last_error }),
    }));
}
