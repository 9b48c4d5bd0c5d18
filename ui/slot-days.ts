/** Slots arranged for a reader: by date in their zone, with labels that are never ambiguous. Pure. */

import { clockTime, localDate, offsetLabel, type HourCycle } from "./clock-format.ts";
import { addDays, firstDateOf, lastDateOf } from "./local-date.ts";

export interface LabelledSlot {
  /** As the API wrote it; sent back unchanged. */
  readonly start: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly label: string;
}

/** Slots by date in `zone`, each day in order. Labels of the hour a clock repeats carry their offsets, even when one of a pair is taken. */
export function slotsByDate(
  slots: readonly { start: string; end: string }[],
  zone: string,
  hourCycle: HourCycle,
): Map<string, LabelledSlot[]> {
  const days = new Map<string, LabelledSlot[]>();
  for (const slot of slots) {
    const startAt = Date.parse(slot.start);
    const endAt = Date.parse(slot.end);
    if (!Number.isFinite(startAt) || !Number.isFinite(endAt)) continue;
    const date = localDate(startAt, zone);
    const label = clockTime(startAt, zone, hourCycle);
    const day = days.get(date) ?? [];
    day.push({ start: slot.start, startAt, endAt, label });
    days.set(date, day);
  }
  for (const [date, day] of days) {
    day.sort((a, b) => a.startAt - b.startAt);
    days.set(date, withOffsets(day, zone));
  }
  return days;
}

/** Which host dates to ask for so that a reader's month is whole. Zones differ by up to 26 hours, hence the margin. */
export function rangeOfMonth(month: string): { from: string; to: string } {
  return { from: addDays(firstDateOf(month), -2), to: addDays(lastDateOf(month), 3) };
}

/** Clocks are set back by one of these, minutes; half an hour is Lord Howe Island's. */
const SET_BACK_BY = [30, 60, 120, 180];
const MINUTE = 60_000;

function withOffsets(day: readonly LabelledSlot[], zone: string): LabelledSlot[] {
  const first = day[0];
  const last = day.at(-1);
  if (!first || !last) return [];
  // On nearly every day the offset stays what it is, and no slot needs a closer look.
  const around = [first.startAt - 180 * MINUTE, last.startAt + 180 * MINUTE];
  if (new Set(around.map((at) => offsetLabel(at, zone))).size === 1) return [...day];
  return day.map((slot) =>
    comesTwice(slot.startAt, zone)
      ? { ...slot, label: `${slot.label} (${offsetLabel(slot.startAt, zone)})` }
      : slot,
  );
}

/** Whether the same wall time of the same date is also another instant. */
function comesTwice(instant: number, zone: string): boolean {
  const wall = (at: number): string => `${localDate(at, zone)} ${clockTime(at, zone, "h23")}`;
  const here = wall(instant);
  return SET_BACK_BY.some((minutes) =>
    [instant - minutes * MINUTE, instant + minutes * MINUTE].some((at) => wall(at) === here),
  );
}
