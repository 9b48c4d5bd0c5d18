/** Histories written by hand, right or wrong: says what was answered, and does not ask whether it should have been. */

import type { BookingJson } from "../../worker/wire.ts";
import type { Answer, Ask, History, Operation } from "./history.ts";
import { DAY, MINUTE } from "./offers.ts";
import type { Offer, Opening } from "./offers.ts";
import { claimOf } from "./slot-rules.ts";
import { HOLD_MS } from "./steps.ts";

export const HOST = "did:plc:host";

/** A Monday at midnight, and Thursday of the week after. */
const NOW = Date.UTC(2026, 10, 30);
const THURSDAY = NOW + 10 * DAY;

const plain = { minutes: 30, everyMinutes: 30, minutesBefore: 0, minutesAfter: 0, isManual: false };
const OFFERS: readonly Offer[] = [
  { ...plain, rkey: "quick", title: "At once" },
  { ...plain, rkey: "asked", title: "On request", isManual: true },
  { ...plain, rkey: "airy", title: "With air around it", minutesBefore: 10, minutesAfter: 15 },
  { ...plain, rkey: "daily", title: "One a day", maxPerDay: 1 },
  { ...plain, rkey: "weekly", title: "Two a week", maxPerWeek: 2 },
];
const OPENING: Opening = { fromMinute: 540, untilMinute: 720, horizonDays: 30, firstDay: THURSDAY, days: 6 };

/** When something was asked and answered, ms, and what the authority says about when it decided. Absent: next in line. */
export interface Times {
  readonly from?: number;
  readonly to?: number;
  readonly at?: number;
}

/** An instant of the opening: `time` as `09:30`, `day` 0 for Thursday to 5 for Tuesday. */
export function at(time: string, day = 0): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return THURSDAY + day * DAY + (hours * 60 + minutes) * MINUTE;
}

export class Story {
  readonly #operations: Operation[] = [];
  readonly #bookings = new Map<string, BookingJson>();
  readonly #notifications: History["rows"]["notifications"][number][] = [];
  #now = 0;
  #names = 0;

