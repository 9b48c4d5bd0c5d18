/** First answers, by who asked and their requestId: a repeat gets the same one. Kept for a week. */

import type { Booking } from "../scheduling/booking.ts";
import type { GivenHold } from "../scheduling/hold-decision.ts";
import { type Refusal, refused, type Result } from "../scheduling/refusal.ts";

/** How long a lost answer can be asked for again. */
export const ANSWER_KEPT_MS = 7 * 24 * 60 * 60_000;

/** Who asked for what: the same `requestId` with another fingerprint is another question. */
export interface Question {
  readonly callerDid: string;
  readonly requestId: string;
  /** Says the same for the same question of the same operation only. */
  readonly fingerprint: string;
}

/** What each operation is answered with. */
export interface Answers {
  readonly booking: Booking;
  readonly hold: GivenHold;
}

type StoredAnswer<Kind extends keyof Answers> =
  | { readonly [Each in Kind]: Answers[Each] }
  | { readonly refusal: Refusal };

/** The first answer to this question; `RequestIdReused` if the requestId was used for another; undefined if it is new. */
export function findAnswer<Kind extends keyof Answers>(
  sql: SqlStorage,
  kind: Kind,
  question: Question,
): Result<Answers[Kind]> | undefined {
  const [row] = sql
    .exec<{ fingerprint: string; answer_json: string }>(
      "SELECT fingerprint, answer_json FROM answers WHERE caller_did = ? AND request_id = ?",
      question.callerDid,
      question.requestId,
    )
    .toArray();
  if (!row) {
    return undefined;
  }
  if (row.fingerprint !== question.fingerprint) {
    return refused({ code: "RequestIdReused" });
  }
  // Written by keepAnswer of this or an earlier version, for the same operation: the fingerprint says so. Fields are only ever added.
  const stored = JSON.parse(row.answer_json) as StoredAnswer<Kind>;
  return "refusal" in stored ? refused(stored.refusal) : { ok: true, value: stored[kind] };
}

/** Keeps an answer. Call inside the transaction that decided it. */
export function keepAnswer<Kind extends keyof Answers>(
  sql: SqlStorage,
  kind: Kind,
  question: Question,
  answer: Result<Answers[Kind]>,
  now: number,
): void {
  const stored = answer.ok ? { [kind]: answer.value } : { refusal: answer.refusal };
  sql.exec(
    "INSERT INTO answers (caller_did, request_id, fingerprint, answer_json, answered_at) VALUES (?, ?, ?, ?, ?)",
    question.callerDid,
    question.requestId,
    question.fingerprint,
    JSON.stringify(stored),
    now,
  );
}

/** Drops answers older than a week; returns when the next one will be, epoch ms. */
export function forgetOldAnswers(sql: SqlStorage, now: number): number | undefined {
  sql.exec("DELETE FROM answers WHERE answered_at <= ?", now - ANSWER_KEPT_MS);
  const [row] = sql
    .exec<{ oldest: number | null }>("SELECT min(answered_at) AS oldest FROM answers")
    .toArray();
  return typeof row?.oldest === "number" ? row.oldest + ANSWER_KEPT_MS : undefined;
}
