/** Random hosts, meeting types and calendars for property tests, near the days on which zones do something odd. */

import * as fc from "fast-check";
import type { Availability, DateOverride, WallWindow, WeeklyWindow } from "../../scheduling/availability.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import type { Period } from "../../scheduling/period.ts";
import type { BlockingBooking, Hold, SlotQuestion } from "../../scheduling/slot-question.ts";
import { DAY_MS, EVERY_DAY, MINUTE_MS, availabilityIn, meetingType, showInstant, utc } from "./scenario.ts";

/** A zone, and midnight UTC of a day near which something happens in it. */
export interface Place {
  readonly zone: string;
  readonly around: number;
}

/** Zones around the days on which they do something odd, and two ordinary ones. */
export const PLACES: readonly Place[] = [
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

/** Where a season's hours may be meant, other than at home. */
const ELSEWHERE = ["UTC", "America/New_York", "Pacific/Kiritimati"];

/** Who asks in these questions. */
const VIEWER = "did:plc:viewer";

export interface Case {
  readonly place: Place;
  readonly question: SlotQuestion;
  readonly range: Period;
  /** Something more that is busy. */
  readonly alsoBusy: Period;
  /** Where the range is cut in two. */
  readonly cut: number;
  /** Whole minutes to ask about, on the grid or not. */
  readonly asked: readonly number[];
  /** `YYYY-MM-DD` in the middle. */
  readonly date: string;
}

/** Multiples of a step up to and including `max`. */
const multiples = (step: number, min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min / step, max: max / step }).map((count) => count * step);

const wallWindow: fc.Arbitrary<WallWindow> = fc
  .tuple(fc.constantFrom(1, 10, 30), fc.nat(1410), fc.nat(1440))
  .map(([step, start, end]) => ({
    startMinute: start - (start % step),
    endMinute: Math.max(step, end - (end % step)),
  }));

const weeklyWindow: fc.Arbitrary<WeeklyWindow> = fc
  .tuple(fc.integer({ min: 1, max: 127 }), wallWindow)
  .map(([days, window]) => ({ days: EVERY_DAY.filter((_day, index) => (days >> index) & 1), ...window }));

const buffers = {
  bufferBeforeMinutes: fc.oneof(fc.constant(0), multiples(5, 0, 90)),
  bufferAfterMinutes: fc.oneof(fc.constant(0), multiples(5, 0, 90)),
};

/** A meeting type with no limits, and a picked duration that is its own. */
export const anyMeetingType: fc.Arbitrary<MeetingType> = fc
  .record({
    durationMinutes: fc.oneof(multiples(5, 5, 120), multiples(5, 5, 1440)),
    slotIntervalMinutes: fc.oneof(multiples(5, 5, 90), multiples(5, 5, 1440)),
    ...buffers,
    minimumNoticeMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
    horizonDays: fc.integer({ min: 1, max: 6 }),
  })
  .map((changes) => meetingType(changes));

const limits = fc.record(
  { maxPerDay: fc.integer({ min: 1, max: 2 }), maxPerWeek: fc.integer({ min: 1, max: 3 }) },
  { requiredKeys: [] },
);

/** Minutes from `around` in the five days in the middle of the ten that are known, so that windows are never cut. */
const nearMinute = fc.integer({ min: -2 * 1440, max: 3 * 1440 - 1 });
const anyLength = (shortest: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: shortest, max: 90 }), fc.integer({ min: shortest, max: 600 }));

interface Dates {
  readonly from?: number;
  readonly until?: number;
}

const anyDates: fc.Arbitrary<Dates> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      { from: fc.integer({ min: -2, max: 1 }), until: fc.integer({ min: 0, max: 3 }) },
      { requiredKeys: [] },
    ),
  },
);

interface Override {
  readonly days: number;
  readonly windows: readonly WallWindow[];
}

const anyOverride: fc.Arbitrary<Override> = fc.record({
  days: fc.integer({ min: -2, max: 2 }),
  windows: fc.array(wallWindow, { maxLength: 2 }),
});

interface Season {
  readonly zone: string | undefined;
  readonly weekly: readonly WeeklyWindow[];
  readonly overrides: readonly Override[];
  readonly holds: Dates;
}

const anySeason: fc.Arbitrary<Season> = fc.record({
  zone: fc.option(fc.constantFrom(...ELSEWHERE), { nil: undefined }),
  weekly: fc.array(weeklyWindow, { maxLength: 2 }),
  overrides: fc.array(anyOverride, { maxLength: 1 }),
  holds: fc.record(
    { from: fc.integer({ min: -3, max: 1 }), until: fc.integer({ min: -1, max: 3 }) },
    { requiredKeys: [] },
  ),
});

