/** Listing a month of slots, beside the cheapest loop over integers that yields the same ones. */

import type { Availability } from "../scheduling/availability.ts";
import type { MeetingType } from "../scheduling/meeting-type.ts";
import type { Period } from "../scheduling/period.ts";
import { listSlots } from "../scheduling/slots.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Monday 2026-06-01, midnight in New York (EDT): no change of offset in the month. */
const FROM = Date.UTC(2026, 5, 1, 4);
const DAYS = 30;

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
  slotIntervalMinutes: 30,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  minimumNoticeMinutes: 0,
  horizonDays: 365,
  approval: "manual",
  bookableBy: "anyone",
  active: true,
};

export interface SlotFigures {
  readonly slots: number;
  /** Microseconds for the month, median of many runs. */
  readonly productUs: number;
  readonly floorUs: number;
}

/** The month as the product lists it, and as a bare loop does. @throws when the two disagree */
export function measureSlots(): SlotFigures {
  const question = { meetingType, availability, occupancy: { bookings: [], busy: [] }, now: FROM - DAY_MS };
  const product = () => listSlots(question, { start: FROM, end: FROM + DAYS * DAY_MS });
  if (JSON.stringify(product()) !== JSON.stringify(bareLoop())) {
    throw new Error("the floor does not yield the same slots");
  }
  return { slots: product().length, productUs: medianUs(product), floorUs: medianUs(bareLoop) };
}

function bareLoop(): Period[] {
  const slots: Period[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    if (day % 7 < 5) {
      const opens = FROM + day * DAY_MS + 9 * 60 * MINUTE_MS;
      for (let start = opens; start < opens + 8 * 60 * MINUTE_MS; start += 30 * MINUTE_MS) {
        slots.push({ start, end: start + 30 * MINUTE_MS });
      }
    }
  }
  return slots;
}

function medianUs(work: () => unknown): number {
  const times = Array.from({ length: 5_000 }, () => {
    const began = performance.now();
    work();
    return (performance.now() - began) * 1_000;
  });
  return times.toSorted((a, b) => a - b)[times.length / 2] ?? 0;
}
