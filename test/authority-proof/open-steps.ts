/** Which steps have been taken, and which may come next: those that were asked before any of the others was answered. */

import type { CalendarModel } from "./calendar-model.ts";
import type { Step } from "./steps.ts";
import type { Verdict } from "./verdict.ts";

interface Taken {
  readonly index: number;
  readonly version: number;
  readonly takeBack: () => void;
}

export class OpenSteps {
  readonly #steps: readonly Step[];
  readonly #model: CalendarModel;
  readonly #isTaken: Uint8Array;
  readonly #trail: Taken[] = [];
  /** All before it are taken. */
  #first = 0;
  /** Names the state of the calendar: never two of them alike. */
  #version = 0;
  #versions = 0;
  /** The state in which each step was last seen not to fit. */
  readonly #misfitIn: Int32Array;
  /** Steps whose answer depends on more than the state of the calendar: on whether their requestId is known. */
  readonly #repeats: ReadonlySet<number>;
  /** How many lost answers may still explain a decision; none: it has been explained. */
  readonly #explanations = new Map<string, number>();

  constructor(steps: readonly Step[], model: CalendarModel) {
    this.#steps = steps;
    this.#model = model;
    this.#isTaken = new Uint8Array(steps.length);
    this.#misfitIn = new Int32Array(steps.length).fill(-1);
    const times = new Map<string, number>();
    for (const { ask } of steps) if ("requestId" in ask) count(times, ask.requestId);
    const isRepeated = ({ ask }: Step): boolean => "requestId" in ask && (times.get(ask.requestId) ?? 0) > 1;
    this.#repeats = new Set(steps.flatMap((step, index) => (isRepeated(step) ? [index] : [])));
    for (const { oneOf } of steps) if (oneOf !== undefined) count(this.#explanations, oneOf);
  }

  get taken(): number {
    return this.#trail.length;
  }

  get areAllTaken(): boolean {
    return this.#trail.length === this.#steps.length;
  }

  /** The steps that may come next, by index; the one that was answered first is among them. */
  next(): { readonly indices: readonly number[]; readonly answeredFirst: number } {
    const indices: number[] = [];
    let answeredFirst = this.#first;
    let until = Infinity;
    for (let index = this.#first; index < this.#steps.length; index += 1) {
      const step = this.step(index);
      if (step.from > until) break;
      if (this.#isTaken[index] === 1) continue;
      indices.push(index);
      if (step.until < until) {
        until = step.until;
        answeredFirst = index;
      }
    }
    return { indices, answeredFirst };
  }

  step(index: number): Step {
    const step = this.#steps[index];
    if (step === undefined) throw new RangeError(`There is no step ${index}.`);
    return step;
  }

  judge(index: number): Verdict {
    return this.#model.judge(this.step(index));
  }

  /** Whether it fits the calendar as it is now. Asked again in the same state, it costs nothing. */
  fits(index: number): boolean {
    if (this.#misfitIn[index] === this.#version) return false;
    const { fits } = this.judge(index);
    if (!fits && !this.#repeats.has(index)) this.#misfitIn[index] = this.#version;
    return fits;
  }

  /** Takes a step that fits. */
  take(index: number): void {
    const step = this.step(index);
    const verdict = this.judge(index);
    const undo = this.#model.apply(step, verdict);
    const { oneOf } = step;
    const left = oneOf === undefined ? undefined : this.#explanations.get(oneOf);
    if (oneOf !== undefined) this.#explanations.set(oneOf, 0);
    this.#mark(index, verdict.change !== undefined, () => {
      undo();
      if (oneOf !== undefined && left !== undefined) this.#explanations.set(oneOf, left);
    });
  }

  /** Whether a lost answer may have been a refusal: another one explains what happened, or may do so yet. */
  mayHaveDoneNothing(index: number): boolean {
    return this.#explanationsOf(index) > 1;
  }

  takeAsNothing(index: number): void {
    const { oneOf } = this.step(index);
    const left = this.#explanationsOf(index);
    if (oneOf !== undefined) this.#explanations.set(oneOf, Math.max(0, left - 1));
    this.#mark(index, false, () => {
      if (oneOf !== undefined) this.#explanations.set(oneOf, left);
    });
  }

  /** Takes, as long as there are any, the steps that fit and change nothing. */
  takeWhatChangesNothing(): void {
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const index of this.next().indices) {
        if (this.step(index).oneOf !== undefined && this.#explanationsOf(index) === 0) {
          this.takeAsNothing(index);
        } else if (this.fits(index) && this.judge(index).change === undefined) {
          this.take(index);
        } else continue;
        isDone = false;
      }
    }
  }

  /** Takes back until only so many are taken. */
  takeBackTo(taken: number): void {
    while (this.#trail.length > taken) {
      const last = this.#trail.pop();
      if (last === undefined) return;
      last.takeBack();
      this.#isTaken[last.index] = 0;
      this.#first = Math.min(this.#first, last.index);
      this.#version = last.version;
    }
  }

  /** The same for the same steps taken with the same outcome. */
  digest(): string {
    const ahead: number[] = [];
    for (
      let index = this.#first;
      index < this.#steps.length && ahead.length < this.taken - this.#first;
      index += 1
    ) {
      if (this.#isTaken[index] === 1) ahead.push(index);
    }
    const live = this.#model.live.map(({ booked }) => `${booked.uid}/${booked.sequence}`).toSorted();
    return [this.#first, ahead, this.#model.holds.map(({ id }) => id), live].join(";");
  }

  #mark(index: number, changes: boolean, takeBack: () => void): void {
    this.#trail.push({ index, version: this.#version, takeBack });
    this.#isTaken[index] = 1;
    while (this.#isTaken[this.#first] === 1) this.#first += 1;
    if (changes) {
      this.#versions += 1;
      this.#version = this.#versions;
    }
  }

  #explanationsOf(index: number): number {
    return this.#explanations.get(this.step(index).oneOf ?? "") ?? 0;
  }
}

function count(times: Map<string, number>, name: string): void {
  times.set(name, (times.get(name) ?? 0) + 1);
}
