/** Random hosts, meeting types and calendars for property tests, near the days on which zones do something odd. */

import * as fc from "fast-check";
import type { DateOverride, WallWindow, Weekday, WeeklyWindow } from "../../scheduling/availability.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import type { Period } from "../../scheduling/period.ts";
import type { BlockingBooking, SlotQuestion } from "../../scheduling/slots.ts";
import { minuteTable } from "./brute-force.ts";
import type { MinuteTable } from "./brute-force.ts";
import { DAY_MS, EVERY_DAY, MINUTE_MS, availabilityIn, meetingType, showInstant, utc } from "./scenario.ts";

/** Zones around the days on which they do something odd, and two ordinary ones. */
const PLACES: readonly { zone: string; around: number }[] = [
  { zone: "America/New_York", around: utc("2026-03-08 00:00") },
  { zone: "America/New_York", around: utc("2026-11-01 00:00") },
  { zone: "Europe/Berlin", around: utc("2026-03-29 00:00") },
  { zone: "Europe/Berlin", around: utc("2026-10-25 00:00") },
  { zone: "Australia/Lord_Howe", around: utc("2026-04-04 00:00") },
  { zone: "Asia/Kathmandu", around: utc("2026-06-01 00:00") },
  { zone: "Pacific/Auckland", around: utc("2026-06-01 00:00") },
  { zone: "Pacific/Apia", around: utc("2011-12-30 00:00") },
  { zone: "Pacific/Kwajalein", around: utc("1993-08-21 00:00") },
  { zone: "America/St_Johns", around: utc("2009-11-01 00:00") },
  { zone: "Asia/Beirut", around: utc("2026-03-29 00:00") },
  { zone: "America/Havana", around: utc("2026-11-01 00:00") },
  { zone: "America/Boa_Vista", around: utc("2000-10-12 00:00") },
];

const tables = new Map<string, MinuteTable>();

/** Ten days around a place's day; queries stay in the five in the middle, so that windows are never cut. */
export function tableOf({ zone, around }: { zone: string; around: number }): MinuteTable {
  const key = `${zone} ${around}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = minuteTable(zone, around - 4 * DAY_MS, 10);
    tables.set(key, table);
  }
  return table;
}

/** Multiples of a step up to and including `max`. */
const multiples = (step: number, min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min / step, max: max / step }).map((count) => count * step);

const wallWindow: fc.Arbitrary<WallWindow> = fc
  .constantFrom(1, 10, 30)
  .chain((step) =>
    fc.record({ startMinute: multiples(step, 0, 1410), endMinute: multiples(step, step, 1440) }),
  );

const weeklyWindow: fc.Arbitrary<WeeklyWindow> = fc
  .tuple(fc.subarray<Weekday>([...EVERY_DAY], { minLength: 1 }), wallWindow)
  .map(([days, window]) => ({ days, ...window }));

const buffers = {
  bufferBeforeMinutes: fc.oneof(fc.constant(0), multiples(5, 0, 90)),
  bufferAfterMinutes: fc.oneof(fc.constant(0), multiples(5, 0, 90)),
};

export const anyMeetingType: fc.Arbitrary<MeetingType> = fc
  .record({
    durationMinutes: fc.oneof(multiples(5, 5, 120), multiples(5, 5, 1440)),
    slotIntervalMinutes: fc.oneof(multiples(5, 5, 90), multiples(5, 5, 1440)),
    ...buffers,
    minimumNoticeMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
    horizonDays: fc.integer({ min: 1, max: 6 }),
  })
  .map((changes) => meetingType(changes));

export interface Case {
  readonly place: { zone: string; around: number };
  readonly question: SlotQuestion;
  readonly range: Period;
}

export const anyCase: fc.Arbitrary<Case> = fc.constantFrom(...PLACES).chain((place) => {
  const minuteNear = (days: number): fc.Arbitrary<number> =>
    fc.integer({ min: -days * 1440, max: (days + 1) * 1440 }).map((m) => place.around + m * MINUTE_MS);
  const periodFrom = (shortest: number): fc.Arbitrary<Period> =>
    fc
      .tuple(
        minuteNear(2),
        fc.oneof(fc.integer({ min: shortest, max: 90 }), fc.integer({ min: shortest, max: 600 })),
      )
      .map(([start, minutes]) => ({ start, end: start + minutes * MINUTE_MS }));
  const anyOverride: fc.Arbitrary<DateOverride> = fc.record({
    date: fc
      .integer({ min: -2, max: 2 })
      .map((days) => showInstant(place.around + days * DAY_MS).slice(0, 10)),
    windows: fc.array(wallWindow, { maxLength: 2 }),
  });
  return fc
    .record({
      weekly: fc.array(weeklyWindow, { minLength: 1, maxLength: 3 }),
      overrides: fc.array(anyOverride, { maxLength: 2 }),
      meetingType: anyMeetingType,
      bookings: fc.array(
        fc.tuple(periodFrom(5), fc.record(buffers)).map(([at, by]): BlockingBooking => ({ ...at, ...by })),
        { maxLength: 3 },
      ),
      busy: fc.array(periodFrom(0), { maxLength: 3 }),
      now: fc.tuple(minuteNear(2), fc.constantFrom(0, 1, 59_999)).map(([at, ms]) => at - 12 * 3_600_000 + ms),
      ends: fc.tuple(minuteNear(2), minuteNear(2)),
    })
    .map((made) => ({
      place,
      question: {
        meetingType: made.meetingType,
        availability: availabilityIn(place.zone, made.weekly, made.overrides),
        occupancy: { bookings: made.bookings, busy: made.busy },
        now: made.now,
      },
      range: { start: Math.min(...made.ends), end: Math.max(...made.ends) },
    }));
});
