/** What a decision is written with. Everything here writes into the caller's transaction, or nothing at all. */

import { approvalGiven, type CalendarPicture } from "../scheduling/calendars-seen.ts";
import type { Approval } from "../scheduling/meeting-type.ts";
import type { Period } from "../scheduling/period.ts";
import type { Standing } from "../scheduling/standing.ts";
import { countPending } from "./booking-store.ts";
import { CalendarStore } from "./calendars/calendar-store.ts";
import { ConnectionStore } from "./calendars/connection-store.ts";
import { DecisionLog } from "./decision-log.ts";
import { HoldStore } from "./hold-store.ts";
import { PolicyStore } from "./host-policy.ts";
import { RelayPace } from "./relay-pace.ts";
import { Timers } from "./timers.ts";

/** A period of the host that was just taken or freed; all that anybody who looks on may know. */
export interface LiveChange extends Period {
  readonly state: "taken" | "freed";
}

type DeskSettings = Pick<Env, "MAIL_PROVIDER">;

export class Desk {
  readonly sql: SqlStorage;
  readonly timers: Timers;
  readonly log: DecisionLog;
  readonly holds: HoldStore;
  readonly policy: PolicyStore;
  readonly connections: ConnectionStore;
  readonly calendars: CalendarStore;
  readonly pace = new RelayPace();
  readonly #storage: DurableObjectStorage;
  readonly #settings: () => DeskSettings;
  #changes: LiveChange[] = [];

  /** @param settings as they are when something is decided */
  constructor(storage: DurableObjectStorage, settings: () => DeskSettings) {
    this.#storage = storage;
    this.#settings = settings;
    this.sql = storage.sql;
    this.timers = new Timers(storage);
    this.log = new DecisionLog(storage.sql);
    this.holds = new HoldStore(storage.sql);
    this.policy = new PolicyStore(storage.sql);
    this.connections = new ConnectionStore(storage.sql);
    this.calendars = new CalendarStore(storage.sql);
  }

  /**
   * How a booker stands with this host. Pending requests are counted only where the meeting type would make one more; the
   * booking `exceptUid` is not among them.
   */
  standingOf(bookerDid: string, approval: Approval, now: number, exceptUid = ""): Standing {
    const given = approvalGiven(approval, this.calendarPicture(now));
    return {
      isBlocked: this.policy.isBlocked(bookerDid),
      pendingRequests: given === "manual" ? countPending(this.sql, bookerDid, exceptUid, now) : 0,
      pendingHours: this.policy.pendingHours,
    };
  }

  /** What is known of the host's calendars, and what they want where that is not current; undefined where they have none that blocks. */
  calendarPicture(now: number): CalendarPicture | undefined {
    const seen = this.calendars.seenAt(now);
    return seen && { ...seen, onSilent: this.policy.onSilentCalendar };
  }

  /** Whether this broker sends mail at all: where it does not, none is owed. */
  get sendsMail(): boolean {
    return this.#settings().MAIL_PROVIDER !== "";
  }

  /** Tells those who look on, once the transaction is through. */
  announce(state: LiveChange["state"], { start, end }: Period): void {
    this.#changes.push({ start, end, state });
  }

  /**
   * One atomic, synchronous block, and what it announced. `work` must not be async: it would be committed at its first await.
   * When it throws, nothing of it has happened.
   */
  transaction<Value>(work: () => Value): { value: Value; changes: readonly LiveChange[] } {
    this.#changes = [];
    try {
      return { value: this.#storage.transactionSync(work), changes: this.#changes };
    } catch (error) {
      this.timers.forgetWhatIsKnown();
      this.log.forgetWhatIsKnown();
      this.holds.forgetWhatIsKnown();
      this.policy.forgetWhatIsKnown();
      this.calendars.forgetWhatIsKnown();
      throw error;
    }
  }
}
