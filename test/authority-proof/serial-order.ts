/**
 * Looks for one order of all steps in which a sequential calendar gives exactly the recorded answers, and in which nothing comes before what
 * had been answered when it was asked (Wing and Gong 1993, with Lowe's memory of dead ends). What changes nothing is taken as soon as it fits:
 * where there is an order, there is one like that. What the authority dated is tried in the order of its dates.
 */

import type { CalendarModel } from "./calendar-model.ts";
import type { Clock } from "./history.ts";
import { OpenSteps } from "./open-steps.ts";
import type { Claim } from "./slot-rules.ts";
import type { Step } from "./steps.ts";
import type { Held, Live } from "./verdict.ts";

/** Decisions this close together, ms, may have been made in the other order than their dates say. */
const TIE = 5;

export interface SearchOptions {
  readonly clock: Clock;
  /** Whether dates bound the search: fast, and enough for an authority whose clock tells the truth. */
  readonly trustsDates: boolean;
  /** Gives up after so many steps were tried. */
  readonly mostTries: number;
}

export type SerialOrder =
  | { readonly isFound: true; readonly tries: number }
  | {
      readonly isFound: false;
      /** Whether every order was ruled out, and not just those that were tried. */
      readonly isExhaustive: boolean;
      readonly tries: number;
      readonly deadEnd: DeadEnd;
    };

/** The place where the search came furthest. */
export interface DeadEnd {
  /** How many steps were taken before it. */
  readonly taken: number;
  /** The step that had to come next: everything else was asked after it was answered. */
  readonly stuck: Step;
  /** What the calendar would have answered; empty if it is the recorded answer, after which nothing fits. */
  readonly says: string;
  /** The time in question, if one is. */
  readonly about?: Claim;
  /** What was given away there. */
  readonly holds: readonly Held[];
  readonly live: readonly Live[];
}

/** One way to go on. */
interface Option {
  readonly index: number;
  /** Its answer was lost, and another step did what it asked for. */
  readonly didNothing?: boolean;
}

interface Choice {
  readonly options: readonly Option[];
  /** Of the next option to try. */
  next: number;
  /** How many steps were taken before it. */
  readonly taken: number;
}

/**
 * @param steps in the order of `from`
 * @param model empty; afterwards, if an order was found, as that order leaves it
 */
export function findSerialOrder(
  steps: readonly Step[],
  model: CalendarModel,
  options: SearchOptions,
): SerialOrder {
  const open = new OpenSteps(steps, model);
  const choices: Choice[] = [];
  const failed = new Set<string>();
  let furthest: DeadEnd | undefined;
  let tries = 0;
  for (;;) {
    open.takeWhatChangesNothing();
    if (open.areAllTaken) return { isFound: true, tries };
    const isKnown = failed.size > 0 && failed.has(open.digest());
    const choice = { options: isKnown ? [] : optionsOf(open, options), next: 0, taken: open.taken };
    choices.push(choice);
    if (!isKnown && choice.options.length === 0 && open.taken >= (furthest?.taken ?? 0)) {
      furthest = deadEndAt(open, model);
    }
    while (!goOn(open, choices, failed)) {
      if (choices.length > 0) continue;
      if (furthest === undefined) throw new Error("A search without a dead end has found an order.");
      return { isFound: false, isExhaustive: !options.trustsDates, tries, deadEnd: furthest };
    }
    tries += 1;
    if (tries >= options.mostTries) {
      furthest ??= deadEndAt(open, model);
      return { isFound: false, isExhaustive: false, tries, deadEnd: furthest };
    }
  }
}

/** Takes the next option of the latest choice; false: there was none, and the choice is gone. */
function goOn(open: OpenSteps, choices: Choice[], failed: Set<string>): boolean {
  const choice = choices.at(-1);
  if (choice === undefined) return false;
  open.takeBackTo(choice.taken);
  const option = choice.options[choice.next];
  choice.next += 1;
  if (option === undefined) {
    failed.add(open.digest());
    choices.pop();
    return false;
  }
  if (option.didNothing === true) open.takeAsNothing(option.index);
  else open.take(option.index);
  return true;
}

/** The steps that may come next, fit and change something, the likeliest first. */
function optionsOf(open: OpenSteps, { clock, trustsDates }: SearchOptions): Option[] {
  const { indices, answeredFirst } = open.next();
  const mustEnd = clock.epoch + open.step(answeredFirst).until;
  const dates = indices.map((index) => open.step(index).at ?? Infinity);
  const earliest = Math.min(...dates);
  const latest = trustsDates ? Math.min(earliest + TIE, mustEnd + clock.slack) : Infinity;

  const fitting = indices.filter((index) => open.fits(index));
  const dated = fitting.filter((index) => (open.step(index).at ?? Infinity) <= latest);
  const undated = fitting.filter((index) => open.step(index).at === undefined);
  const time = (index: number): number => open.step(index).at ?? clock.epoch + likelyAt(open.step(index));
  const likeliest = [...dated, ...undated].toSorted((one, other) => time(one) - time(other));

  // Earlier than that where something waits for it.
  const blocked = indices.filter((index) => !open.fits(index));
  const unblocking = undated.filter((index) => unblocks(open, index, blocked));
  const options: Option[] = [...new Set([...unblocking, ...likeliest])].map((index) => ({ index }));
  if (open.mayHaveDoneNothing(answeredFirst)) options.push({ index: answeredFirst, didNothing: true });
  return options;
}

/** When the authority may have decided what it did not date, monotonic ms: an answer's way back is shorter than the way there and the wait. */
function likelyAt({ from, until }: Step): number {
  return until - Math.min(until - from, 50) / 3;
}

function unblocks(open: OpenSteps, index: number, blocked: readonly number[]): boolean {
  const before = open.taken;
  open.take(index);
  const isOneFree = blocked.some((each) => open.fits(each));
  open.takeBackTo(before);
  return isOneFree;
}

function deadEndAt(open: OpenSteps, model: CalendarModel): DeadEnd {
  const { answeredFirst } = open.next();
  const stuck = open.step(answeredFirst);
  const { says, about } = open.judge(answeredFirst);
  return { taken: open.taken, stuck, says, ...(about && { about }), holds: model.holds, live: model.live };
}
