/** Where slots may start by the host's windows alone: each piece of a window is a grid of its own. No I/O, no clock. */

import { availablePieces } from "./available-periods.ts";
import { mergePeriods } from "./period.ts";
import type { Period } from "./period.ts";
import { slotAt } from "./slot-question.ts";
import type { SlotQuestion } from "./slot-question.ts";
import { MINUTE } from "./time-zone.ts";

/** The starts in `within` from which a whole slot lies in the windows, ascending, each once. */
export function startsOnGrid(question: SlotQuestion, within: Period): number[] {
  return gridStarts(question, within, question.durationMinutes * MINUTE);
}

/** The same, with the starts at the end of a window from which the slot would run out of it. */
export function allStartsOnGrid(question: SlotQuestion, within: Period): number[] {
  return gridStarts(question, within, 1);
}

/** Whether the slot that starts at `start` lies wholly in `periods`, which are merged. */
export function fitsInto(periods: readonly Period[], question: SlotQuestion, start: number): boolean {
  const slot = slotAt(question, start);
  return periods.some((period) => period.start <= slot.start && slot.end <= period.end);
}

function gridStarts(
  { meetingType, durationMinutes, availability }: SlotQuestion,
  within: Period,
  length: number,
): number[] {
  const step = (meetingType.slotIntervalMinutes ?? durationMinutes) * MINUTE;
  const pieces = availablePieces(availability, { start: within.start, end: within.end + length });
  const open = mergePeriods(pieces);
  const starts: number[] = [];
  let isAscending = true;
  let last = Number.NEGATIVE_INFINITY;
  let around = 0;
  for (const piece of pieces) {
    // The grid ends with its piece, but a slot may run on into the next one.
    while (open[around]!.end <= piece.start) around += 1;
    const end = Math.min(piece.end, within.end, open[around]!.end - length + 1);
    const skippedSteps = Math.max(0, Math.ceil((within.start - piece.start) / step));
    for (let start = piece.start + skippedSteps * step; start < end; start += step) {
      if (start <= last) isAscending = false;
      starts.push(start);
      last = start;
    }
  }
  // Only windows that run into the next date's, or into a season in another zone, can interleave two grids.
  return isAscending ? starts : [...new Set(starts)].toSorted((a, b) => a - b);
}
