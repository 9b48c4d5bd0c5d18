/** Why times of one meeting type are not offered, as the authority sees them now: all of it for the host alone. Reads only. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { holdingAt } from "../scheduling/closed.ts";
import { explainDate, explainStart } from "../scheduling/explanation.ts";
import { type PublicReason, publicReasons, type Reason } from "../scheduling/reason.ts";
import { accepted, type Result } from "../scheduling/refusal.ts";
import { DAY, startOfLocalDate } from "../scheduling/time-zone.ts";
import { publishedMeetingType, slotQuestion, type Wanted } from "./bookable.ts";
import type { Desk } from "./desk.ts";
import type { SlotBound } from "./slot-list.ts";

/** Which starts are asked about, and who asks: somebody who is signed in, or nobody known. */
export interface ExplanationQuery extends Wanted {
  /** A local date of the host that exists in the calendar, or an instant. */
  readonly of: SlotBound;
  readonly viewerDid?: string;
}

/** Reasons that are private stand here for the host only. */
export type ShownReason = Reason | PublicReason;

export interface Explanation {
  /** The host's zone. */
  readonly timeZone: string;
  readonly durationMinutes: number;
  /** Record key of the Availability that holds on the date. */
  readonly availabilityRkey: string;
  /** What holds for the whole date. */
  readonly reasons: readonly ShownReason[];
  readonly starts: readonly {
    readonly start: number;
    readonly end: number;
    readonly reasons: readonly ShownReason[];
  }[];
}

/** Refusals: those of publishedMeetingType; an inactive meeting type is a reason and not a refusal. `now` in epoch ms. */
export function slotExplanation(
  desk: Desk,
  records: HostRecords,
  query: ExplanationQuery,
  now: number,
): Result<Explanation> {
  const offered = publishedMeetingType(records, query);
  if (!offered.ok) {
    return offered;
  }
  const { timeZone } = offered.value.availability;
  const { of } = query;
  const from = "at" in of ? of.at : startOfLocalDate(of.date, timeZone);
  // A day that is set back is longer than others; what starts beyond it is not asked about.
  const question = slotQuestion(desk, offered.value, { start: from, end: from + 2 * DAY }, now);
  const explained =
    "at" in of ? { reasons: [], starts: [explainStart(question, of.at)] } : explainDate(question, of.date);

  const shown = (reasons: readonly Reason[]): readonly ShownReason[] =>
    query.viewerDid === records.did ? reasons : publicReasons(reasons);
  return accepted({
    timeZone,
    durationMinutes: offered.value.durationMinutes,
    availabilityRkey: holdingAt(offered.value.availability, from),
    reasons: shown(explained.reasons),
    starts: explained.starts.map(({ start, end, reasons }) => ({ start, end, reasons: shown(reasons) })),
  });
}
