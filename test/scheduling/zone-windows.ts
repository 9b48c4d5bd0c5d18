/** Windows and slots around a change of the clocks, by the rules and minute by minute. */

import { availablePeriods } from "../../scheduling/available-periods.ts";
import { clipPeriods } from "../../scheduling/period.ts";
import type { Period } from "../../scheduling/period.ts";
import { listSlots } from "../../scheduling/slots.ts";
import { slowly } from "./brute-force.ts";
import { minuteTable } from "./minute-table.ts";
import type { MinuteTable } from "./minute-table.ts";
import { DAY_MS, EVERY_DAY, MINUTE_MS, availabilityIn, question, showPeriods, weekly } from "./scenario.ts";
import type { Transition } from "./zone-transitions.ts";

/** An ordinary day, a night, and one that begins and ends where most clocks change. */
export const WINDOWS = ["09:00-17:00", "22:00-06:00", "01:30-03:30"];

/** Asks Intl for every minute of the seven days around a change. */
export function minutesAround({ zone, at }: Pick<Transition, "zone" | "at">): MinuteTable {
  return minuteTable(zone, Math.floor(at / DAY_MS) * DAY_MS - 3 * DAY_MS, 7);
}

/** What the rules and the minutes of `table` say differently about the four days in the middle; nothing when they agree. */
export function disagreements(zone: string, table: MinuteTable): string[] {
  const middle = { start: table.firstAt + 1.5 * DAY_MS, end: table.firstAt + 5.5 * DAY_MS };
  return WINDOWS.flatMap((window) => {
    const asked = question(availabilityIn(zone, weekly(EVERY_DAY, window)), middle.start);
    const slow = slowly(asked, () => table);
    const said = {
      windows: showPeriods(clipPeriods(availablePeriods(asked.availability, middle), middle)),
      slots: showPeriods(listSlots(asked, middle)),
    };
    const seen = {
      windows: showPeriods(clipPeriods(runsOf(slow.isOpen, table.firstAt), middle)),
      slots: showPeriods(
        slow.grid
          .filter((at) => middle.start <= at && at < middle.end && slow.reasons(at).length === 0)
          .map((start) => ({ start, end: start + 30 * MINUTE_MS })),
      ),
    };
    return JSON.stringify(said) === JSON.stringify(seen)
      ? []
      : [`${zone} ${window}: ${JSON.stringify(said)} but minute by minute ${JSON.stringify(seen)}`];
  });
}

function runsOf(isOpen: Uint8Array, firstAt: number): Period[] {
  const runs: Period[] = [];
  for (let from = isOpen.indexOf(1); from !== -1;) {
    const closes = isOpen.indexOf(0, from);
    const end = closes === -1 ? isOpen.length : closes;
    runs.push({ start: firstAt + from * MINUTE_MS, end: firstAt + end * MINUTE_MS });
    from = closes === -1 ? -1 : isOpen.indexOf(1, closes);
  }
  return runs;
}
