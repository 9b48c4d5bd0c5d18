/** Hours that hold only on some dates, in the place of others or not, such as summer hours. Pure; the worker decides what holds. */

import type { AvailabilityJson } from "../worker/wire.ts";
import { dateSpan } from "./clock-format.ts";
import { summaryOf } from "./weekly-hours.ts";

const NEVER = "9999-12-31";

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

/** Which hours to look at for a date: the season that began last of those that run on it, else the usual hours. */
export function hoursOn(date: string, usual: AvailabilityJson, all: Hours): AvailabilityJson {
  const running = seasonsOf(usual.rkey, all).filter(
    ({ from, until }) => (from === undefined || from <= date) && (until === undefined || date <= until),
  );
  const newest = running.at(-1)?.from;
  const began = running.filter((each) => each.from === newest);
  const endsFirst = (a: AvailabilityJson, b: AvailabilityJson) =>
    (a.until ?? NEVER).localeCompare(b.until ?? NEVER) || (a.rkey < b.rkey ? 1 : -1);
  return began.toSorted(endsFirst)[0] ?? usual;
}

/** Which of the usual hours and their season names this date in an override; the season comes first. */
export function overrideOn(date: string, usual: AvailabilityJson, all: Hours): AvailabilityJson {
  const names = (each: AvailabilityJson) => each.overrides.some((override) => override.date === date);
  const season = hoursOn(date, usual, all);
  return names(season) ? season : usual;
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
