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

/** Slots by date in `zone`, each day in order. Two equal labels of a day (the hour a clock repeats) carry their offsets. */
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

function withOffsets(day: readonly LabelledSlot[], zone: string): LabelledSlot[] {
  const counts = new Map<string, number>();
  for (const slot of day) counts.set(slot.label, (counts.get(slot.label) ?? 0) + 1);
  return day.map((slot) =>
    counts.get(slot.label) === 1
      ? slot
      : { ...slot, label: `${slot.label} (${offsetLabel(slot.startAt, zone)})` },
  );
}
