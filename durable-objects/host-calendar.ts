/** The authority: one per host, named by DID. Decides every booking of that host, each in one synchronous transaction. */

import { DurableObject } from "cloudflare:workers";
import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { type Booking, type Decision, effectiveStatus } from "../scheduling/booking.ts";
import { decideCancel, decideConfirm, decideDecline } from "../scheduling/booking-decisions.ts";
import type { GivenHold } from "../scheduling/hold-decision.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { admit, audienceOf, type Asker } from "./admission.ts";
import { findAnswer } from "./answers.ts";
import { bookableHere } from "./bookable.ts";
import { findBooking } from "./booking-store.ts";
import { commitHold, commitRelease, type HoldSlot } from "./commit-hold.ts";
import { commitRequest, type RequestBooking } from "./commit-request.ts";
import { commitReschedule, type RescheduleBooking } from "./commit-reschedule.ts";
import { expireLapsed, recordDecision } from "./decisions.ts";
import { type LogRow, readLog } from "./decision-log.ts";
import { Desk } from "./desk.ts";
import { doDueWork } from "./due-work.ts";
import { applySchema, hasSchema } from "./host-calendar-schema.ts";
import { commitPolicy, type HostPolicy, type PolicyChange, readPolicy } from "./host-policy.ts";
import { Live } from "./live.ts";
import { countEffects } from "./outbox.ts";
import { readStoredRecords, RecordsSnapshot, storeRecords } from "./records-snapshot.ts";
import { type Explanation, type ExplanationQuery, slotExplanation } from "./slot-explanation.ts";
import { slotList, type SlotList, type SlotQuery } from "./slot-list.ts";
import { retryDelayMs } from "./timers.ts";

/** A change of an existing booking, asked for by one of its people. */
export interface ChangeBooking {
  readonly uid: string;
  readonly callerDid: string;
  readonly reason?: string;
}

