/** The rules said slowly: every minute is asked whether it lies in a window. Shares no code with scheduling/, so it can disagree with it. */

import type { Availability, WallWindow } from "../../scheduling/availability.ts";
import type { Period } from "../../scheduling/period.ts";
import type { SlotQuestion } from "../../scheduling/slot-question.ts";
import type { MinuteTable } from "./minute-table.ts";

const WEEKDAYS = ["su", "mo", "tu", "we", "th", "fr", "sa"] as const;
const MS = 60_000;

/** A reason as this reading of the rules gives it; whatever it does not say is undefined. */
export interface SlowReason {
  readonly code: string;
  readonly uid?: string;
  readonly date?: string;
  /** Record key of the availability that is to blame. */
  readonly rkey?: string;
  readonly startsInside?: boolean;
  readonly isPast?: boolean;
}

export interface SlowReading {
  /** Every start of a grid, whether or not the slot fits. */
  readonly grid: readonly number[];
  /** Whether the window rules are open in each minute of the table. */
  readonly isOpen: Uint8Array;
  /** Everything against a slot that starts at a whole minute; nothing means that it is offered. */
  reasons(at: number): readonly SlowReason[];
}

/**
 * Reads the question minute by minute. `tableOf` gives the minutes of a zone, all from the same first instant; `table` is
 * that of the availability's own zone. Whatever is asked must lie some days inside it.
 */
export function slowly(question: SlotQuestion, tableOf: (zone: string) => MinuteTable): SlowReading {
  const { meetingType, occupancy, availability, now, durationMinutes, viewerDid } = question;
  const table = tableOf(availability.timeZone);
  const step = meetingType.slotIntervalMinutes ?? durationMinutes;
  const { isOpen, isStart } = paint(availability, tableOf, step, false);
  const openFor = runs(isOpen);
  let ordinary: Painted | undefined;

  const indexOf = (at: number): number => Math.floor((at - table.firstAt) / MS);
  const dayOf = (at: number): number => Math.floor(table.local[indexOf(at)]! / 1440);
  const fits = (at: number): boolean => openFor[indexOf(at)]! >= durationMinutes;
  const holds = occupancy.holds.filter((hold) => now < hold.expiresAt && hold.bookerDid !== viewerDid);
  const claims = [
    ...occupancy.bookings.map((booking) => ({ ...booking, code: "booked" })),
    ...holds.map((hold) => ({ ...hold, code: "held", uid: undefined })),
  ];
  const counted = claims
    .filter((claim) => claim.meetingTypeRkey === meetingType.rkey)
    .map((c) => dayOf(c.start));

  const reasonsAt = new Map<number, readonly SlowReason[]>();
  const windowReasons = (at: number): SlowReason[] => {
    if (fits(at)) return isStart[indexOf(at)] === 1 ? [] : [{ code: "off_grid" }];
    ordinary ??= paint(availability, tableOf, step, true);
    const first = indexOf(at);
    const last = first + durationMinutes - 1;
    for (let index = first; index <= last; index += 1) {
      if (ordinary.isOpen[index] !== 1) {
        return [
          {
            code: "outside_window",
            rkey: hoursOf(availability, dayOf(at), true).rkey,
            startsInside: isOpen[first] === 1,
          },
        ];
      }
    }
    const overridden = [...ordinary.daysOf]
      .filter(
        ([day, indexes]) =>
          hoursOf(availability, day, false).isOverride &&
          indexes.some((index) => first <= index && index <= last),
      )
      .map(([day]) => day);
    const day = Math.min(...overridden);
    return [{ code: "closed_by_override", date: dateOf(day), rkey: hoursOf(availability, day, false).rkey }];
  };

  return {
    grid: startsOf(isStart).map((index) => table.firstAt + index * MS),
    isOpen,
    reasons(at) {
      let known = reasonsAt.get(at);
      if (known === undefined) {
        known = judge(at);
        reasonsAt.set(at, known);
      }
      return known;
    },
  };

  function judge(at: number): SlowReason[] {
    const slot = { start: at, end: at + durationMinutes * MS };
    const paddedSlot = padded(slot, meetingType);
    const reasons: SlowReason[] = meetingType.active ? [] : [{ code: "inactive" }];
    reasons.push(...windowReasons(at));
    if (at < now + meetingType.minimumNoticeMinutes * MS) {
      reasons.push({ code: "too_soon", isPast: at < now });
    }
    if (dayOf(at) > dayOf(now) + meetingType.horizonDays) reasons.push({ code: "beyond_horizon" });
    for (const busy of occupancy.busy) {
      if (meet(slot, busy)) reasons.push({ code: "busy" });
      else if (meet(paddedSlot, busy)) reasons.push({ code: "buffer" });
    }
    for (const claim of claims) {
      const { code, uid } = claim;
      if (meet(slot, claim)) reasons.push({ code, ...(uid !== undefined && { uid }) });
      else if (meet(slot, padded(claim, claim)) || meet(paddedSlot, claim)) reasons.push({ code: "buffer" });
    }
    const day = dayOf(at);
    const { maxPerDay = Infinity, maxPerWeek = Infinity } = meetingType;
    if (counted.filter((each) => each === day).length >= maxPerDay) reasons.push({ code: "limit_reached" });
    if (counted.filter((each) => isoMonday(each) === isoMonday(day)).length >= maxPerWeek) {
      reasons.push({ code: "limit_reached" });
    }
    return reasons;
  }
}

