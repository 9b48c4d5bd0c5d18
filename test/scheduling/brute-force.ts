/** The rules said slowly: every minute asks Intl for its local time. Shares no code with scheduling/, so it can disagree with it. */

import type { WallWindow } from "../../scheduling/availability.ts";
import type { Period } from "../../scheduling/period.ts";
import type { SlotQuestion } from "../../scheduling/slots.ts";

const WEEKDAYS = ["su", "mo", "tu", "we", "th", "fr", "sa"] as const;
const MS = 60_000;

/** The minutes of some days in a zone, each with its local date and time. */
export interface MinuteTable {
  readonly zone: string;
  readonly firstAt: number;
  /** Local minutes since 1970-01-01 00:00 local, one per minute of elapsed time. */
  readonly local: readonly number[];
}

export function minuteTable(zone: string, firstAt: number, days: number): MinuteTable {
  const clock = wallClock(zone);
  return {
    zone,
    firstAt,
    local: Array.from({ length: days * 1440 }, (_, index) => clock(firstAt + index * MS) / MS),
  };
}

/** Reads a zone's wall clock: the local date and time of an instant as if it were UTC, in ms. */
export function wallClock(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const [month, day, year, hour, minute, second] = format.format(instant).match(/\d+/g)!.map(Number);
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  };
}

export type Verdict = "free" | "OutsideAvailability" | "TooSoon" | "BeyondHorizon" | "SlotTaken";

/** The verdict on every start of the table's minutes that is not OutsideAvailability. */
export function verdicts(question: SlotQuestion, table: MinuteTable): Map<number, Verdict> {
  const { meetingType, occupancy, now } = question;
  const found = new Map<number, Verdict>();
  const dates = datesOfMinutes(question, table);
  const isOpen = dates.map((ofMinute) => ofMinute.length > 0);
  const dayOf = (at: number): number =>
    Math.floor(table.local[Math.floor((at - table.firstAt) / MS)]! / 1440);

  const starts = new Set<number>();
  for (const date of new Set(dates.flat())) {
    let elapsed = 0;
    for (let index = 0; index < dates.length; index += 1) {
      if (!dates[index]!.includes(date)) {
        elapsed = 0;
        continue;
      }
      if (elapsed % meetingType.slotIntervalMinutes === 0) starts.add(index);
      elapsed += 1;
    }
  }

  for (const index of starts) {
    const minutes = isOpen.slice(index, index + meetingType.durationMinutes);
    if (minutes.length < meetingType.durationMinutes || minutes.includes(false)) continue;
    const at = table.firstAt + index * MS;
    const slot = { start: at, end: at + meetingType.durationMinutes * MS };
    if (at < now + meetingType.minimumNoticeMinutes * MS) found.set(at, "TooSoon");
    else if (dayOf(at) > dayOf(now) + meetingType.horizonDays) found.set(at, "BeyondHorizon");
    else if (
      occupancy.busy.some((busy) => shareAMinute(padded(slot, meetingType), busy)) ||
      occupancy.bookings.some(
        (booking) =>
          shareAMinute(slot, padded(booking, booking)) || shareAMinute(padded(slot, meetingType), booking),
      )
    ) {
      found.set(at, "SlotTaken");
    } else found.set(at, "free");
  }
  return found;

  function padded(core: Period, by: { bufferBeforeMinutes: number; bufferAfterMinutes: number }): Period {
    return { start: core.start - by.bufferBeforeMinutes * MS, end: core.end + by.bufferAfterMinutes * MS };
  }
}

/** For every minute, the dates (local days) whose windows it lies in. */
export function datesOfMinutes({ availability }: SlotQuestion, table: MinuteTable): number[][] {
  const existing = new Set(table.local.map((local) => Math.floor(local / 1440)));
  const windowsOf = new Map<number, readonly WallWindow[]>();
  for (const day of existing) {
    const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
    const overrides = availability.overrides.filter((override) => override.date === date);
    const weekday = WEEKDAYS[new Date(day * 86_400_000).getUTCDay()]!;
    windowsOf.set(
      day,
      overrides.length > 0
        ? overrides.flatMap((override) => override.windows)
        : availability.weekly.filter((window) => window.days.includes(weekday)),
    );
  }
  return table.local.map((local) => {
    const today = Math.floor(local / 1440);
    return [today - 1, today].filter((day) =>
      (windowsOf.get(day) ?? []).some(({ startMinute, endMinute }) => {
        const sinceMidnight = local - day * 1440;
        const end = endMinute <= startMinute ? endMinute + 1440 : endMinute;
        return startMinute <= sinceMidnight && sinceMidnight < end;
      }),
    );
  });
}

function shareAMinute(a: Period, b: Period): boolean {
  for (let minute = a.start; minute < a.end; minute += MS)
    if (b.start <= minute && minute < b.end) return true;
  return false;
}
