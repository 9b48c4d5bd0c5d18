/** A host's webhooks and what was sent to them, in the authority's SQLite. Addresses and keys come in and go out sealed. No decisions. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";

export interface StoredWebhook {
  readonly id: string;
  readonly sealed: Sealed;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly isOn: boolean;
  /** Since when every delivery has failed; absent where the last one did not. */
  readonly failingSince?: number;
}

/** One message to one webhook. */
export interface Delivery {
  /** The `webhook-id`. */
  readonly id: string;
  readonly webhookId: string;
  readonly type: string;
  /** Empty for what is about no booking. */
  readonly bookingUid: string;
  readonly body: string;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly triedAt?: number;
  readonly status?: number;
  readonly problem?: string;
}

/** How many are shown, and kept. What waits is kept as well, however much it is. */
const KEPT = 50;

/** The oldest first. */
export function allWebhooks(sql: SqlStorage): StoredWebhook[] {
  return select(sql, "1 = 1 ORDER BY created_at, id");
}

export function findWebhook(sql: SqlStorage, id: string): StoredWebhook | undefined {
  return select(sql, "id = ?", id)[0];
}

export function webhooksThatAreOn(sql: SqlStorage): string[] {
  return sql
    .exec<{ id: string }>("SELECT id FROM webhooks WHERE is_on = 1")
    .toArray()
    .map(({ id }) => id);
}

export function addWebhook(sql: SqlStorage, id: string, { keyId, bytes }: Sealed, now: number): void {
  sql.exec(
    "INSERT INTO webhooks (id, key_id, sealed, created_at, is_on) VALUES (?, ?, ?, ?, 1)",
    id,
    keyId,
    bytes.buffer,
    now,
  );
}

/** With all that was sent to it. */
export function deleteWebhook(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM webhooks WHERE id = ?", id);
  sql.exec("DELETE FROM webhook_deliveries WHERE webhook_id = ?", id);
}

/** Turned on, it has a clean slate. */
export function turnOn(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE webhooks SET is_on = 1, failing_since = NULL WHERE id = ?", id);
}

/** Turned off, nothing waits for it any more. */
export function turnOff(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE webhooks SET is_on = 0 WHERE id = ?", id);
  sql.exec("UPDATE webhook_deliveries SET state = 'failed' WHERE webhook_id = ? AND state = 'waiting'", id);
  forgetOld(sql, id);
}

export function noteFailing(sql: SqlStorage, id: string, since: number | undefined): void {
  sql.exec("UPDATE webhooks SET failing_since = ? WHERE id = ?", since ?? null, id);
}

/** Seals one anew, unless it is another one by now. */
export function resealWebhook(sql: SqlStorage, id: string, before: Sealed, { keyId, bytes }: Sealed): void {
  sql.exec(
    "UPDATE webhooks SET key_id = ?, sealed = ? WHERE id = ? AND sealed = ?",
    keyId,
    bytes.buffer,
    id,
    before.bytes.buffer,
  );
}

/** A message is on its way; it takes the place of an old one. Its id is one that this webhook was not sent yet. */
export function addDelivery(
  sql: SqlStorage,
  { id, webhookId, type, bookingUid, body }: Omit<Delivery, "state" | "attempts">,
): void {
  sql.exec(
    `INSERT INTO webhook_deliveries (id, webhook_id, type, booking_uid, body, state, attempts)
     VALUES (?, ?, ?, ?, ?, 'waiting', 0) ON CONFLICT DO NOTHING`,
    id,
    webhookId,
    type,
    bookingUid,
    body,
  );
  forgetOld(sql, webhookId);
}

/** A test that is on its way. */
export function waitingTest(sql: SqlStorage, webhookId: string): Delivery | undefined {
  return deliveries(sql, "webhook_id = ? AND type = 'ping' AND state = 'waiting'", webhookId)[0];
}

export function findDelivery(sql: SqlStorage, webhookId: string, id: string): Delivery | undefined {
  return deliveries(sql, "webhook_id = ? AND id = ?", webhookId, id)[0];
}

/** The newest first. */
export function deliveriesTo(sql: SqlStorage, webhookId: string): Delivery[] {
  return deliveries(sql, `webhook_id = ? ORDER BY seq DESC LIMIT ${KEPT}`, webhookId);
}

export function saveDelivery(
  sql: SqlStorage,
  { id, webhookId, state, attempts, triedAt, status, problem }: Delivery,
): void {
  sql.exec(
    `UPDATE webhook_deliveries SET state = ?, attempts = ?, tried_at = ?, status = ?, problem = ?
     WHERE webhook_id = ? AND id = ?`,
    state,
    attempts,
    triedAt ?? null,
    status ?? null,
    problem ?? null,
    webhookId,
    id,
  );
  forgetOld(sql, webhookId);
}

function forgetOld(sql: SqlStorage, webhookId: string): void {
  sql.exec(
    `DELETE FROM webhook_deliveries WHERE webhook_id = ?1 AND state <> 'waiting' AND seq NOT IN (
       SELECT seq FROM webhook_deliveries WHERE webhook_id = ?1 ORDER BY seq DESC LIMIT ${KEPT})`,
    webhookId,
  );
}

function select(sql: SqlStorage, where: string, ...values: SqlStorageValue[]): StoredWebhook[] {
  return sql
    .exec<{
      id: string;
      key_id: string;
      sealed: ArrayBuffer;
      created_at: number;
      is_on: number;
      failing_since: number | null;
    }>(`SELECT * FROM webhooks WHERE ${where}`, ...values)
    .toArray()
    .map((row) => ({
      id: row.id,
      sealed: { keyId: row.key_id, bytes: new Uint8Array(row.sealed) },
      createdAt: row.created_at,
      isOn: row.is_on === 1,
      ...(row.failing_since !== null && { failingSince: row.failing_since }),
    }));
}

function deliveries(sql: SqlStorage, where: string, ...values: SqlStorageValue[]): Delivery[] {
  return sql
    .exec<{
      id: string;
      webhook_id: string;
      type: string;
      booking_uid: string;
      body: string;
      state: Delivery["state"];
      attempts: number;
      tried_at: number | null;
      status: number | null;
      problem: string | null;
    }>(`SELECT * FROM webhook_deliveries WHERE ${where}`, ...values)
    .toArray()
    .map((row) => ({
      id: row.id,
      webhookId: row.webhook_id,
      type: row.type,
      bookingUid: row.booking_uid,
      body: row.body,
      state: row.state,
      attempts: row.attempts,
      ...(row.tried_at !== null && { triedAt: row.tried_at }),
      ...(row.status !== null && { status: row.status }),
      ...(row.problem !== null && { problem: row.problem }),
    }));
}
