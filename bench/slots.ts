/** Listing 60 days of slots and judging one, beside the cheapest loops over integers that give the same answers. */

import type { Availability } from "../scheduling/availability.ts";
import type { MeetingType } from "../scheduling/meeting-type.ts";
import type { Period } from "../scheduling/period.ts";
import type { SlotQuestion } from "../scheduling/slot-question.ts";
import { judgeSlot, listSlots } from "../scheduling/slots.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SLOT_MS = 30 * MINUTE_MS;

/** Monday 2026-10-05, midnight in New York (EDT); clocks go back on the fourth Sunday, 2026-11-01. */
const FROM = Date.UTC(2026, 9, 5, 4);
const DAYS = 60;
const FIRST_WINTER_DAY = 28;
const RANGE: Period = { start: FROM, end: FROM + DAYS * DAY_MS + HOUR_MS };

const availability: Availability = {
  rkey: "week",
  name: "Week",
  timeZone: "America/New_York",
  weekly: [{ days: ["mo", "tu", "we", "th", "fr"], startMinute: 9 * 60, endMinute: 17 * 60 }],
  overrides: [],
};

const meetingType: MeetingType = {
  rkey: "half-hour",
  title: "Half an hour",
  availabilityRkey: "week",
  durationMinutes: 30,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  minimumNoticeMinutes: 0,
  horizonDays: 365,
  approval: "manual",
  bookableBy: "anyone",
  active: true,
};

/** What a list costs with so much busy time; microseconds, medians. */
export interface ListFigures {
  readonly busyPeriods: number;
  readonly slots: number;
  readonly productUs: number;
  /** The loop over integers, handed its busy time sorted and merged, which the product is not. */
  readonly floorUs: number;
  /** The same, with the sorting. */
  readonly floorSortingUs: number;
}

/** What judging one start costs, free and taken ones in turn; microseconds, medians. */
export interface JudgeFigures {
  readonly busyPeriods: number;
  readonly productUs: number;
  /** A look at every busy period. */
  readonly floorUs: number;
}

/** Lists with more and more busy time. @throws when product and floor disagree */
export function measureLists(): ListFigures[] {
  return [0, 100, 1_000, 10_000].map((count) => {
    const busy = busyPeriods(count);
    const question = questionWith(busy);
    const merged = sortedAndMerged(busy);
    const product = () => listSlots(question, RANGE);
    const floor = () => bareLoop(merged);
    if (JSON.stringify(product()) !== JSON.stringify(floor())) {
      throw new Error("the floor does not yield the same slots");
    }
    const [productUs, floorUs, floorSortingUs] = mediansUs([
      product,
      floor,
      () => bareLoop(sortedAndMerged(busy)),
    ]);
    return { busyPeriods: count, slots: product().length, productUs, floorUs, floorSortingUs };
  });
}

/** Judges single starts all over the 60 days. @throws when product and floor disagree */
export function measureJudgements(): JudgeFigures[] {
  const starts = bareLoop([]).map(({ start }) => start);
  return [0, 10_000].map((count) => {
    const busy = busyPeriods(count);
    const question = questionWith(busy);
    const next = (): (() => number) => {
      let turn = 0;
      return () => starts[(turn += 97) % starts.length] ?? 0;
    };
    for (const start of starts) {
      if (judgeSlot(question, start).ok !== isFree(busy, start)) {
        throw new Error("the floor does not judge alike");
      }
    }
    const [forProduct, forFloor] = [next(), next()];
    const [productUs, floorUs] = mediansUs([
      () => judgeSlot(question, forProduct()),
      () => isFree(busy, forFloor()),
    ]);
    return { busyPeriods: count, productUs, floorUs };
  });
}

function questionWith(busy: readonly Period[]): SlotQuestion {
  return {
    meetingType,
    durationMinutes: meetingType.durationMinutes,
    availability,
    occupancy: { bookings: [], holds: [], busy },
    now: FROM - DAY_MS,
  };
}

/** Up to ten minutes each, anywhere in the 60 days, in no order, and the same in every run. */
function busyPeriods(count: number): Period[] {
  let seed = 20_261_125;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  return Array.from({ length: count }, () => {
    const start = RANGE.start + random(DAYS * 24 * 60) * MINUTE_MS;
    return { start, end: start + (1 + random(10)) * MINUTE_MS };
  });
}

function bareLoop(busy: readonly Period[]): Period[] {
  const slots: Period[] = [];
  let next = 0;
  let upcoming = busy[next];
  for (let day = 0; day < DAYS; day += 1) {
    if (day % 7 > 4) continue;
    const opens = FROM + day * DAY_MS + 9 * HOUR_MS + (day < FIRST_WINTER_DAY ? 0 : HOUR_MS);
    for (let start = opens; start < opens + 8 * HOUR_MS; start += SLOT_MS) {
      while (upcoming && upcoming.end <= start) {
        next += 1;
        upcoming = busy[next];
      }
      if (upcoming && upcoming.start < start + SLOT_MS) continue;
      slots.push({ start, end: start + SLOT_MS });
    }
  }
  return slots;
}

function sortedAndMerged(busy: readonly Period[]): Period[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of busy.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Looks at them all, as whoever wants every reason must. */
function isFree(busy: readonly Period[], start: number): boolean {
  let collisions = 0;
  for (const each of busy) {
    if (each.start < start + SLOT_MS && start < each.end) collisions += 1;
  }
  return collisions === 0;
}

/** The works take turns, so that all of them see the same machine; each figure is the median of its runs. */
function mediansUs<const Works extends readonly (() => unknown)[]>(
  works: Works,
): { [Index in keyof Works]: number } {
  const times = works.map((): number[] => []);
  const until = performance.now() + 1_500;
  while (performance.now() < until) {
    for (const [index, work] of works.entries()) {
      const began = performance.now();
      work();
      times[index]?.push((performance.now() - began) * 1_000);
    }
  }
  const medians = times.map((each) => {
    // The first runs are the compiler's.
    const warm = each.slice(Math.floor(each.length / 4)).toSorted((a, b) => a - b);
    return warm[Math.floor(warm.length / 2)] ?? 0;
  });
  // One figure for each work, in the same order.
  return medians as { [Index in keyof Works]: number };
}
