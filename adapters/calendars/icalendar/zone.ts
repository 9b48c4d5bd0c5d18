/** A zone as foreign calendars need it: wall time to instant and back, whether the runtime or the file knows the rules. */

import { DAY, MINUTE, offsetAt } from "../../../scheduling/time-zone.ts";

/** Instants are epoch milliseconds, local times milliseconds on the local time line. */
export interface Zone {
  /** RFC 5545 3.3.5: in a gap the offset before it counts (later on the clock, never left out), in a fold the first time. */
  instantOf(local: number): number;
  localOf(instant: number): number;
}

export const UTC: Zone = { instantOf: (local) => local, localOf: (instant) => instant };

/** A zone from its offsets: milliseconds east of UTC at an instant. */
export function zoneOfOffsets(offsetOf: (instant: number) => number): Zone {
  return {
    localOf: (instant) => instant + offsetOf(instant),
    instantOf(local) {
      // A day to either side lies beyond any change of offset at this wall time, and changes are days apart.
      const before = offsetOf(local - DAY);
      const after = offsetOf(local + DAY);
      const first = local - before;
      if (before === after || offsetOf(first) === before) return first;
      const second = local - after;
      return offsetOf(second) === after ? second : first;
    },
  };
}

/** A zone the runtime knows. Answers are kept, for a calendar asks of one month thousands of times. */
export function ianaZone(name: string): Zone {
  const bySlot = new Map<number, number>();
  return zoneOfOffsets((instant) => {
    // Offsets change at whole quarter hours at the finest since 1970.
    const slot = Math.floor(instant / (15 * MINUTE));
    let offset = bySlot.get(slot);
    if (offset === undefined) {
      offset = offsetAt(instant, name);
      if (bySlot.size < 50_000) bySlot.set(slot, offset);
    }
    return offset;
  });
}
