/** The judgement of one start, and the whole of it: every reason against it. Booking and explaining both ask here. No I/O, no clock. */

import { availablePeriods, ordinaryPeriods } from "./available-periods.ts";
import { closedReason, outsideReason } from "./closed.ts";
import { eachObjection } from "./objections.ts";
import { overlaps } from "./period.ts";
import { earliestStart, lastDayInReach, withinHorizon } from "./reach.ts";
import type { Reason } from "./reason.ts";
import { fitsInto, startsOnGrid } from "./slot-grid.ts";
import { slotAt } from "./slot-question.ts";
import type { SlotQuestion } from "./slot-question.ts";
import { DAY, formatLocalDate } from "./time-zone.ts";

/** Nobody reads more of them for one start; a calendar may be full of overlapping entries. */
const MOST_REASONS = 10;

/** Why no slot may start at `start` (epoch ms), the decisive reason first. Empty: it is offered, and may be booked. */
export function reasonsAgainst(question: SlotQuestion, start: number): Reason[] {
  const { active, minimumNoticeMinutes, horizonDays } = question.meetingType;
  const within = { start, end: start + 1 };
  const reasons: Reason[] = [];
  if (!active) reasons.push({ code: "inactive" });
  if (!startsOnGrid(question, within).includes(start)) reasons.push(windowReason(question, start));
  if (start < earliestStart(question)) {
    reasons.push({ code: "too_soon", minimumNoticeMinutes, isPast: start < question.now });
  }
  if (!withinHorizon(question).some((period) => overlaps(period, within))) {
    const lastDate = formatLocalDate(lastDayInReach(question));
    reasons.push({ code: "beyond_horizon", horizonDays, lastDate });
  }
  const slot = slotAt(question, start);
  eachObjection(question, within, (_from, _to, by, reason) => {
    if (reasons.length < MOST_REASONS) reasons.push(reason(by, slot));
  });
  return reasons;
}

/** Why the host's windows have no slot there. */
function windowReason(question: SlotQuestion, start: number): Reason {
  const { availability } = question;
  const slot = slotAt(question, start);
  if (fitsInto(availablePeriods(availability, slot), question, start)) {
    return { code: "off_grid", ...nearestStarts(question, start) };
  }
  return fitsInto(ordinaryPeriods(availability, slot), question, start)
    ? closedReason(availability, slot)
    : outsideReason(availability, start);
}

function nearestStarts(question: SlotQuestion, start: number): { before?: number; after?: number } {
  const before = startsOnGrid(question, { start: start - DAY, end: start }).at(-1);
  const after = startsOnGrid(question, { start, end: start + DAY })[0];
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
