/** Hours that hold only on some dates, in the place of others or not, such as summer hours. Pure; the worker decides what holds. */

import type { AvailabilityJson } from "../worker/wire.ts";
import { dateSpan } from "./clock-format.ts";
import { summaryOf } from "./weekly-hours.ts";

type Hours = readonly AvailabilityJson[];

/** Those that hold in the place of `rkey`, the earliest first. */
export function seasonsOf(rkey: string | undefined, all: Hours): AvailabilityJson[] {
  const seasons = rkey === undefined ? [] : all.filter((each) => each.insteadOfRkey === rkey);
  return seasons.toSorted((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
}

/** The hours whose place `rkey` may take: others that take nobody's place; none for hours that have seasons themselves. */
export function replaceableBy(rkey: string | undefined, all: Hours): AvailabilityJson[] {
  if (seasonsOf(rkey, all).length > 0) return [];
  return all.filter((each) => each.rkey !== rkey && each.insteadOfRkey === undefined);
}

/** One line about hours: the week, the dates, whose place they take. */
export function hoursSummary(
  hours: AvailabilityJson,
  all: Hours,
  timeLabel: (time: string) => string,
): string {
  const { weekly, overrides, from, until, insteadOfRkey } = hours;
  const onlySingleDates = weekly.length === 0 && overrides.some(({ windows }) => windows.length > 0);
  const span = dateSpan(from, until);
  const replaced = all.find((each) => each.rkey === insteadOfRkey)?.name ?? "hours that no longer exist";
  return [
    onlySingleDates ? "Only on single dates" : summaryOf(weekly, timeLabel),
    ...(span === "" ? [] : [span]),
    ...(insteadOfRkey === undefined ? [] : [`${span === "" ? "always " : ""}instead of ${replaced}`]),
  ].join(" · ");
}
