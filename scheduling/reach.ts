/** How soon and how far ahead slots may start: the minimum notice and the horizon. No I/O; `now` is in the question. */

import { clipPeriods, mergePeriods } from "./period.ts";
import type { Period } from "./period.ts";
import type { SlotQuestion } from "./slot-question.ts";
import { MINUTE, instantsOfLocalDays, localDayOf, startOfLocalDay } from "./time-zone.ts";

/** The first instant that leaves the host their notice, epoch ms. */
export function earliestStart({ meetingType, now }: SlotQuestion): number {
  return now + meetingType.minimumNoticeMinutes * MINUTE;
}

/** The last local date on which slots may start, as days since 1970-01-01. */
export function lastDayInReach({ meetingType, availability, now }: SlotQuestion): number {
  return localDayOf(now, availability.timeZone) + meetingType.horizonDays;
}

/** All instants, past ones too, whose local date is not beyond the horizon; more than one period only across a fold. */
export function withinHorizon(question: SlotQuestion): Period[] {
  const { timeZone } = question.availability;
  const lastDay = lastDayInReach(question);
  const untilNextDate = { start: Number.NEGATIVE_INFINITY, end: startOfLocalDay(lastDay + 1, timeZone) };
  return mergePeriods([untilNextDate, ...instantsOfLocalDays(lastDay, lastDay, timeZone)]);
}

/** The starts in `range` that are neither too soon nor beyond the horizon. */
export function startsInReach(question: SlotQuestion, range: Period): Period[] {
  const notTooSoon = { start: Math.max(range.start, earliestStart(question)), end: range.end };
  return clipPeriods(withinHorizon(question), notTooSoon);
}
