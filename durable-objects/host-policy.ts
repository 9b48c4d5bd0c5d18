/** What a host has set about requests: how long they wait, who may make none, and what if a calendar is silent. Kept here because it decides. */

import type { Party } from "../scheduling/booking.ts";
import { DEFAULT_ON_SILENT_CALENDAR, type OnSilentCalendar } from "../scheduling/calendars-seen.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { DEFAULT_PENDING_HOURS } from "../scheduling/standing.ts";

/** Somebody from whom a host takes no requests. */
export interface BlockedParty extends Party {
  /** Epoch ms. */
  readonly blockedAt: number;
}

export interface HostPolicy {
  /** How many hours requests wait; absent where the host never said. */
  readonly pendingHours?: number;
  /** What becomes of requests while a calendar cannot be read; absent where the host never said. */
  readonly onSilentCalendar?: OnSilentCalendar;
  /** The latest first. */
  readonly blocked: readonly BlockedParty[];
}

export type PolicyChange =
  /** Absent hours take the host's word back. Requests that wait already keep the time they were given. */
  | { readonly kind: "pending-hours"; readonly hours?: number }
  /** Absent: the host's word is taken back. */
  | { readonly kind: "silent-calendar"; readonly onSilent?: OnSilentCalendar }
  | { readonly kind: "block"; readonly party: Party }
  | { readonly kind: "unblock"; readonly did: string };

/** How many people a host may block. */
const MAX_BLOCKED = 1000;

export class PolicyStore {
  readonly #sql: SqlStorage;
  /** As stored; undefined until it was read. Every request asks, and it hardly ever changes. */
  #known:
    | {
        readonly pendingHours: number;
        readonly onSilentCalendar: OnSilentCalendar;
        readonly blocked: ReadonlySet<string>;
      }
    | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** How long requests wait, hours. */
  get pendingHours(): number {
    return this.#read().pendingHours;
  }

  get onSilentCalendar(): OnSilentCalendar {
    return this.#read().onSilentCalendar;
  }

  isBlocked(did: string): boolean {
    return this.#read().blocked.has(did);
  }

  /** All of it, for the host. */
  whole(): HostPolicy {
    const [row] = this.#sql.exec<{ pending_hours: number }>("SELECT pending_hours FROM policy").toArray();
    const [silent] = this.#sql
      .exec<{ on_silent: OnSilentCalendar }>("SELECT on_silent FROM silent_calendar_policy")
      .toArray();
    const blocked = this.#sql
      .exec<{ did: string; handle: string; blocked_at: number }>(
        "SELECT did, handle, blocked_at FROM blocked ORDER BY blocked_at DESC, did",
      )
      .toArray()
      .map(({ did, handle, blocked_at: blockedAt }) => ({ did, handle, blockedAt }));
    return {
      ...(row && { pendingHours: row.pending_hours }),
      ...(silent && { onSilentCalendar: silent.on_silent }),
      blocked,
    };
  }

  /** Writes a change and returns what holds then. Refusals: NotAllowed where too many are blocked. Call inside a transaction. */
  commit(change: PolicyChange, now: number): Result<HostPolicy> {
    this.#known = undefined;
    switch (change.kind) {
      case "pending-hours":
        this.#writePendingHours(change.hours);
        break;
      case "silent-calendar":
        this.#writeOnSilent(change.onSilent);
        break;
      case "block":
        if (!this.#addBlocked(change.party, now)) {
          return refused({ code: "NotAllowed", why: `You can block ${MAX_BLOCKED} people at most.` });
        }
        break;
      case "unblock":
        this.#sql.exec("DELETE FROM blocked WHERE did = ?", change.did);
        break;
    }
    return accepted(this.whole());
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#known = undefined;
  }

  #read() {
    if (this.#known === undefined) {
      const {
        pendingHours = DEFAULT_PENDING_HOURS,
        onSilentCalendar = DEFAULT_ON_SILENT_CALENDAR,
        blocked,
      } = this.whole();
      this.#known = { pendingHours, onSilentCalendar, blocked: new Set(blocked.map(({ did }) => did)) };
    }
    return this.#known;
  }

  #writePendingHours(hours: number | undefined): void {
    if (hours === undefined) {
      this.#sql.exec("DELETE FROM policy");
    } else {
      this.#sql.exec(
        "INSERT INTO policy (only_row, pending_hours) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET pending_hours = excluded.pending_hours",
        hours,
      );
    }
  }

  #writeOnSilent(onSilent: OnSilentCalendar | undefined): void {
    this.#sql.exec("DELETE FROM silent_calendar_policy");
    if (onSilent !== undefined) {
      this.#sql.exec("INSERT INTO silent_calendar_policy (only_row, on_silent) VALUES (1, ?)", onSilent);
    }
  }

  /** False when too many are blocked already. Blocking again changes nothing. */
  #addBlocked({ did, handle }: Party, now: number): boolean {
    const { count } = this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM blocked").one();
    if (count < MAX_BLOCKED) {
      this.#sql.exec(
        "INSERT INTO blocked (did, handle, blocked_at) VALUES (?, ?, ?) ON CONFLICT (did) DO NOTHING",
        did,
        handle,
        now,
      );
    }
    return count < MAX_BLOCKED;
  }
}
