/** The lengths a meeting type offers, and the one that a booker picked in the address. Pure; the worker judges it again. */

import type { MeetingTypeJson } from "../worker/wire.ts";

type Lengths = Pick<MeetingTypeJson, "durationMinutes" | "moreDurations">;

/** Every length on offer in minutes, the shortest first. */
export function durationsOf({ durationMinutes, moreDurations = [] }: Lengths): number[] {
  return [...new Set([durationMinutes, ...moreDurations])].toSorted((a, b) => a - b);
}

/** The length that a query string such as `?duration=60` names; the meeting type's own when that is not on offer. */
export function pickedDuration(lengths: Lengths, search: string): number {
  const named = new URLSearchParams(search).get("duration");
  return durationsOf(lengths).find((each) => String(each) === named) ?? lengths.durationMinutes;
}

/** Minutes from one RFC 3339 instant to another. */
export function minutesBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
}