interface Claim {
  readonly start: number;
  readonly length: number;
  readonly meetingTypeRkey: string;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

const anyClaim: fc.Arbitrary<Claim> = fc.record({
  start: nearMinute,
  length: anyLength(5),
  meetingTypeRkey: fc.constantFrom("3lmeetingtype", "3lmeetingtype", "3lother"),
  ...buffers,
});

const noSeasons: fc.Arbitrary<Season[]> = fc.constant([]);

/** Questions about these places, in the five days around them. */
export function anyCaseAt(places: readonly Place[]): fc.Arbitrary<Case> {
  return fc
    .record({
      place: fc.constantFrom(...places),
      weekly: fc.array(weeklyWindow, { minLength: 1, maxLength: 3 }),
      overrides: fc.array(anyOverride, { maxLength: 2 }),
      holds: anyDates,
      seasons: fc.oneof(
        { weight: 3, arbitrary: noSeasons },
        { weight: 1, arbitrary: fc.array(anySeason, { minLength: 1, maxLength: 2 }) },
      ),
      meetingType: anyMeetingType,
      limits: fc.oneof(fc.constant({}), limits),
      active: fc.integer({ min: 0, max: 19 }).map((twentieth) => twentieth > 0),
      picked: fc.option(multiples(5, 5, 240), { nil: undefined }),
      steps: fc.boolean(),
      bookings: fc.array(anyClaim, { maxLength: 4 }),
      claims: fc.array(fc.record({ claim: anyClaim, isOwn: fc.boolean(), isOver: fc.boolean() }), {
        maxLength: 2,
      }),
      busy: fc.array(fc.tuple(nearMinute, anyLength(0), fc.constantFrom(0, 0, 1, 59_999)), { maxLength: 3 }),
      now: fc.tuple(nearMinute, fc.constantFrom(0, 1, 59_999)),
      ends: fc.tuple(nearMinute, nearMinute),
      share: fc.integer({ min: 0, max: 1000 }),
      alsoBusy: fc.tuple(nearMinute, fc.nat(600)),
      asked: fc.array(nearMinute, { minLength: 6, maxLength: 12 }),
      date: fc.integer({ min: -1, max: 1 }),
    })
    .map((made): Case => {
      const { place } = made;
      const at = (minute: number): number => place.around + minute * MINUTE_MS;
      const claimAt = ({ start, length, ...rest }: Claim) => ({
        start: at(start),
        end: at(start + length),
        ...rest,
      });
      const now = at(made.now[0]) - 12 * 3_600_000 + made.now[1];
      const datesAt = (dates: Dates) => ({
        ...(dates.from !== undefined && { from: dateNear(place, dates.from) }),
        ...(dates.until !== undefined && { until: dateNear(place, dates.until) }),
      });
      const overridesAt = (overrides: readonly Override[]): DateOverride[] =>
        overrides.map(({ days, windows }) => ({ date: dateNear(place, days), windows }));
      const { slotIntervalMinutes, ...withoutSteps } = made.meetingType;
      const range = { start: at(Math.min(...made.ends)), end: at(Math.max(...made.ends)) };
      return {
        place,
        question: {
          meetingType: {
            ...withoutSteps,
            ...(made.steps && slotIntervalMinutes !== undefined && { slotIntervalMinutes }),
            ...made.limits,
            active: made.active,
          },
          durationMinutes: made.picked ?? made.meetingType.durationMinutes,
          availability: {
            ...availabilityIn(place.zone, made.weekly, overridesAt(made.overrides)),
            ...datesAt(made.holds),
            seasons: made.seasons.map((season, index): Availability => ({
              ...availabilityIn(season.zone ?? place.zone, season.weekly, overridesAt(season.overrides)),
              ...datesAt(season.holds),
              rkey: `3lseason${index}`,
            })),
          },
          occupancy: {
            bookings: made.bookings.map((claim, index): BlockingBooking => ({
              ...claimAt(claim),
              uid: `${index}`,
            })),
            holds: made.claims.map(({ claim, isOwn, isOver }): Hold => ({
              ...claimAt(claim),
              bookerDid: isOwn ? VIEWER : "did:plc:other",
              expiresAt: isOver ? now : now + 1,
            })),
            busy: made.busy.map(([start, length, ms]) => ({
              start: at(start) + ms,
              end: at(start + length) + ms,
            })),
          },
          now,
          viewerDid: VIEWER,
        },
        range,
        alsoBusy: { start: at(made.alsoBusy[0]), end: at(made.alsoBusy[0] + made.alsoBusy[1]) },
        cut: Math.round(range.start + ((range.end - range.start) * made.share) / 1000),
        asked: made.asked.map(at),
        date: dateNear(place, made.date),
      };
    });
}

export const anyCase: fc.Arbitrary<Case> = anyCaseAt(PLACES);

function dateNear({ around }: Place, days: number): string {
  return showInstant(around + days * DAY_MS).slice(0, 10);
}
