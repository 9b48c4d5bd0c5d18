/** Which slots of a meeting type are free: one set of rules that both lists them and judges one. No I/O, no clock. */

import { eachObjection } from "./objections.ts";
import type { Period } from "./period.ts";
import { startsInReach } from "./reach.ts";
import { refusalOf } from "./reason.ts";
import { reasonsAgainst } from "./reasons-against.ts";
import { accepted, refused } from "./refusal.ts";
import type { Result } from "./refusal.ts";
import { startsOnGrid } from "./slot-grid.ts";
import { slotAt } from "./slot-question.ts";
import type { SlotQuestion } from "./slot-question.ts";

/** The free slots whose start lies in `range`, in order. The host's zone is the availability's. */
export function listSlots(question: SlotQuestion, range: Period): Period[] {
  if (!question.meetingType.active) return [];
  return startsInReach(question, range).flatMap((within) =>
    freeStarts(question, within).map((start) => slotAt(question, start)),
  );
}

/**
 * The slot that starts at `start`, or why it cannot be booked. Refusals, the first that holds: MeetingTypeInactive,
 * OutsideAvailability (outside the windows or off their grid), TooSoon, BeyondHorizon, SlotTaken, LimitReached.
 */
export function judgeSlot(question: SlotQuestion, start: number): Result<Period> {
  const [decisive] = reasonsAgainst(question, start);
  return decisive === undefined ? accepted(slotAt(question, start)) : refused(refusalOf(decisive));
}

/** The starts of the grid in `within` against which nothing is to be said, ascending. */
function freeStarts(question: SlotQuestion, within: Period): number[] {
  const starts = startsOnGrid(question, within);
  /** How many more objections begin than end at each start: whatever their order and overlaps, each costs two look-ups. */
  let changes: Int32Array | undefined;
  eachObjection(question, within, (from, to) => {
    const first = indexFrom(starts, from);
    const end = indexFrom(starts, to);
    if (first === end) return;
    changes ??= new Int32Array(starts.length + 1);
    changes[first]! += 1;
    changes[end]! -= 1;
  });
  if (changes === undefined) return starts;
  let objections = 0;
  const free: number[] = [];
  for (const [index, start] of starts.entries()) {
    objections += changes[index]!;
    if (objections === 0) free.push(start);
  }
  return free;
}

/** The index of the first of the ascending `starts` that is not before `instant`; their number when all are. */
function indexFrom(starts: readonly number[], instant: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
