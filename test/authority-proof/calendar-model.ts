/** One host's calendar as it should be: a plain sequential program that says what it would answer next. Every step can be undone. */

import { blocks, bookedOf } from "./booked.ts";
import type { Booked } from "./booked.ts";
import { changed, needsApproval, refusalOfChange, roleOf } from "./booking-life.ts";
import type { ChangeAsk } from "./booking-life.ts";
import type { History } from "./history.ts";
import type { Offer } from "./offers.ts";
import { claimOf, coincide, refusalOf, startsOf } from "./slot-rules.ts";
import type { Claim } from "./slot-rules.ts";
import type { Step, StepAnswer } from "./steps.ts";
import { fit, misfit, refused, repeats, shows } from "./verdict.ts";
import type { Held, Live, Verdict } from "./verdict.ts";
import { instant } from "./words.ts";

/** How many live holds, and how many waiting requests, one booker may have. */
export const MOST_HOLDS = 2;
export const MOST_PENDING = 5;

/** One decision about a booking. */
export interface Decided {
  readonly booked: Booked;
  readonly actor: string;
  readonly ask: "book" | ChangeAsk["kind"];
}

export class CalendarModel {
  readonly #rules: Pick<History, "host" | "opening">;
  readonly #offers: ReadonlyMap<string, Offer>;
  readonly #bookings = new Map<string, Booked>();
  readonly #answers = new Map<string, { readonly ask: string; readonly answer: StepAnswer }>();
  readonly #decided: Decided[] = [];
  // Never changed in place, so that going back is taking the one before.
  #holds: readonly Held[] = [];
  #live: readonly Live[] = [];

  constructor(history: Pick<History, "host" | "opening" | "offers">) {
    this.#rules = history;
    this.#offers = new Map(history.offers.map((offer) => [offer.rkey, offer]));
  }

  get holds(): readonly Held[] {
    return this.#holds;
  }

  get live(): readonly Live[] {
    return this.#live;
  }

  /** In their order. */
  get decided(): readonly Decided[] {
    return this.#decided;
  }

  /** What it would answer if this step came next. */
  judge(step: Step): Verdict {
    const { ask } = step;
    if (step.answer.kind === "nothing" && ask.kind !== "lapse") return fit();
    const known = this.#answers.get(requestKeyOf(step) ?? "");
    if (known !== undefined) {
      return known.ask === JSON.stringify(ask)
        ? repeats(step, known.answer)
        : refused(step, "409 RequestIdReused");
    }
    switch (ask.kind) {
      case "hold":
      case "book":
        return this.#request(step, ask);
      case "release":
      case "lapse":
        return this.#letGo(step, ask.holdId);
      case "slots":
        return this.#list(step, this.#offer(ask.offer));
      case "read":
      case "confirm":
      case "decline":
      case "cancel":
      case "reschedule":
        return this.#change(step, ask);
    }
  }

