/** What an Account owes because of addresses, as rows: relayed by its alarm, at least once. Never calls anybody. */

import type { Sealed } from "../../adapters/atproto/sealing.ts";
import { hasMailSchema } from "./mail-schema.ts";
import { sealedOf, type SealedRow } from "./sealed-row.ts";

/**
 * `link`: a mail with a link, whole. `unwanted`: D1 is to know that an address wants no mail. `catch-up`: the hosts of this person's bookings
 * are to know that they have an address.
 */
export type MailDebt = { readonly id: string } & (
  | { readonly kind: "link" | "unwanted"; readonly sealed: Sealed }
  | { readonly kind: "catch-up" }
);

export type OwedMail = MailDebt & {
  /** Epoch ms. */
  readonly owedAt: number;
  /** How often it failed. */
  readonly attempts: number;
};

interface OutboxRow extends Record<string, SqlStorageValue> {
  id: string;
  kind: OwedMail["kind"];
  key_id: string | null;
  sealed: ArrayBuffer | null;
  owed_at: number;
  attempts: number;
}

/** Owes it from `now` (epoch ms) on. One that is owed already begins anew. */
export function owe(sql: SqlStorage, debt: MailDebt, now: number): void {
  const sealed = debt.kind === "catch-up" ? undefined : debt.sealed;
  sql.exec(
    "INSERT OR REPLACE INTO mail_outbox (id, kind, key_id, sealed, owed_at, due_at) VALUES (?, ?, ?, ?, ?, ?)",
    debt.id,
    debt.kind,
    sealed?.keyId ?? null,
    sealed?.bytes.buffer ?? null,
    now,
    now,
  );
}

/** What is due at `now` (epoch ms), what has waited longest first. */
export function dueMail(sql: SqlStorage, now: number, limit: number): OwedMail[] {
  if (!hasMailSchema(sql)) {
    return [];
  }
  return sql
    .exec<OutboxRow>("SELECT * FROM mail_outbox WHERE due_at <= ? ORDER BY due_at, id LIMIT ?", now, limit)
    .toArray()
    .flatMap((row): OwedMail[] => {
      const { id, kind, owed_at: owedAt, attempts, key_id, sealed } = row;
      if (kind === "catch-up") {
        return [{ id, kind, owedAt, attempts }];
      }
      return key_id === null || sealed === null
        ? []
        : [{ id, kind, owedAt, attempts, sealed: sealedOf({ key_id, sealed } satisfies SealedRow) }];
    });
}

/** It was done, or is given up. Not where it was owed anew meanwhile. */
export function forget(sql: SqlStorage, { id, owedAt }: OwedMail): void {
  sql.exec("DELETE FROM mail_outbox WHERE id = ? AND owed_at = ?", id, owedAt);
}

/** It is tried again at `dueAt` (epoch ms). */
export function postpone(sql: SqlStorage, { id, owedAt, attempts }: OwedMail, dueAt: number): void {
  sql.exec(
    "UPDATE mail_outbox SET due_at = ?, attempts = ? WHERE id = ? AND owed_at = ?",
    dueAt,
    attempts + 1,
    id,
    owedAt,
  );
}

/** When the next one is due, epoch ms. */
export function nextMailAt(sql: SqlStorage): number | undefined {
  if (!hasMailSchema(sql)) {
    return undefined;
  }
  return sql.exec<{ at: number | null }>("SELECT min(due_at) AS at FROM mail_outbox").one().at ?? undefined;
}
