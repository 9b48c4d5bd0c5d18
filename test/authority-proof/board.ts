/** What the actors of a run have learnt so far: bookings, holds, and what they asked for. It may be out of date, as with people. */

import { blocks } from "./booked.ts";
import type { Booked } from "./booked.ts";
import type { Ask, Operation } from "./history.ts";

/** A booking as it was last seen. */
export type Seen = Pick<Booked, "uid" | "booker" | "sequence" | "status" | "meetingType">;

/** A hold that its booker believes to have. */
export interface Held {
  readonly id: string;
  readonly offer: string;
  readonly start: number;
}

const MOST_OVER = 50;

export class Board {
  readonly #seen = new Map<string, Seen>();
  readonly #live = new Map<string, Seen>();
  #over: readonly Seen[] = [];
  readonly #holds = new Map<string, Held[]>();
  readonly #asked = new Map<string, Ask[]>();

  /** The uid of every booking that anybody has seen. */
  uids(): readonly string[] {
    return [...this.#seen.keys()];
  }

  /** Bookings that were pending or confirmed when last seen, oldest first. */
  live(): readonly Seen[] {
    return [...this.#live.values()];
  }

  /** Bookings that were seen to be over lately, oldest first. */
  over(): readonly Seen[] {
    return this.#over;
  }

  holdsOf(actor: string): readonly Held[] {
    return this.#holds.get(actor) ?? [];
  }

  /** What an actor asked for with a requestId, oldest first. */
  askedBy(actor: string): readonly Ask[] {
    return this.#asked.get(actor) ?? [];
  }

  /** An actor is about to ask. */
  asks(actor: string, ask: Ask): void {
    if (!("requestId" in ask)) return;
    const asked = this.#asked.get(actor) ?? [];
    this.#asked.set(actor, [...asked, ask].slice(-20));
  }

  learn({ actor, ask, answer }: Operation): void {
    if (answer.kind === "booking") {
      const { uid, sequence, status, booker, meetingType } = answer.booking;
      this.#see({ uid, sequence, status, booker: booker.did, meetingType: meetingType.rkey });
    }
    if (answer.kind === "hold" && ask.kind === "hold") {
      const { offer, start } = ask;
      this.#holds.set(actor, [...this.holdsOf(actor), { id: answer.id, offer, start }].slice(-4));
    }
    const spent = "holdId" in ask && answer.kind !== "refused" ? ask.holdId : undefined;
    if (spent !== undefined) {
      this.#holds.set(
        actor,
        this.holdsOf(actor).filter(({ id }) => id !== spent),
      );
    }
  }

  #see(seen: Seen): void {
    const known = this.#seen.get(seen.uid);
    if (known !== undefined && known.sequence >= seen.sequence) return;
    this.#seen.set(seen.uid, seen);
    if (blocks(seen)) this.#live.set(seen.uid, seen);
    else {
      this.#live.delete(seen.uid);
      this.#over = [...this.#over, seen].slice(-MOST_OVER);
    }
  }
}
