/** Why times are not offered, for a whole date or one instant, by the judgement that decides bookings. No I/O, no clock. */

import { closedReason } from "./closed.ts";
import type { Period } from "./period.ts";
import type { Reason } from "./reason.ts";
import { reasonsAgainst } from "./reasons-against.ts";
import { allStartsOnGrid } from "./slot-grid.ts";
import { slotAt } from "./slot-question.ts";
import type { SlotQuestion } from "./slot-question.ts";
import { instantsOfLocalDate, startOfLocalDate } from "./time-zone.ts";

/** One start and what is to be said against it; nothing means that it is offered. */
export interface ExplainedStart extends Period {
  readonly reasons: readonly Reason[];
}

export interface ExplainedDate {
  /** What holds for the date as a whole: the meeting type is inactive, or nothing starts on that date. */
  readonly reasons: readonly Reason[];
  /** Every start of the grid whose local date it is, ascending. */
  readonly starts: readonly ExplainedStart[];
}

/** Why a slot at `start` (epoch ms) is not offered. */
export function explainStart(question: SlotQuestion, start: number): ExplainedStart {
  return { ...slotAt(question, start), reasons: reasonsAgainst(question, start) };
}

/** Why the starts of a local date of the host (`YYYY-MM-DD`) are not offered. Throws RangeError on a malformed date. */
export function explainDate(question: SlotQuestion, date: string): ExplainedDate {
  const { availability } = question;
  const pieces = instantsOfLocalDate(date, availability.timeZone);
  const from = startOfLocalDate(date, availability.timeZone);
  const whole = { start: from, end: pieces.at(-1)?.end ?? from };
  const starts = pieces
    .flatMap((piece) => allStartsOnGrid(question, piece))
    .map((start) => explainStart(question, start));
  return {
    reasons: [
      ...(question.meetingType.active ? [] : [{ code: "inactive" } as const]),
      ...(starts.length === 0 ? [closedReason(availability, whole)] : []),
    ],
    starts,
  };
}
