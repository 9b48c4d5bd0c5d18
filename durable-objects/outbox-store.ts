/** The rows of the outbox. They go when they are delivered, or when their host lets go of who was to get them; nothing else deletes one. */

import type { Effect } from "../scheduling/effect.ts";
import { type Channel, channelOf, CHANNEL_NAMES, CHANNELS, orderKeyOf } from "./channels.ts";
import type { Desk } from "./desk.ts";

export interface OwedEffect {
  readonly seq: number;
  /** Effects with the same one keep their order. */
  readonly orderKey: string;
  /** Epoch ms; 0 for what was written down before there was such a time. */
  readonly owedAt: number;
  /** How often the outside refused it. */
  readonly attempts: number;
  readonly effect: Effect;
}

/** Backs off. What would wait longer than any back-off was put there by a clock that has been set back since. */
const BACKS_OFF = "not_before > CAST(? AS INTEGER) AND not_before <= CAST(? AS INTEGER)";

/**
 * Adds what a decision owes. Call inside the transaction that writes the decision. What is owed again under an id that still waits, or
 * is parked, is owed once.
 */
export function owe(sql: SqlStorage, effects: readonly Effect[], now: number): void {
  sql.exec(
    `INSERT INTO outbox (effect_id, booking_uid, effect_json, owed_at)
     VALUES ${effects.map(() => "(?, ?, ?, ?)").join(", ")} ON CONFLICT (effect_id) DO NOTHING`,
    ...effects.flatMap((effect) => [effect.id, orderKeyOf(effect), JSON.stringify(effect), now]),
  );
}

/** Owes any number of effects, and has them relayed at once. Call inside a transaction. */
export function oweAndRelay({ sql, timers }: Desk, effects: readonly Effect[], now: number): void {
  for (const effect of effects) {
    owe(sql, [effect], now);
    timers.setNoLaterThan(CHANNELS[channelOf(effect)].timer, now);
  }
}

/**
 * Owes what may wait already, and then waits no longer: what keeps its order with it is tried again as well, so that nothing stands in
 * front of it. Call inside a transaction.
 */
export function oweNow(desk: Desk, effect: Effect, now: number): void {
  oweAndRelay(desk, [effect], now);
  desk.sql.exec("UPDATE outbox SET attempts = 0, parked_at = NULL WHERE effect_id = ?", effect.id);
  desk.sql.exec(
    `UPDATE outbox SET not_before = NULL WHERE booking_uid = ? AND channel = '${channelOf(effect)}'`,
    orderKeyOf(effect),
  );
}

/** Forgets what is owed on a channel under ids that begin with `prefix`: its host wants it no more. Call inside a transaction. */
export function disown(sql: SqlStorage, channel: Channel, prefix: string): void {
  sql.exec(
    `DELETE FROM outbox WHERE channel = '${channel}' AND substr(effect_id, 1, length(?1)) = ?1`,
    prefix,
  );
}

/** Whether it waits, or is parked. */
export function isOwed(sql: SqlStorage, effectId: string): boolean {
  return sql.exec("SELECT 1 FROM outbox WHERE effect_id = ?", effectId).toArray().length > 0;
}

/**
 * Whose turn it is. A calendar that fails for some bookings gives no answer of theirs, which counts against none of them; standing in front,
 * they would be asked for again and again, and others never. So but for D1, which takes all at once, bookings take turns by chance.
 */
function turnsOn(channel: Channel): { readonly drawn: string; readonly order: string } {
  return channel === "d1"
    ? { drawn: "", order: "seq" }
    : {
        drawn: `WITH turns (uid, turn) AS MATERIALIZED (
          SELECT booking_uid, random() FROM outbox WHERE channel = '${channel}' GROUP BY booking_uid)`,
        order: "(SELECT turn FROM turns WHERE turns.uid = booking_uid), seq",
      };
}

/**
 * What can be relayed on a channel now, each booking's in order, at most `limit`. Where one backs off, those of its booking that came after
 * it wait.
 */
export function waitingEffects(sql: SqlStorage, channel: Channel, now: number, limit: number): OwedEffect[] {
  const { drawn, order } = turnsOn(channel);
  return sql
    .exec<{
      seq: number;
      booking_uid: string;
      owed_at: number | null;
      attempts: number;
      effect_json: string;
    }>(
      `${drawn}
       SELECT seq, booking_uid, owed_at, attempts, effect_json FROM outbox
       WHERE parked_at IS NULL AND channel = '${channel}'
         AND booking_uid NOT IN (SELECT booking_uid FROM outbox WHERE parked_at IS NULL AND ${BACKS_OFF} AND channel = '${channel}')
       ORDER BY ${order} LIMIT CAST(? AS INTEGER)`,
      now,
      now + CHANNELS[channel].longestDelayMs,
      limit,
    )
    .toArray()
    .map((row) => ({
      seq: row.seq,
      orderKey: row.booking_uid,
      owedAt: row.owed_at ?? 0,
      attempts: row.attempts,
      // Written by owe of this or an earlier version; fields are only ever added.
      effect: JSON.parse(row.effect_json) as Effect,
    }));
}

