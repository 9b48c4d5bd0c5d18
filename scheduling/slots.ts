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
  if (starts.length === 0) return starts;
  /** How many more objections begin than end at each start: whatever their order and overlaps, each costs two look-ups. */
  let changes: Int32Array | undefined;
  let indexFrom: ((instant: number) => number) | undefined;
  eachObjection(question, within, (from, to) => {
    indexFrom ??= indexOf(starts);
    const first = indexFrom(from);
    const end = indexFrom(to);
    if (first === end) return;
    changes ??= new Int32Array(starts.length + 1);
    changes[first]! += 1;
    changes[end]! -= 1;
  });
  if (changes === undefined) return starts;
  let objections = 0;
  const free: number[] = [];
  for (let index = 0; index < starts.length; index += 1) {
    objections += changes[index]!;
    if (objections === 0) free.push(starts[index]!);
  }
  return free;
}

/**
 * Looks up the index of the first of the ascending `starts` that is not before an instant; their number when all are. In
 * stretches of time so short that few starts share one: a look-up takes the same time however many there are.
 */
function indexOf(starts: readonly number[]): (instant: number) => number {
  const first = starts[0]!;
  const last = starts.at(-1)!;
  const stretch = Math.max(1, (last - first) / (4 * starts.length));
  const firstInStretch = new Int32Array(Math.floor((last - first) / stretch) + 1);
  let begun = 0;
  for (let index = 0; index < starts.length; index += 1) {
    const own = Math.floor((starts[index]! - first) / stretch);
    for (; begun <= own; begun += 1) firstInStretch[begun] = index;
  }
  return (instant) => {
    if (instant > last) return starts.length;
    let index = instant <= first ? 0 : firstInStretch[Math.floor((instant - first) / stretch)]!;
    while (starts[index]! < instant) index += 1;
    return index;
  };
}
