/** The authority: one per host, named by DID. Decides every booking of that host, each in one synchronous transaction. */

import { DurableObject } from "cloudflare:workers";
import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { d1Outside } from "../adapters/d1/outside.ts";
import type { Booking } from "../scheduling/booking.ts";
import { decideCancel, decideConfirm, decideDecline, effectiveStatus } from "../scheduling/booking.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { admit, audienceOf } from "./admission.ts";
import { findAnswer, forgetOldAnswers } from "./answers.ts";
import { bookableHere } from "./bookable.ts";
import { findBooking, nextLapse } from "./booking-store.ts";
import { commitRequest, type RequestBooking } from "./commit-request.ts";
import { expireLapsed, recordDecision } from "./decisions.ts";
import { applySchema, hasSchema } from "./host-calendar-schema.ts";
import { countEffects, hasWaitingEffects, relayOutbox } from "./outbox.ts";
import { readStoredRecords, RecordsSnapshot, storeRecords } from "./records-snapshot.ts";
import { type Explanation, type ExplanationQuery, slotExplanation } from "./slot-explanation.ts";
import { slotList, type SlotList, type SlotQuery } from "./slot-list.ts";
import { retryDelayMs, type TimerKind, Timers } from "./timers.ts";

/** A change of an existing booking, asked for by one of its people. */
export interface ChangeBooking {
  readonly uid: string;
  readonly callerDid: string;
  readonly reason?: string;
}

