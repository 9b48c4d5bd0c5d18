/** The instants at which a wall clock shows a time on a date: none where it is set forward over it, two where it is set back. Pure. */

import { clockTime, localDate } from "./clock-format.ts";

const QUARTER_MS = 15 * 60_000;
/** Zones are at most 14 hours ahead of UTC and 12 behind. */
const QUARTERS_AROUND = 15 * 4;

/** Tries every offset that zones use and keeps those for which the clock really shows it. `time` is `HH:MM`. */
export function instantsOfWallTime(date: string, time: string, zone: string): number[] {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return [];
  const around = Array.from(
    { length: 2 * QUARTERS_AROUND + 1 },
    (_, index) => asUtc + (index - QUARTERS_AROUND) * QUARTER_MS,
  );
  return around.filter((at) => localDate(at, zone) === date && clockTime(at, zone, "h23") === time);
}
