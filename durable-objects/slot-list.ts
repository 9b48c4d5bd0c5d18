/** The free slots of one meeting type, as the authority sees them now. Reads only. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Period } from "../scheduling/period.ts";
import { accepted, type Result } from "../scheduling/refusal.ts";
import { listSlots } from "../scheduling/slots.ts";
import { startOfLocalDate } from "../scheduling/time-zone.ts";
import { bookableMeetingType, slotQuestion, type Wanted } from "./bookable.ts";
import type { Desk } from "./desk.ts";

/** One end of a range of slots: a local date in the host's zone, or an instant (epoch ms). */
export type SlotBound = { readonly date: string } | { readonly at: number };

export interface SlotQuery extends Wanted {
  readonly from: SlotBound;
  /** Exclusive. */
  readonly to: SlotBound;
}

export interface SlotList {
  /** The host's zone. */
  readonly timeZone: string;
  readonly durationMinutes: number;
  readonly slots: readonly Period[];
}

/** The slots whose start lies in the range. Refusals: those of bookableMeetingType. `now` in epoch ms. */
export function slotList(desk: Desk, records: HostRecords, query: SlotQuery, now: number): Result<SlotList> {
  const offered = bookableMeetingType(records, query);
  if (!offered.ok) {
    return offered;
  }
  const { durationMinutes, availability } = offered.value;
  const range = {
    start: instantOf(query.from, availability.timeZone),
    end: instantOf(query.to, availability.timeZone),
  };
  return accepted({
    timeZone: availability.timeZone,
    durationMinutes,
    slots: listSlots(slotQuestion(desk, offered.value, range, now), range),
  });
}

function instantOf(bound: SlotBound, timeZone: string): number {
  return "at" in bound ? bound.at : startOfLocalDate(bound.date, timeZone);
}