  /** Takes a step whose verdict is that it fits. The returned function takes it back; the latest must be taken back first. */
  apply(step: Step, { change }: Verdict): () => void {
    const before = { holds: this.#holds, live: this.#live };
    const key = requestKeyOf(step);
    const isNew = key !== undefined && !this.#answers.has(key);
    if (isNew) this.#answers.set(key, { ask: JSON.stringify(step.ask), answer: step.answer });
    this.#holds = change?.holds ?? this.#holds;
    const takeBack = change?.booked && this.#decide(change.booked, step);
    return () => {
      takeBack?.();
      if (isNew) this.#answers.delete(key);
      this.#holds = before.holds;
      this.#live = before.live;
    };
  }

  #decide(booked: Booked, { actor, ask }: Step): () => void {
    const previous = this.#bookings.get(booked.uid);
    this.#bookings.set(booked.uid, booked);
    const others = this.#live.filter((live) => live.booked.uid !== booked.uid);
    const claim = claimOf(this.#offer(booked.meetingType), booked.start);
    this.#live = blocks(booked) ? [...others, { ...claim, booked }] : others;
    if (ask.kind === "book" || "uid" in ask) this.#decided.push({ booked, actor, ask: ask.kind });
    return () => {
      this.#decided.pop();
      if (previous === undefined) this.#bookings.delete(booked.uid);
      else this.#bookings.set(booked.uid, previous);
    };
  }

  #request(step: Step, ask: Extract<Step["ask"], { kind: "hold" | "book" }>): Verdict {
    const { actor, answer } = step;
    const offer = this.#offer(ask.offer);
    const wanted = claimOf(offer, ask.start);
    const own = this.#holds.filter(({ booker }) => booker === actor);
    const standing = this.#standing(actor, offer.isManual);
    if (standing !== undefined) return refused(step, standing);
    const taken = this.#slotRefusal(step, wanted);
    if (taken !== undefined) {
      const lostHold =
        ask.kind === "book" && ask.holdId !== undefined && own.every(({ id }) => id !== ask.holdId);
      const isGivenAway = taken === "409 SlotTaken" || taken === "422 LimitReached";
      return refused(step, lostHold && isGivenAway ? "410 HoldExpired" : taken, wanted);
    }
    const beside = own.filter((hold) => !coincide(hold, wanted));
    if (ask.kind === "hold") {
      if (answer.kind !== "hold" || answer.status !== 201) return misfit("201 and a hold", wanted);
      const given = { ...wanted, id: answer.id, booker: actor, expiresAt: answer.expiresAt };
      const kept = new Set([given, ...beside.toSorted(oldestLast).slice(0, MOST_HOLDS - 1)]);
      return fit({
        holds: [...this.#holds, given].filter((hold) => hold.booker !== actor || kept.has(hold)),
      });
    }
    if (answer.kind !== "booking") return misfit("201 and a booking", wanted);
    const { uid, createdAt } = bookedOf(answer.booking);
    if (this.#bookings.has(uid)) return misfit("201 and another uid");
    const booked: Booked = {
      uid,
      sequence: 0,
      status: offer.isManual ? "pending" : "confirmed",
      booker: actor,
      meetingType: offer.rkey,
      start: wanted.start,
      end: wanted.end,
      createdAt,
      ...(!offer.isManual && { confirmedAt: createdAt }),
    };
    const kept = new Set(beside.filter(({ id }) => id !== ask.holdId));
    const holds = this.#holds.filter((hold) => hold.booker !== actor || kept.has(hold));
    return shows(step, booked, { holds, booked }, wanted);
  }

  #change(step: Step, ask: ChangeAsk): Verdict {
    const booking = this.#bookings.get(ask.uid);
    if (booking === undefined) return refused(step, "404 BookingNotFound");
    const role = roleOf(booking, step.actor, this.#rules.host);
    const refusal = refusalOfChange(booking, ask, role);
    if (refusal !== undefined || role === undefined) return refused(step, refusal ?? "403 NotYourBooking");
    if (ask.kind === "read") return shows(step, booking);
    const offer = this.#offer(booking.meetingType);
    if (ask.kind === "reschedule") {
      const waits = needsApproval(offer, role);
      const standing = role === "booker" ? this.#standing(step.actor, waits, ask.uid) : undefined;
      const taken = standing ?? this.#slotRefusal(step, claimOf(offer, ask.start), ask.uid);
      if (taken !== undefined) return refused(step, taken, claimOf(offer, ask.start));
    }
    const booked = changed(booking, ask, { role, offer, at: step.at });
    return shows(step, booked, { booked }, claimOf(offer, booked.start));
  }

  #letGo({ actor, ask, answer }: Step, holdId: string): Verdict {
    if (ask.kind === "release" && answer.kind !== "released") return misfit("204");
    const gone = this.#holds.find(
      ({ id, booker }) => id === holdId && (ask.kind === "lapse" || booker === actor),
    );
    return fit(gone && { holds: this.#holds.filter((hold) => hold !== gone) });
  }

  #list({ answer, askedAt }: Step, offer: Offer): Verdict {
    if (answer.kind !== "slots") return misfit("200 and slots");
    const seen = new Set(answer.starts);
    const others = this.#othersThan("anybody");
    const wrong = startsOf(offer, this.#rules.opening).find((start) => {
      const isFree = refusalOf(claimOf(offer, start), others, this.#rules.opening, askedAt) === undefined;
      return isFree !== seen.delete(start);
    });
    const [extra] = seen;
    const about = wrong ?? extra;
    if (about === undefined) return fit();
    const says = answer.starts.includes(about) ? "without" : "with";
    return misfit(`200 and slots ${says} ${instant(about)}`, claimOf(offer, about));
  }

  /** Why this person may ask for nothing, whatever the slot. @param besides a booking that does not count */
  #standing(actor: string, wouldWait: boolean, besides?: string): string | undefined {
    if (actor === this.#rules.host) return "403 NotAllowed";
    const waiting = this.#live.filter(
      ({ booked }) => booked.status === "pending" && booked.booker === actor && booked.uid !== besides,
    );
    return wouldWait && waiting.length >= MOST_PENDING ? "422 TooManyPending" : undefined;
  }

  /** Why this person may not have this slot. Their own holds are free to them. @param besides a booking that leaves its slot */
  #slotRefusal({ actor, askedAt }: Step, wanted: Claim, besides?: string): string | undefined {
    return refusalOf(wanted, this.#othersThan(actor, besides), this.#rules.opening, askedAt);
  }

  #othersThan(actor: string, besides?: string): Claim[] {
    return [
      ...this.#live.filter(({ booked }) => booked.uid !== besides),
      ...this.#holds.filter(({ booker }) => booker !== actor),
    ];
  }

  #offer(rkey: string): Offer {
    const offer = this.#offers.get(rkey);
    if (offer === undefined) throw new Error(`The host of this history offers no ${rkey}.`);
    return offer;
  }
}

/** Given in the same millisecond, one is as old as the other; their ids decide. */
function oldestLast(one: Held, other: Held): number {
  return other.expiresAt - one.expiresAt || (one.id < other.id ? 1 : -1);
}

/** A requestId is known by whoever made it. */
function requestKeyOf({ actor, ask }: Step): string | undefined {
  return "requestId" in ask ? `${actor} ${ask.requestId}` : undefined;
}