interface Painted {
  readonly isOpen: Uint8Array;
  readonly isStart: Uint8Array;
  /** The minutes in which the windows of each date are open, by days since 1970-01-01. */
  readonly daysOf: ReadonlyMap<number, number[]>;
}

/** Asks every minute near a date whether its local time, in the zone of that date's hours, lies in one of their windows. */
function paint(
  availability: Availability,
  tableOf: (zone: string) => MinuteTable,
  step: number,
  withoutOverrides: boolean,
): Painted {
  const { firstAt, local } = tableOf(availability.timeZone);
  const isOpen = new Uint8Array(local.length);
  const isStart = new Uint8Array(local.length);
  const daysOf = new Map<number, number[]>();
  const firstDay = Math.floor(firstAt / (1440 * MS)) - 1;
  for (let day = firstDay; day <= firstDay + local.length / 1440 + 2; day += 1) {
    const { timeZone, windows } = hoursOf(availability, day, withoutOverrides);
    const table = tableOf(timeZone);
    // A date that its zone skipped has no windows.
    if (windows.length === 0 || !table.days.has(day)) continue;
    const ends = windows.map(({ startMinute, endMinute }) =>
      endMinute <= startMinute ? endMinute + 1440 : endMinute,
    );
    const isWithin = (sinceMidnight: number): boolean => {
      for (let each = 0; each < windows.length; each += 1) {
        if (windows[each]!.startMinute <= sinceMidnight && sinceMidnight < ends[each]!) return true;
      }
      return false;
    };
    const minutes: number[] = [];
    let elapsed = 0;
    // No zone is further than a day from UTC, and no window ends later than the date after its own.
    const nearest = (day - Math.floor(firstAt / (1440 * MS))) * 1440;
    const end = Math.min(local.length, nearest + 3 * 1440);
    for (let index = Math.max(0, nearest - 1440); index < end; index += 1) {
      if (!isWithin(table.local[index]! - day * 1440)) {
        elapsed = 0;
        continue;
      }
      minutes.push(index);
      isOpen[index] = 1;
      if (elapsed % step === 0) isStart[index] = 1;
      elapsed += 1;
    }
    daysOf.set(day, minutes);
  }
  return { isOpen, isStart, daysOf };
}

/** The hours of a date: the season that began last, an override of its own or of the usual hours, the week. */
function hoursOf(
  availability: Availability,
  day: number,
  withoutOverrides: boolean,
): { rkey: string; timeZone: string; windows: readonly WallWindow[]; isOverride: boolean } {
  const date = dateOf(day);
  const holds = ({ from = "0000-00-00", until = "9999-99-99" }: Availability): boolean =>
    from <= date && date <= until;
  const running = (availability.seasons ?? []).filter(holds);
  const season = running.find((one) =>
    running.every(
      (other) =>
        one === other ||
        (one.from ?? "") > (other.from ?? "") ||
        ((one.from ?? "") === (other.from ?? "") &&
          ((one.until ?? "~") < (other.until ?? "~") ||
            ((one.until ?? "~") === (other.until ?? "~") && one.rkey > other.rkey))),
    ),
  );
  if (season === undefined && !holds(availability))
    return { ...availability, windows: [], isOverride: false };
  for (const one of withoutOverrides ? [] : [season, availability]) {
    const overrides = one?.overrides.filter((override) => override.date === date) ?? [];
    if (one !== undefined && overrides.length > 0) {
      return {
        ...one,
        windows: overrides.flatMap(({ windows }) => windows),
        isOverride: true,
      };
    }
  }
  const holding = season ?? availability;
  const weekday = WEEKDAYS[new Date(day * 86_400_000).getUTCDay()]!;
  const windows = holding.weekly.filter(({ days }) => days.includes(weekday));
  return { ...holding, windows, isOverride: false };
}

function startsOf(isStart: Uint8Array): number[] {
  const indexes: number[] = [];
  for (let index = isStart.indexOf(1); index !== -1; index = isStart.indexOf(1, index + 1))
    indexes.push(index);
  return indexes;
}

/** For how many minutes on end it is open from each minute. */
function runs(isOpen: Uint8Array): Int32Array {
  const openFor = new Int32Array(isOpen.length + 1);
  for (let index = isOpen.length - 1; index >= 0; index -= 1) {
    openFor[index] = isOpen[index] === 1 ? openFor[index + 1]! + 1 : 0;
  }
  return openFor;
}

function padded(core: Period, by: { bufferBeforeMinutes: number; bufferAfterMinutes: number }): Period {
  return { start: core.start - by.bufferBeforeMinutes * MS, end: core.end + by.bufferAfterMinutes * MS };
}

/** Whether there is an instant in both; `b` may be empty. */
function meet(a: Period, b: Period): boolean {
  return b.start < b.end && a.start < b.end && b.start < a.end;
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of a day's ISO 8601 week. */
function isoMonday(day: number): number {
  return day - ((new Date(day * 86_400_000).getUTCDay() + 6) % 7);
}
