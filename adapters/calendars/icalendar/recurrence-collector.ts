/** Takes the instances of a rule in order, and stops the rule where COUNT, UNTIL, the window or the budget ends. */

import type { Period } from "../../../scheduling/period.ts";
import type { Budget } from "./budget.ts";

/** Where a rule begins, and how far it is asked. All in local milliseconds. */
export interface RuleQuestion {
  /** DTSTART. */
  readonly start: number;
  /** Whether DTSTART is a DATE: times of day in the rule are then ignored, as RFC 5545 says. */
  readonly isDate: boolean;
  /** UNTIL, inclusive, put on the local time line by whoever knows the zone. Infinity where there is none. */
  readonly until: number;
  readonly window: Period;
}

/** What a rule gives inside a window. */
export interface RuleInstances {
  /** Local milliseconds, ascending. */
  readonly locals: number[];
  /** Where the budget ended: nothing is known of the window from here on. Undefined for every sane rule. */
  readonly overrunAt: number | undefined;
}

/** One rule's instances so far. Every method answers whether more are wanted. */
export class Collector {
  readonly question: RuleQuestion;
  readonly locals: number[] = [];
  overrunAt: number | undefined;
  readonly #budget: Budget;
  #remaining: number;

  constructor(question: RuleQuestion, count: number | undefined, budget: Budget) {
    this.question = question;
    this.#remaining = count ?? Number.POSITIVE_INFINITY;
    this.#budget = budget;
  }

  /** An instance at or after DTSTART. */
  take(local: number): boolean {
    const { until, window } = this.question;
    if (local > until || local >= window.end || this.#remaining <= 0) return false;
    this.#remaining -= 1;
    if (local < window.start) return true;
    if (this.#budget.instances <= 0) return this.#overrun(local);
    this.#budget.instances -= 1;
    this.locals.push(local);
    return true;
  }

  /** As many instances, all of them before the window and before UNTIL. */
  skip(count: number): boolean {
    this.#remaining -= count;
    return this.#remaining > 0;
  }

  /** Pays for work about to be done at `local`. */
  pay(steps: number, local: number): boolean {
    if (this.#budget.steps < steps) return this.#overrun(local);
    this.#budget.steps -= steps;
    return true;
  }

  #overrun(local: number): false {
    this.overrunAt = Math.max(local, this.question.window.start);
    return false;
  }
}