export class HostCalendar extends DurableObject<Env> {
  readonly #hostDid: string;
  readonly #desk: Desk;
  readonly #live: Live;
  readonly #records: RecordsSnapshot;
  /** Whether this object has tables yet. */
  #isStored: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    if (ctx.id.name === undefined) {
      throw new Error("A HostCalendar is reached by its host's DID: use getByName(did).");
    }
    this.#hostDid = ctx.id.name;
    this.#desk = new Desk(ctx.storage);
    this.#live = new Live(ctx, Date.now());
    this.#isStored = hasSchema(ctx.storage.sql);
    if (this.#isStored) {
      ctx.storage.transactionSync(() => applySchema(ctx.storage.sql));
      this.#desk.timers.rearm();
    }
    const stored = this.#isStored ? readStoredRecords(ctx.storage.sql) : undefined;
    this.#records = new RecordsSnapshot(this.#hostDid, env, stored);
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
    return records.ok ? slotList(this.#desk.sql, records.value, query, Date.now()) : records;
  }

  /** Why times of one meeting type are not offered; what would show the host's private time, for the host only. */
  async explainSlots(query: ExplanationQuery): Promise<Result<Explanation>> {
    const records = await this.getHost();
    return records.ok ? slotExplanation(this.#desk.sql, records.value, query, Date.now()) : records;
  }

  /** Holds a slot for five minutes. A repeat of a `requestId` gets the first answer again. */
  async holdSlot(command: HoldSlot): Promise<Result<GivenHold>> {
    const known = this.#isStored ? findAnswer(this.#desk.sql, "hold", command) : undefined;
    if (known) {
      return known;
    }
    const admitted = await this.#admitted(command);
    return admitted.ok
      ? this.#decide((now) => commitHold(this.#desk, this.#records.current, admitted.value, command, now))
      : admitted;
  }

  /** Lets go of a hold of this booker; one that is gone already is no error. */
  async releaseHold(id: string, bookerDid: string): Promise<void> {
    if (this.#isStored) {
      this.#decide((now) => commitRelease(this.#desk, id, bookerDid, now));
    }
  }

  /**
   * Asks for a slot. Whatever must be waited for comes first; then one synchronous transaction reads, decides and writes.
   * A repeat of a `requestId` gets the first answer again.
   */
  async requestBooking(command: RequestBooking): Promise<Result<Booking>> {
    let audience: BookableBy = "anyone";
    if (!this.#canDecideNow(command)) {
      // A repeat depends on nobody's PDS and on no change of the records; where nothing is waited for, the transaction finds it.
      const known = this.#isStored ? findAnswer(this.#desk.sql, "booking", command) : undefined;
      if (known) {
        return known;
      }
      const admitted = await this.#admitted(command);
      if (!admitted.ok) {
        return admitted;
      }
      audience = admitted.value;
    }
    // Nothing is awaited from here on: what is read is what is decided upon.
    return this.#decide((now) => commitRequest(this.#desk, this.#records.current, audience, command, now));
  }

  /** Moves a booking to another slot, for either of its people. A repeat of a `requestId` gets the first answer again. */
  async rescheduleBooking(command: RescheduleBooking): Promise<Result<Booking>> {
    const booking = this.#find(command.uid);
    if (!booking) {
      return refused({ code: "BookingNotFound" });
    }
    if (command.callerDid !== booking.host.did && command.callerDid !== booking.booker.did) {
      return refused({ code: "NotYourBooking" });
    }
    const known = findAnswer(this.#desk.sql, "booking", command);
    if (known) {
      return known;
    }
    const host = await this.getHost();
    if (!host.ok) {
      return host;
    }
    return this.#decide((now) => commitReschedule(this.#desk, this.#records.current, command, now));
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

  /** What the host has set about requests. */
  async readPolicy(): Promise<HostPolicy> {
    return this.#isStored ? readPolicy(this.#desk.sql) : { blocked: [] };
  }

  /** Changes what the host has set about requests; existing bookings stay as they are. HostNotFound for somebody who is no host. */
  async changePolicy(change: PolicyChange): Promise<Result<HostPolicy>> {
    const host = await this.getHost();
    return host.ok ? this.#decide((now) => commitPolicy(this.#desk.sql, change, now)) : host;
  }

  /** Rows of the decision log after `seq`, in order, at most a thousand. */
  async readLog(seq: number): Promise<readonly LogRow[]> {
    return this.#isStored ? readLog(this.#desk.sql, seq, 1000) : [];
  }

  /** How many effects wait for the outside, and how many were given up on. For the operator. */
  async outboxCounts(): Promise<{ waiting: number; parked: number }> {
    return this.#isStored ? countEffects(this.#desk.sql) : { waiting: 0, parked: 0 };
  }

  /** A viewer's WebSocket (RFC 6455); `?after=` is the last change they know. The door has checked that this is a host. */
  override async fetch(request: Request): Promise<Response> {
    const after = new URL(request.url).searchParams.get("after");
    return this.#live.open(after === null ? undefined : Number(after));
  }

  /** Viewers have nothing to say; whoever says something other than what the runtime answers by itself is cut off. */
  override async webSocketMessage(socket: WebSocket): Promise<void> {
    socket.close(1008, "Nothing is expected from viewers.");
  }

  /** Does what is due. Never throws: what fails backs off by itself, since the platform gives up after six tries. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    const { timers } = this.#desk;
    timers.alarmRang(now);
    for (const { kind, attempts } of timers.due(now)) {
      try {
        await doDueWork(kind, attempts, this.#desk, this.env, (work) => this.#transaction(work), now);
      } catch (error) {
        console.error("timer failed", kind, error instanceof Error ? error.name : "unknown");
        timers.postpone(kind, now + retryDelayMs(attempts));
      }
    }
    timers.rearm();
  }

  #change(
    change: ChangeBooking,
    decide: (booking: Booking, now: number) => Result<Decision>,
  ): Result<Booking> {
    return this.#decide((now) => {
      const booking = this.#find(change.uid);
      if (!booking) {
        return refused({ code: "BookingNotFound" });
      }
      const decided = decide(booking, now);
      if (!decided.ok) {
        return decided;
      }
      recordDecision(this.#desk, decided.value, change.callerDid, now);
      return accepted(decided.value.booking);
    });
  }

  /** One transaction at one instant, after what time has decided meanwhile. */
  #decide<Value>(commit: (now: number) => Value): Value {
    return this.#transaction(() => {
      const now = Date.now();
      if (this.#isStored) {
        expireLapsed(this.#desk, now);
      }
      return commit(now);
    });
  }

  #transaction<Value>(work: () => Value): Value {
    const { value, changes } = this.#desk.transaction(work);
    this.#live.publish(changes);
    return value;
  }

  /** Waits until the booker may ask: the audience for which they were admitted, or why they were not. */
  #admitted(asker: Asker): Promise<Result<BookableBy>> {
    return admit(this.env, asker, () => this.getHost());
  }

  /** Whether a request needs to wait for nothing: the records are fresh, and nobody else has to be asked about the booker. */
  #canDecideNow(asker: Asker): boolean {
    const records = this.#records.current;
    return (
      this.#isStored &&
      records !== undefined &&
      this.#records.isFresh(Date.now()) &&
      audienceOf(records, asker) === "anyone"
    );
  }

  #find(uid: string): Booking | undefined {
    return this.#isStored ? findBooking(this.#desk.sql, uid) : undefined;
  }

  /** Only somebody who can be booked here gets storage, so made-up and foreign DIDs cost none. */
  #keepRecords(records: HostRecords): void {
    if (records.bookable || this.#isStored) {
      this.#desk.transaction(() => {
        if (!this.#isStored) {
          applySchema(this.#desk.sql);
        }
        storeRecords(this.#desk.sql, records);
      });
      this.#isStored = true;
    }
  }
}
