/** When the clocks of a zone change, found by asking Intl at every step. Shares no code with scheduling/. */

import { wallClock } from "./minute-table.ts";

const MINUTE_MS = 60_000;

export interface Transition {
  readonly zone: string;
  /** The first instant after the change, epoch ms. */
  readonly at: number;
  /** Milliseconds east of UTC. */
  readonly offsetBefore: number;
  readonly offsetAfter: number;
}

/** Every zone name that the runtime lists. */
export function zoneNames(): string[] {
  return Intl.supportedValuesOf("timeZone");
}

/** The changes from one year to another, both inclusive. Two that cancel each other within `stepMs` go unseen. */
export function transitionsOf(
  zone: string,
  firstYear: number,
  lastYear: number,
  stepMs: number,
): Transition[] {
  const clock = wallClock(zone);
  const offsetAt = (at: number): number => clock(at) - at;
  const found: Transition[] = [];
  const end = Date.UTC(lastYear + 1, 0, 1);
  let offsetBefore = offsetAt(Date.UTC(firstYear, 0, 1));
  for (let at = Date.UTC(firstYear, 0, 1); at < end; at += stepMs) {
    const offsetAfter = offsetAt(at + stepMs);
    if (offsetAfter === offsetBefore) continue;
    let before = at;
    let after = at + stepMs;
    while (after - before > MINUTE_MS) {
      const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offsetAt(middle) === offsetBefore) before = middle;
      else after = middle;
    }
    found.push({ zone, at: after, offsetBefore, offsetAfter });
    offsetBefore = offsetAfter;
  }
  return found;
}
