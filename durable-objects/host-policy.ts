/** What a host has set about requests: how long they wait, and who may make none. Kept here because it decides. */

import type { Party } from "../scheduling/booking.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { DEFAULT_PENDING_HOURS, type Standing } from "../scheduling/standing.ts";

/** Somebody from whom a host takes no requests. */
export interface BlockedParty extends Party {
  /** Epoch ms. */
  readonly blockedAt: number;
}

export interface HostPolicy {
  /** How many hours requests wait; absent where the host never said. */
  readonly pendingHours?: number;
  /** The latest first. */
  readonly blocked: readonly BlockedParty[];
}

export type PolicyChange =
  /** Absent hours take the host's word back. */
  | { readonly kind: "pending-hours"; readonly hours?: number }
  | { readonly kind: "block"; readonly party: Party }
  | { readonly kind: "unblock"; readonly did: string };

/** How many people a host may block. */
const MAX_BLOCKED = 1000;

/** How a booker stands with this host; the booking `exceptUid` does not count among their pending ones. */
export function standingOf(sql: SqlStorage, bookerDid: string, now: number, exceptUid = ""): Standing {
  const row = sql
    .exec<{ pending: number; is_blocked: number; hours: number | null }>(
      `SELECT
         (SELECT count(*) FROM bookings
          WHERE booker_did = ?1 AND status = 'pending' AND expires_at > CAST(?2 AS INTEGER) AND uid <> ?3) AS pending,
         EXISTS (SELECT 1 FROM blocked WHERE did = ?1) AS is_blocked,
         (SELECT pending_hours FROM policy) AS hours`,
      bookerDid,
      now,
      exceptUid,
    )
    .one();
  return {
    isBlocked: row.is_blocked === 1,
    pendingRequests: row.pending,
    pendingHours: row.hours ?? DEFAULT_PENDING_HOURS,
  };
}

export function readPolicy(sql: SqlStorage): HostPolicy {
  const [row] = sql.exec<{ pending_hours: number }>("SELECT pending_hours FROM policy").toArray();
  const blocked = sql
    .exec<{ did: string; handle: string; blocked_at: number }>(
      "SELECT did, handle, blocked_at FROM blocked ORDER BY blocked_at DESC, did",
    )
    .toArray()
    .map(({ did, handle, blocked_at: blockedAt }) => ({ did, handle, blockedAt }));
  return { ...(row && { pendingHours: row.pending_hours }), blocked };
}

/** Writes a change and returns what holds then. Refusals: NotAllowed where too many are blocked. Call inside a transaction. */
export function commitPolicy(sql: SqlStorage, change: PolicyChange, now: number): Result<HostPolicy> {
  switch (change.kind) {
    case "pending-hours":
      writePendingHours(sql, change.hours);
      break;
    case "block":
      if (!addBlocked(sql, change.party, now)) {
        return refused({ code: "NotAllowed", why: `You can block ${MAX_BLOCKED} people at most.` });
      }
      break;
    case "unblock":
      sql.exec("DELETE FROM blocked WHERE did = ?", change.did);
      break;
  }
  return accepted(readPolicy(sql));
}

/** Requests that wait already keep the time they were given. */
function writePendingHours(sql: SqlStorage, hours: number | undefined): void {
  if (hours === undefined) {
    sql.exec("DELETE FROM policy");
  } else {
    sql.exec(
      "INSERT INTO policy (only_row, pending_hours) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET pending_hours = excluded.pending_hours",
      hours,
    );
  }
}

/** False when too many are blocked already. Blocking again changes nothing. */
function addBlocked(sql: SqlStorage, { did, handle }: Party, now: number): boolean {
  const { count } = sql.exec<{ count: number }>("SELECT count(*) AS count FROM blocked").one();
  if (count < MAX_BLOCKED) {
    sql.exec(
      "INSERT INTO blocked (did, handle, blocked_at) VALUES (?, ?, ?) ON CONFLICT (did) DO NOTHING",
      did,
      handle,
      now,
    );
  }
  return count < MAX_BLOCKED;
}
