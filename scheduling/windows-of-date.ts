/** Which windows hold on a local date: a date override, a season in the place of the usual hours, or the ordinary week. No zones, no I/O. */

import type { Availability, DateOverride, WallWindow, Weekday } from "./availability.ts";
import { mergePeriods } from "./period.ts";
import type { Period } from "./period.ts";
import { DAY, MINUTE, parseLocalDate } from "./time-zone.ts";

/** The windows that start on one local date. */
export interface HoursOfDay {
  /** Record key of the Availability that says so. */
  readonly availabilityRkey: string;
  /** The zone in which they are meant. */
  readonly timeZone: string;
  /** Merged milliseconds since the midnight of the date. */
  readonly windows: readonly Period[];
  readonly isOverride: boolean;
}

/** An Availability made ready to be asked for many dates. */
export interface Plan {
  readonly usual: Schedule;
  /** The first of them that holds on a date is the one that does. */
  readonly seasons: readonly Schedule[];
  /** For asking what an override changes. */
  readonly ignoresOverrides?: boolean;
}

interface Schedule {
  /** Its answer for a date on which it does not hold. */
  readonly closed: HoursOfDay;
  /** First and last day (since 1970-01-01) on which it holds. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Monday first. */
  readonly weekly: readonly HoursOfDay[];
  /** By days since 1970-01-01. */
  readonly overrides: ReadonlyMap<number, HoursOfDay>;
}

/** The windows that start on a local date, given as days since 1970-01-01. */
export function hoursOfDay({ usual, seasons, ignoresOverrides = false }: Plan, day: number): HoursOfDay {
  const season = seasonOfDay(seasons, day);
  if (season === undefined && !holdsOn(usual, day)) return usual.closed;
  // A day off is meant for the person and not for the season; only the season itself may say otherwise.
  const override = ignoresOverrides ? undefined : (season?.overrides.get(day) ?? usual.overrides.get(day));
  return override ?? (season ?? usual).weekly[weekdayOf(day)]!;
}

/** Record key of the Availability whose ordinary windows hold on a local date: a season's, or the usual one's. */
export function holdingOnDay({ usual, seasons }: Plan, day: number): string {
  return (seasonOfDay(seasons, day) ?? usual).closed.availabilityRkey;
}

/** One host's availability is asked many times between two changes of the record. */
const plans = new WeakMap<Availability, Plan>();

export function planOf(availability: Availability): Plan {
  let plan = plans.get(availability);
  if (plan === undefined) {
    const seasons = (availability.seasons ?? []).map((season) => ({ season, schedule: scheduleOf(season) }));
    plan = {
      usual: scheduleOf(availability),
      seasons: seasons
        .toSorted((a, b) => firstToHold(a.schedule, b.schedule) || (a.season.rkey < b.season.rkey ? 1 : -1))
        .map(({ schedule }) => schedule),
    };
    plans.set(availability, plan);
  }
  return plan;
}

function seasonOfDay(seasons: readonly Schedule[], day: number): Schedule | undefined {
  return seasons.length === 0 ? undefined : seasons.find((each) => holdsOn(each, day));
}

function holdsOn({ firstDay, lastDay }: Schedule, day: number): boolean {
  return firstDay <= day && day <= lastDay;
}

/** The one that began last holds; of two that began together, the one that ends first. */
function firstToHold(a: Schedule, b: Schedule): number {
  if (a.firstDay !== b.firstDay) return a.firstDay > b.firstDay ? -1 : 1;
  if (a.lastDay !== b.lastDay) return a.lastDay < b.lastDay ? -1 : 1;
  return 0;
}

function scheduleOf(availability: Availability): Schedule {
  const { rkey: availabilityRkey, timeZone, weekly, overrides, from, until } = availability;
  const closed = { availabilityRkey, timeZone, windows: [], isOverride: false };
  return {
    closed,
    firstDay: (from === undefined ? undefined : parseLocalDate(from)) ?? Number.NEGATIVE_INFINITY,
    lastDay: (until === undefined ? undefined : parseLocalDate(until)) ?? Number.POSITIVE_INFINITY,
    weekly: WEEKDAYS.map((weekday) => ({
      ...closed,
      windows: merged(weekly.filter(({ days }) => days.includes(weekday))),
    })),
    overrides: overridesByDay(overrides, closed),
  };
}

function overridesByDay(
  overrides: readonly DateOverride[],
  closed: HoursOfDay,
): ReadonlyMap<number, HoursOfDay> {
  const windowsByDay = new Map<number, WallWindow[]>();
  for (const { date, windows } of overrides) {
    const day = parseLocalDate(date);
    if (day === undefined) continue;
    windowsByDay.set(day, [...(windowsByDay.get(day) ?? []), ...windows]);
  }
  return new Map(
    [...windowsByDay].map(([day, windows]) => [
      day,
      { ...closed, windows: merged(windows), isOverride: true },
    ]),
  );
}

function merged(windows: readonly WallWindow[]): Period[] {
  return mergePeriods(
    windows.map(({ startMinute, endMinute }) => ({
      start: startMinute * MINUTE,
      end: endMinute * MINUTE + (endMinute <= startMinute ? DAY : 0),
    })),
  );
}

const WEEKDAYS: readonly Weekday[] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}
