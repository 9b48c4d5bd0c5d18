/** Why a time is not in the host's windows: an override took it away, or it never was. No I/O, no clock. */

import type { Availability } from "./availability.ts";
import { availablePieces, overrideIn } from "./available-periods.ts";
import type { Period } from "./period.ts";
import type { Reason } from "./reason.ts";
import { COVERED, formatLocalDate, localDayOf } from "./time-zone.ts";
import { holdingOnDay, planOf } from "./windows-of-date.ts";

/** An override that takes away something in `range`, if there is one; else that it lies outside of the windows. */
export function closedReason(availability: Availability, range: Period): Reason {
  const override = overrideIn(availability, range);
  if (override === undefined) return outsideReason(availability, range.start);
  const { day, availabilityRkey } = override;
  return { code: "closed_by_override", date: formatLocalDate(day), availabilityRkey };
}

/** That what starts at an instant (epoch ms) lies outside of the windows, or runs out of them. */
export function outsideReason(availability: Availability, instant: number): Reason {
  const startsInside = availablePieces(availability, { start: instant, end: instant + 1 }).length > 0;
  return { code: "outside_window", startsInside, availabilityRkey: holdingAt(availability, instant) };
}

/** Record key of the Availability that holds on the local date of an instant (epoch ms), in the zone of the usual one. */
export function holdingAt(availability: Availability, instant: number): string {
  const known = COVERED.start <= instant && instant < COVERED.end ? instant : COVERED.start;
  return holdingOnDay(planOf(availability), localDayOf(known, availability.timeZone));
}