/** When there will be something to relay on a channel, epoch ms; undefined when nothing waits. */
export function nextRelayAt(sql: SqlStorage, channel: Channel, now: number): number | undefined {
  if (waitingEffects(sql, channel, now, 1).length > 0) {
    return now;
  }
  const [row] = sql
    .exec<{ next: number | null }>(
      `SELECT min(not_before) AS next FROM outbox WHERE parked_at IS NULL AND ${BACKS_OFF} AND channel = '${channel}'`,
      now,
      now + CHANNELS[channel].longestDelayMs,
    )
    .toArray();
  return row?.next ?? undefined;
}

/** They were delivered. */
export function forget(sql: SqlStorage, delivered: readonly OwedEffect[]): void {
  sql.exec(
    "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))",
    JSON.stringify(delivered.map(({ seq }) => seq)),
  );
}

/** What the first try of an effect was made of; undefined before it. */
export function factsOf(sql: SqlStorage, effectId: string): unknown {
  const [row] = sql
    .exec<{ facts_json: string | null }>("SELECT facts_json FROM outbox WHERE effect_id = ?", effectId)
    .toArray();
  return row?.facts_json ? (JSON.parse(row.facts_json) as unknown) : undefined;
}

/** Keeps what a try is about to be made of, so that the next one is made of the same. */
export function keepFacts(sql: SqlStorage, effectId: string, facts: unknown): void {
  sql.exec("UPDATE outbox SET facts_json = ? WHERE effect_id = ?", JSON.stringify(facts), effectId);
}

/** Whether something that was owed after it, and keeps its order with it, still waits or is parked. */
export function isFollowed(sql: SqlStorage, effectId: string): boolean {
  return (
    sql
      .exec(
        `SELECT 1 FROM outbox AS one JOIN outbox AS later
           ON later.booking_uid = one.booking_uid AND later.channel = one.channel AND later.seq > one.seq
         WHERE one.effect_id = ? LIMIT 1`,
        effectId,
      )
      .toArray().length > 0
  );
}

/** Nothing goes out on the channel of one, and this is why: it counts against nobody, and the operator should know. */
export function noteError(sql: SqlStorage, { seq }: OwedEffect, error: string): void {
  sql.exec("UPDATE outbox SET last_error = ? WHERE seq = ?", error, seq);
}

/** The outside refused one, which backs off until `notBefore`, epoch ms. */
export function markFailed(sql: SqlStorage, { seq }: OwedEffect, error: string, notBefore: number): void {
  sql.exec(
    "UPDATE outbox SET attempts = attempts + 1, last_error = ?, not_before = ? WHERE seq = ?",
    error,
    notBefore,
    seq,
  );
}

/** The outside refused one for good: it is for the operator now, and those after it go on. */
export function park(sql: SqlStorage, { seq }: OwedEffect, error: string, now: number): void {
  sql.exec(
    "UPDATE outbox SET attempts = attempts + 1, last_error = ?, parked_at = ? WHERE seq = ?",
    error,
    now,
    seq,
  );
}

/** Takes all parked effects back, at their old places and with no failure to their name; returns how many. Call inside a transaction. */
export function unparkAll({ sql, timers }: Desk, now: number): number {
  const { length } = sql
    .exec(
      "UPDATE outbox SET parked_at = NULL, attempts = 0, not_before = NULL WHERE parked_at IS NOT NULL RETURNING seq",
    )
    .toArray();
  for (const channel of CHANNEL_NAMES) {
    timers.setNoLaterThan(CHANNELS[channel].timer, now);
  }
  return length;
}

/** The bookings of which something is owed to D1: what waits, and what was parked. */
export function bookingsInOutbox(sql: SqlStorage): { waiting: Set<string>; parked: Set<string> } {
  const rows = sql
    .exec<{ booking_uid: string; is_parked: number }>(
      "SELECT DISTINCT booking_uid, parked_at IS NOT NULL AS is_parked FROM outbox WHERE channel = 'd1'",
    )
    .toArray();
  const uids = (isParked: 0 | 1) =>
    new Set(rows.filter((row) => row.is_parked === isParked).map((row) => row.booking_uid));
  return { waiting: uids(0), parked: uids(1) };
}