export class HostCalendar extends DurableObject<Env> {
  readonly #hostDid: string;
  readonly #storage: DurableObjectStorage;
  readonly #timers: Timers;
  readonly #records: RecordsSnapshot;
  /** Whether this object has tables yet. */
  #isStored: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    if (ctx.id.name === undefined) {
      throw new Error("A HostCalendar is reached by its host's DID: use getByName(did).");
    }
    this.#hostDid = ctx.id.name;
    this.#storage = ctx.storage;
    this.#timers = new Timers(ctx.storage);
    this.#isStored = hasSchema(ctx.storage.sql);
    if (this.#isStored) {
      ctx.storage.transactionSync(() => applySchema(ctx.storage.sql));
      this.#timers.rearm();
    }
    this.#records = new RecordsSnapshot(
      this.#hostDid,
      env,
      this.#isStored ? readStoredRecords(ctx.storage.sql) : undefined,
    );
  }

  /** The host's checked records, if this broker may book for them: HostNotFound, HostUnreachable otherwise. */
  async getHost(): Promise<Result<HostRecords>> {
    const records = await this.ownRecords();
    return records.ok ? bookableHere(records.value) : records;
  }

  /** The host's checked records for their own eyes, bookable or not, with what was left out and why. */
  async ownRecords(): Promise<Result<HostRecords>> {
    return this.#records.fresh(Date.now(), (records) => this.#keepRecords(records));
  }

  /** The host's records were just written through this broker: the next reader fetches them. */
  async recordsChanged(): Promise<void> {
    this.#records.markChanged();
  }

  /** The slots of one meeting type whose start lies in the range. */
  async listSlots(query: SlotQuery): Promise<Result<SlotList>> {
    const records = await this.getHost();
    return records.ok ? slotList(this.#storage.sql, records.value, query, Date.now()) : records;
  }

  /** Why times of one meeting type are not offered; what would show the host's private time, for the host only. */
  async explainSlots(query: ExplanationQuery): Promise<Result<Explanation>> {
    const records = await this.getHost();
    return records.ok ? slotExplanation(this.#storage.sql, records.value, query, Date.now()) : records;
  }

  /**
   * Asks for a slot. Whatever must be waited for comes first; then one synchronous transaction reads, decides and writes.
   * A repeat of a `requestId` gets the first answer again.
   */
  async requestBooking(command: RequestBooking): Promise<Result<Booking>> {
    let audience: BookableBy = "anyone";
    if (!this.#canDecideNow(command)) {
      // A repeat depends on nobody's PDS and on no change of the records; where nothing is waited for, the transaction finds it.
      const known = this.#isStored ? findAnswer(this.#storage.sql, command) : undefined;
      if (known) {
        return known;
      }
      const admitted = await admit(this.env, command, () => this.getHost());
      if (!admitted.ok) {
        return admitted;
      }
      audience = admitted.value;
    }
    return this.#transaction(() => {
      // Nothing is awaited from here on: what is read is what is decided upon.
      const now = Date.now();
      expireLapsed(this.#storage.sql, this.#timers, now);
      return commitRequest(this.#storage.sql, this.#timers, this.#records.current, audience, command, now);
    });
  }

  /** A booking, for its two people only. */
  async getBooking(uid: string, viewerDid: string): Promise<Result<Booking>> {
    const booking = this.#find(uid);
    if (!booking) {
      return refused({ code: "BookingNotFound" });
    }
    if (viewerDid !== booking.host.did && viewerDid !== booking.booker.did) {
      return refused({ code: "NotYourBooking" });
    }
    return accepted({ ...booking, status: effectiveStatus(booking, Date.now()) });
  }

  /** The host agrees to a pending booking. */
  async confirmBooking(change: ChangeBooking): Promise<Result<Booking>> {
    return this.#change(change, (booking, now) => decideConfirm(booking, change.callerDid, now));
  }

  /** The host turns a pending booking down. */
  async declineBooking(change: ChangeBooking): Promise<Result<Booking>> {
    return this.#change(change, (booking, now) =>
      decideDecline(booking, change.callerDid, change.reason, now),
    );
  }

  /** Either person cancels; the slot is free at once. */
  async cancelBooking(change: ChangeBooking): Promise<Result<Booking>> {
    return this.#change(change, (booking, now) =>
      decideCancel(booking, change.callerDid, change.reason, now),
    );
  }

  /** How many effects wait for the outside, and how many were given up on. For the operator. */
  async outboxCounts(): Promise<{ waiting: number; parked: number }> {
    return this.#isStored ? countEffects(this.#storage.sql) : { waiting: 0, parked: 0 };
  }

  /** Does what is due. Never throws: what fails backs off by itself, since the platform gives up after six tries. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#timers.alarmRang(now);
    for (const { kind, attempts } of this.#timers.due(now)) {
      try {
        await this.#runTimer(kind, attempts, now);
      } catch (error) {
        console.error("timer failed", kind, error instanceof Error ? error.name : "unknown");
        this.#timers.postpone(kind, now + retryDelayMs(attempts));
      }
    }
    this.#timers.rearm();
  }

  async #runTimer(kind: TimerKind, attempts: number, now: number): Promise<void> {
    const { sql } = this.#storage;
    switch (kind) {
      case "relay-outbox": {
        const report = await relayOutbox(sql, d1Outside(this.env.DB), now);
        if (report.failed > 0) {
          console.warn("outbox: relay fell short", JSON.stringify(report));
          this.#timers.postpone(kind, now + retryDelayMs(attempts));
        } else {
          this.#timers.settle(kind, hasWaitingEffects(sql) ? now : undefined);
        }
        return;
      }
      case "expire-pending":
        this.#transaction(() => {
          expireLapsed(sql, this.#timers, now);
          this.#timers.settle(kind, nextLapse(sql));
        });
        return;
      case "forget-answers":
        this.#timers.settle(kind, forgetOldAnswers(sql, now));
        return;
    }
  }

  #change(
    change: ChangeBooking,
    decide: (booking: Booking, now: number) => Result<Booking>,
  ): Result<Booking> {
    return this.#transaction(() => {
      const now = Date.now();
      const booking = this.#find(change.uid);
      if (!booking) {
        return refused({ code: "BookingNotFound" });
      }
      const decided = decide(booking, now);
      if (decided.ok) {
        recordDecision(this.#storage.sql, this.#timers, decided.value, change.callerDid, now);
      }
      return decided;
    });
  }

  /** One atomic, synchronous block. `work` must not be async: it would be committed at its first await. */
  #transaction<Value>(work: () => Value): Value {
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#timers.forgetWhatIsKnown();
      throw error;
    }
  }

  /** Whether a request needs to wait for nothing: the records are fresh, and nobody else has to be asked about the booker. */
  #canDecideNow(command: RequestBooking): boolean {
    const records = this.#records.current;
    return (
      this.#isStored &&
      records !== undefined &&
      this.#records.isFresh(Date.now()) &&
      audienceOf(records, command) === "anyone"
    );
  }

  #find(uid: string): Booking | undefined {
    return this.#isStored ? findBooking(this.#storage.sql, uid) : undefined;
  }

  /** Only somebody who can be booked here gets storage, so made-up and foreign DIDs cost none. */
  #keepRecords(records: HostRecords): void {
    if (records.bookable || this.#isStored) {
      this.#storage.transactionSync(() => {
        if (!this.#isStored) {
          applySchema(this.#storage.sql);
        }
        storeRecords(this.#storage.sql, records);
      });
      this.#isStored = true;
    }
  }
}
