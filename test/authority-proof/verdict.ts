/** What the model thinks of a recorded answer: whether it would have given it, and what it would have said. */

import { bookedOf, differences } from "./booked.ts";
import type { Booked } from "./booked.ts";
import type { Claim } from "./slot-rules.ts";
import type { Step, StepAnswer } from "./steps.ts";
import { toldAnswer, toldBooking } from "./words.ts";

/** A hold that has neither been let go of nor run out. */
export interface Held extends Claim {
  readonly id: string;
  readonly booker: string;
  readonly expiresAt: number;
}

/** A pending or confirmed booking. */
export interface Live extends Claim {
  readonly booked: Booked;
}

/** What a step does to the calendar. */
export interface Change {
  /** All that are there afterwards. */
  readonly holds?: readonly Held[];
  readonly booked?: Booked;
}

export interface Verdict {
  /** Whether the recorded answer is the one the model would give. */
  readonly fits: boolean;
  /** The answer it would give; empty when that is the recorded one. */
  readonly says: string;
  /** The time over which they differ. */
  readonly about?: Claim;
  readonly change?: Change;
}

export function fit(change?: Change): Verdict {
  return { fits: true, says: "", ...(change && { change }) };
}

export function misfit(says: string, about?: Claim): Verdict {
  return { fits: false, says, ...(about && { about }) };
}

/** It would be refused. @param refusal status and error */
export function refused({ answer }: Step, refusal: string, about?: Claim): Verdict {
  const isThat = answer.kind === "refused" && `${answer.status} ${answer.error}` === refusal;
  return isThat ? fit() : misfit(refusal, about);
}

/** It would be answered with this booking. @param about its time, where that is new */
export function shows({ ask, answer }: Step, booked: Booked, change?: Change, about?: Claim): Verdict {
  const status = ask.kind === "book" ? 201 : 200;
  if (answer.kind === "applied" && answer.sequence === booked.sequence) return fit(change);
  if (answer.kind !== "booking" || answer.status !== status) {
    return misfit(`${status} ${toldBooking(booked)}`, about);
  }
  const differing = differences(bookedOf(answer.booking), booked);
  return differing.length === 0
    ? fit(change)
    : misfit(`${status} ${toldBooking(booked)}; ${differing.join(", ")} differ`, about);
}

/** It would get again what was answered first. */
export function repeats({ answer }: Step, first: StepAnswer): Verdict {
  const isSame = JSON.stringify(answer) === JSON.stringify(first);
  if (isSame) return fit();
  return misfit(
    `once more ${first.kind === "applied" || first.kind === "nothing" ? "nothing" : toldAnswer(first)}`,
  );
}