  /** Something was asked and answered, whatever it changed. */
  tells(actor: string, ask: Ask, answer: Answer | string, times: Times = {}): Answer {
    const { from = this.#now, to = from + 10 } = times;
    const [status = "", error = ""] = typeof answer === "string" ? answer.split(" ") : [];
    const told: Answer =
      typeof answer === "string" ? { kind: "refused", status: Number(status), error } : answer;
    const id = this.#operations.length;
    this.#operations.push({ id, actor, ask, invokedAt: from, answeredAt: to, answer: told });
    this.#now = Math.max(this.#now, to + 10);
    return told;
  }

  /** A hold was given; returns its id. */
  holds(actor: string, offer: string, start: number, times: Times = {}): string {
    const id = this.#name("hold");
    const expiresAt = NOW + (times.at ?? (times.from ?? this.#now) + 5) + HOLD_MS;
    const ask: Ask = { kind: "hold", offer, start, requestId: this.#name("request") };
    this.tells(actor, ask, { kind: "hold", status: 201, id, expiresAt }, times);
    return id;
  }

  /** A booking was made; returns its uid. */
  books(
    actor: string,
    offer: string,
    start: number,
    more: Times & { readonly holdId?: string } = {},
  ): string {
    const { holdId, ...times } = more;
    const uid = this.#name("booking");
    const booking = newBooking(uid, actor, offerOf(offer), start, this.#dated(times));
    const requestId = this.#name("request");
    const ask: Ask = { kind: "book", offer, start, requestId, ...(holdId !== undefined && { holdId }) };
    this.tells(actor, ask, { kind: "booking", status: 201, booking }, times);
    this.#decided(actor, booking, booking.status === "pending" ? "requested" : "confirmed");
    return uid;
  }

  /** A booking was changed. */
  changes(
    actor: string,
    kind: "confirm" | "decline" | "cancel",
    uid: string,
    times: Times = {},
  ): BookingJson {
    const booking = this.changed(actor, kind, uid, times);
    this.tells(actor, { kind, uid }, { kind: "booking", status: 200, booking }, times);
    this.#decided(actor, booking, EVENTS[kind]);
    return booking;
  }

  /** It was changed, and nobody was told. */
  changesUnheard(
    actor: string,
    kind: "confirm" | "decline" | "cancel",
    uid: string,
    times: Times = {},
  ): void {
    const booking = this.changed(actor, kind, uid, times);
    this.tells(actor, { kind, uid }, { kind: "unknown" }, times);
    this.#decided(actor, booking, EVENTS[kind]);
  }

  /** A booking was moved. */
  moves(actor: string, uid: string, start: number, times: Times = {}): void {
    const before = this.booking(uid);
    const isPending = actor !== HOST && offerOf(before.meetingType.rkey).isManual;
    const { confirmedAt = this.#dated(times), ...rest } = before;
    const booking: BookingJson = {
      ...rest,
      sequence: before.sequence + 1,
      status: isPending ? "pending" : "confirmed",
      start: rfc3339(start),
      end: rfc3339(claimOf(offerOf(before.meetingType.rkey), start).end),
      ...(!isPending && { confirmedAt }),
      rescheduledAt: this.#dated(times),
      rescheduledBy: actor === HOST ? "host" : "booker",
      previousStart: before.start,
    };
    const ask: Ask = { kind: "reschedule", uid, start, requestId: this.#name("request") };
    this.tells(actor, ask, { kind: "booking", status: 200, booking }, times);
    this.#decided(actor, booking, "rescheduled");
  }

  /** Somebody was shown the booking. */
  reads(actor: string, booking: BookingJson, times: Times = {}): void {
    this.tells(actor, { kind: "read", uid: booking.uid }, { kind: "booking", status: 200, booking }, times);
  }

  /** What would come of a change. */
  changed(
    actor: string,
    kind: "confirm" | "decline" | "cancel",
    uid: string,
    times: Times = {},
  ): BookingJson {
    const before = this.booking(uid);
    const next = { ...before, sequence: before.sequence + 1 };
    const decidedAt = this.#dated(times);
    switch (kind) {
      case "confirm":
        return { ...next, status: "confirmed", confirmedAt: decidedAt };
      case "decline":
        return { ...next, status: "declined" };
      case "cancel":
        return {
          ...next,
          status: "cancelled",
          cancelledAt: decidedAt,
          cancelledBy: actor === HOST ? "host" : "booker",
        };
    }
  }

  /** The booking as it is now. */
  booking(uid: string): BookingJson {
    const booking = this.#bookings.get(uid);
    if (booking === undefined) throw new Error(`The story has no ${uid}.`);
    return booking;
  }

  /** The whole of it: its host reads every booking in the end, and D1 has caught up. */
  history(): History {
    const closing = [...this.#bookings.values()].map((booking, index): Operation => ({
      id: this.#operations.length + index,
      actor: HOST,
      ask: { kind: "read", uid: booking.uid },
      invokedAt: this.#now,
      answeredAt: this.#now + 10,
      answer: { kind: "booking", status: 200, booking },
    }));
    const bookings = [...this.#bookings.values()].map(({ uid, sequence, status, start, end }) => ({
      uid,
      sequence,
      status,
      start: Date.parse(start),
      end: Date.parse(end),
    }));
    return {
      seed: 0,
      host: HOST,
      offers: OFFERS,
      opening: OPENING,
      clock: { epoch: NOW, slack: 2 },
      kills: 0,
      lostAnswers: 0,
      operations: this.#operations,
      closing,
      rows: { bookings, notifications: this.#notifications },
    };
  }

  #decided(actor: string, booking: BookingJson, event: string): void {
    this.#bookings.set(booking.uid, booking);
    const recipient = actor === HOST ? booking.booker.did : HOST;
    this.#notifications.push({ uid: booking.uid, recipient, kind: `booking.${event}` });
  }

  #dated({ at: decidedAt, from }: Times): string {
    return rfc3339(NOW + (decidedAt ?? (from ?? this.#now) + 5));
  }

  #name(kind: string): string {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }
}

const EVENTS = { confirm: "confirmed", decline: "declined", cancel: "cancelled" } as const;

/** A booking as it is when it has just been made. @param decidedAt RFC 3339 */
export function newBooking(
  uid: string,
  booker: string,
  offer: Offer,
  start: number,
  decidedAt: string,
): BookingJson {
  const { rkey, title, isManual } = offer;
  return {
    uid,
    sequence: 0,
    status: isManual ? "pending" : "confirmed",
    host: { did: HOST, handle: "host.test" },
    booker: { did: booker, handle: `${booker}.test` },
    meetingType: { rkey, title },
    start: rfc3339(start),
    end: rfc3339(claimOf(offer, start).end),
    timeZone: "UTC",
    createdAt: decidedAt,
    ...(!isManual && { confirmedAt: decidedAt }),
  };
}

export function offerOf(rkey: string): Offer {
  const offer = OFFERS.find((one) => one.rkey === rkey);
  if (offer === undefined) throw new Error(`Nobody offers ${rkey}.`);
  return offer;
}

export function rfc3339(instant: number): string {
  return new Date(instant).toISOString();
}
