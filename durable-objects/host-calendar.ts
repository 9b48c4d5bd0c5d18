/** The authority: one per host, named by DID. Decides every booking of that host, each in one synchronous transaction. */

import { DurableObject } from "cloudflare:workers";
import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { type Booking, type Decision, effectiveStatus, roleOf } from "../scheduling/booking.ts";
import { decideCancel, decideConfirm, decideDecline } from "../scheduling/booking-decisions.ts";
import type { GivenHold } from "../scheduling/hold-decision.ts";
import type { InvitationReply } from "../scheduling/invitation-reply.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { admit, audienceOf, type Asker } from "./admission.ts";
import { findAnswer } from "./answers.ts";
import { bookableHere } from "./bookable.ts";
import { findBooking } from "./booking-store.ts";
import { type CalendarWork, type ConnectionView, NOT_CONNECTED, viewsOf } from "./calendars/calendar-work.ts";
import { commitHold, commitRelease, type HoldSlot } from "./commit-hold.ts";
import { commitRequest, type RequestBooking } from "./commit-request.ts";
import { commitReschedule, type RescheduleBooking } from "./commit-reschedule.ts";
import { conflicts } from "./calendars/conflicts.ts";
import { type CalendarChoice, choose } from "./calendars/choosing-calendars.ts";
import {
  connect,
  type ConnectCalendars,
  giveAccess,
  letGo,
  readNow,
} from "./calendars/connecting-calendars.ts";
import { expireLapsed, recordDecision } from "./decisions.ts";
import { type LogRow, readLog } from "./decision-log.ts";
import { Desk } from "./desk.ts";
import { answerAlarm, reconcileAndTell, setAlarm } from "./due-work.ts";
import {
  beginConsent,
  type ConsentOutcome,
  takeConsent,
  type WantedConsent,
} from "./calendars/google-consents.ts";
import { applySchema, hasSchema } from "./host-calendar-schema.ts";
import type { HostPolicy, PolicyChange } from "./host-policy.ts";
import { Live } from "./live.ts";
import { oweInvitations } from "./mail/owing-mail.ts";
import { commitReply, type ReplyOutcome } from "./mail/taking-replies.ts";
import { EMPTY_OUTBOX, type OutboxState, outboxState } from "./outbox-state.ts";
import { unparkAll } from "./outbox-store.ts";
import { findPastBooking, refusedAsPast } from "./past-bookings.ts";
import { NOTHING_OWED, type Rebuilding, rebuild } from "./rebuilding.ts";
import { bringUpToDate, hasten, pushed } from "./calendars/reading-calendars.ts";
import { NOTHING_COMPARED, type Reconciliation } from "./reconciliation.ts";
import { readStoredRecords, RecordsSnapshot, storeRecords } from "./records-snapshot.ts";
import { resealWebhooks } from "./webhooks/webhook-secret.ts";
import { forgetWebhook } from "./webhooks/owing-webhooks.ts";
import {
  enable,
  newWebhook,
  NO_WEBHOOK,
  sendAgain,
  tryOut,
  type WebhookView,
  webhookViews,
} from "./webhooks/webhooks.ts";
import { NOTHING_SEALED, resealConnections, type Resealing, sumOf } from "./calendars/resealing.ts";
import { type Explanation, type ExplanationQuery, slotExplanation } from "./slot-explanation.ts";
import { moveList, type MoveQuery, slotList, type SlotList, type SlotQuery } from "./slot-list.ts";
import { NO_STORED_BOOKINGS, type StoredBookingsPage, storedBookings } from "./stored-bookings.ts";
import { type Work, workOf } from "./work.ts";

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
  readonly #readingsUnderWay: CalendarWork["underWay"] = new Map();
  /** Whether this object has tables yet. */
  #isStored: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#desk = new Desk(ctx.storage, () => this.env);
    this.#live = new Live(ctx, Date.now());
    this.#isStored = hasSchema(ctx.storage.sql);
    if (this.#isStored) {
      ctx.storage.transactionSync(() => applySchema(ctx.storage.sql));
      setAlarm(this.#desk, Date.now());
    }
    const stored = this.#isStored ? readStoredRecords(ctx.storage.sql) : undefined;
    // An operator who lost D1 knows this object by its id only.
    const hostDid = ctx.id.name ?? stored?.did;
    if (hostDid === undefined) {
      throw new Error("A HostCalendar is reached by its host's DID: use getByName(did).");
    }
    this.#hostDid = hostDid;
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
    if (this.#isStored) {
      hasten({ desk: this.#desk, transaction: (block) => this.#transaction(block) }, Date.now());
    }
    return records.ok ? slotList(this.#desk, records.value, query, Date.now()) : records;
  }

  /** The slots to which a booking can be moved by one of its people. Refusals: those of moveList, `ended` for what has left the authority. */
  async listMoves(query: MoveQuery): Promise<Result<SlotList>> {
    if (!this.#find(query.uid)) {
      return refusedAsPast(this.#work.history, query, Date.now());
    }
    const records = await this.getHost();
    return records.ok ? moveList(this.#desk, records.value, query, Date.now()) : records;
  }

  /** Why times of one meeting type are not offered; what would show the host's private time, for the host only. */
  async explainSlots(query: ExplanationQuery): Promise<Result<Explanation>> {
    const records = await this.getHost();
    return records.ok ? slotExplanation(this.#desk, records.value, query, Date.now()) : records;
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
      await bringUpToDate(this.#calendars, Date.now());
    }
    // Nothing is awaited from here on: what is read is what is decided upon.
    return this.#decide((now) => commitRequest(this.#desk, this.#records.current, audience, command, now));
  }

  /** Moves a booking to another slot, for either of its people. A repeat of a `requestId` gets the first answer again. */
  async rescheduleBooking(command: RescheduleBooking): Promise<Result<Booking>> {
    const booking = this.#find(command.uid);
    if (!booking) {
      return refusedAsPast(this.#work.history, command, Date.now());
    }
    if (roleOf(booking, command.callerDid) === undefined) {
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
    await bringUpToDate(this.#calendars, Date.now());
    return this.#decide((now) => commitReschedule(this.#desk, this.#records.current, command, now));
  }

  /** A booking, for its two people only. */
  async getBooking(uid: string, viewerDid: string): Promise<Result<Booking>> {
    const held = this.#find(uid);
    const found = held ? accepted(held) : await findPastBooking(this.#work.history, uid, Date.now());
    if (found.ok && roleOf(found.value, viewerDid) === undefined) {
      return refused({ code: "NotYourBooking" });
    }
    return found.ok ? accepted({ ...found.value, status: effectiveStatus(found.value, Date.now()) }) : found;
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

  /** An answer to an invitation, as it came in by mail. */
  async takeReply(uid: string, reply: InvitationReply): Promise<ReplyOutcome> {
    return this.#isStored
      ? this.#decide((now) => commitReply(this.#desk, uid, reply, this.env.PUBLIC_URL, now))
      : { ignored: "other-booking" };
  }

  /** Somebody has proved an address: they are invited to what is ahead of them here. */
  async addressProved(did: string): Promise<void> {
    if (this.#isStored) {
      this.#transaction(() => oweInvitations(this.#desk, did, Date.now()));
    }
  }

  /** What the host has set about requests. */
  async readPolicy(): Promise<HostPolicy> {
    return this.#isStored ? this.#desk.policy.whole() : { blocked: [] };
  }

  /** Changes what the host has set about requests; existing bookings stay as they are. HostNotFound for somebody who is no host. */
  async changePolicy(change: PolicyChange): Promise<Result<HostPolicy>> {
    const host = await this.getHost();
    return host.ok ? this.#decide((now) => this.#desk.policy.commit(change, now)) : host;
  }

  /** The calendars that the host has connected, and how each stands. For the host only. */
  async listCalendars(): Promise<readonly ConnectionView[]> {
    return this.#isStored ? viewsOf(this.#calendars) : [];
  }

  /** Connects an account, once it could be read. Refusals: those of getHost and of connect. */
  async connectCalendars(command: ConnectCalendars): Promise<Result<ConnectionView>> {
    const host = await this.getHost();
    return host.ok ? connect(this.#calendars, command, Date.now()) : host;
  }

  /** A new access to a connected account. Refusals: those of giveAccess, CalendarNotFound. */
  async giveCalendarAccess(
    id: string,
    access: Pick<ConnectCalendars, "kind" | "access">,
  ): Promise<Result<ConnectionView>> {
    return this.#isStored ? giveAccess(this.#calendars, id, access, Date.now()) : NOT_CONNECTED;
  }

  /** Which calendars of a connection block, and which one takes bookings. Refusals: those of choose, CalendarNotFound. */
  async chooseCalendars(id: string, choice: CalendarChoice): Promise<Result<ConnectionView>> {
    return this.#isStored ? choose(this.#calendars, id, choice, Date.now()) : NOT_CONNECTED;
  }

  /** Reads a connection now, and looks for new calendars in it. Refusals: CalendarNotFound. */
  async refreshCalendars(id: string): Promise<Result<ConnectionView>> {
    return this.#isStored ? readNow(this.#calendars, id, Date.now()) : NOT_CONNECTED;
  }

  /** Forgets a connection, its secret and its busy time; one that is not there is no error. */
  async disconnectCalendars(id: string): Promise<void> {
    if (this.#isStored) {
      await letGo(this.#calendars, id, Date.now());
    }
  }

  /** The host's webhooks, and what was sent to them. For the host only, as all about webhooks is. */
  async listWebhooks(): Promise<readonly WebhookView[]> {
    return this.#isStored ? webhookViews(this.#work) : [];
  }

  /** Refusals: those of getHost and of newWebhook. */
  async addWebhook(url: string): Promise<Result<{ readonly webhook: WebhookView; readonly secret: string }>> {
    const host = await this.getHost();
    return host.ok ? newWebhook(this.#work, url, Date.now()) : host;
  }

  /** Forgets one; one that is not there is no error. */
  async removeWebhook(id: string): Promise<void> {
    if (this.#isStored) {
      this.#transaction(() => forgetWebhook(this.#desk, id));
    }
  }

  /** Refusals: those of tryOut. */
  async pingWebhook(id: string): Promise<Result<WebhookView>> {
    return this.#isStored ? tryOut(this.#work, id, Date.now()) : NO_WEBHOOK;
  }

  /** Refusals: those of enable. */
  async enableWebhook(id: string): Promise<Result<WebhookView>> {
    return this.#isStored ? enable(this.#work, id) : NO_WEBHOOK;
  }

  /** Refusals: those of sendAgain. */
  async replayToWebhook(id: string, messageId: string): Promise<Result<WebhookView>> {
    return this.#isStored ? sendAgain(this.#work, id, messageId, Date.now()) : NO_WEBHOOK;
  }

  /** Confirmed bookings ahead on which busy time of the host's calendars lies. For the host only. */
  async listConflicts(): Promise<readonly Booking[]> {
    return this.#isStored ? conflicts(this.#desk.sql, Date.now()) : [];
  }

  /** Google's page on which the host consents; undefined where this broker does not offer Google. Refusals: those of getHost. */
  async beginGoogleConsent(wanted: WantedConsent): Promise<Result<string | undefined>> {
    const host = await this.getHost();
    return host.ok ? accepted(await beginConsent(this.#calendars, wanted, Date.now())) : host;
  }

  /** What the host brought back from there. */
  async finishGoogleConsent(brought: {
    readonly state: string;
    readonly code: string;
  }): Promise<ConsentOutcome> {
    return this.#isStored ? takeConsent(this.#calendars, brought, Date.now()) : { kind: "unknown" };
  }

  /** Google says that something has changed: what the channel is about is read soon. */
  async calendarPushed(channelId: string): Promise<void> {
    if (this.#isStored) {
      this.#transaction(() => pushed(this.#desk, channelId, Date.now()));
    }
  }

  /** Rows of the decision log after `seq`, in order, at most LOG_PAGE. */
  async readLog(seq: number): Promise<readonly LogRow[]> {
    return this.#isStored ? readLog(this.#desk.sql, seq) : [];
  }

  /** Bookings exactly as they are stored, by uid after `afterUid`, at most STORED_BOOKINGS_PAGE. For the host only. */
  async readStoredBookings(afterUid: string): Promise<StoredBookingsPage> {
    return this.#isStored ? storedBookings(this.#desk.sql, afterUid) : NO_STORED_BOOKINGS;
  }

  /** What waits and what was given up on, and why. For the operator. */
  async readOutbox(): Promise<OutboxState> {
    return this.#isStored ? outboxState(this.#desk.sql, this.#desk.timers) : EMPTY_OUTBOX;
  }

  /** Takes back what was given up on, and returns how much. For the operator. */
  async retryParked(): Promise<number> {
    return this.#isStored ? this.#transaction(() => unparkAll(this.#desk, Date.now())) : 0;
  }

  /** Owes D1 everything again. For the operator. */
  async rebuildHistory(): Promise<Rebuilding> {
    return this.#isStored ? rebuild(this.#work, Date.now()) : NOTHING_OWED;
  }

  /** Seals under the active key what opens the host's connections and webhooks, and says whose they are. For the operator. */
  async resealConnections(): Promise<Resealing & { readonly hostDid: string }> {
    if (!this.#isStored) {
      return { hostDid: this.#hostDid, ...NOTHING_SEALED };
    }
    const { sealer } = this.#calendars;
    const counts = sumOf(
      await resealConnections(this.#calendars),
      await resealWebhooks(this.#desk.sql, sealer, this.#hostDid),
    );
    return { hostDid: this.#hostDid, ...counts };
  }

  /** Compares everything with D1 and mends it. For the operator. */
  async reconcileHistory(): Promise<Reconciliation> {
    return this.#isStored ? reconcileAndTell(this.#work, Date.now()) : NOTHING_COMPARED;
  }

  /** A viewer's WebSocket. */
  override async fetch(request: Request): Promise<Response> {
    return this.#live.open(request);
  }

  override async webSocketMessage(socket: WebSocket): Promise<void> {
    this.#live.cutOff(socket);
  }

  /** Does what is due. */
  override async alarm(): Promise<void> {
    await answerAlarm(this.#work, Date.now());
  }

  async #change(
    change: ChangeBooking,
    decide: (booking: Booking, now: number) => Result<Decision>,
  ): Promise<Result<Booking>> {
    const answer = this.#decide((now) => {
      const booking = this.#find(change.uid);
      const decided = booking && decide(booking, now);
      if (!decided?.ok) {
        return decided;
      }
      recordDecision(this.#desk, decided.value, change.callerDid, now);
      return accepted(decided.value.booking);
    });
    return answer ?? refusedAsPast(this.#work.history, change, Date.now());
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
      this.#desk.calendars.seenAt(Date.now())?.isCurrent !== false &&
      audienceOf(records, asker) === "anyone"
    );
  }

  get #work(): Work {
    const parts = { desk: this.#desk, hostDid: this.#hostDid, env: this.env };
    return workOf(
      { ...parts, transaction: (block) => this.#transaction(block), underWay: this.#readingsUnderWay },
      () => this.#records.current,
    );
  }

  get #calendars(): CalendarWork {
    return this.#work.calendars();
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
