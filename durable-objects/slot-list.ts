/** The free slots of one meeting type, or those to which a booking can move, as the authority sees them now. Reads only. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { listMoves } from "../scheduling/booking-decisions.ts";
import type { Period } from "../scheduling/period.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { listSlots } from "../scheduling/slots.ts";
import { startOfLocalDate } from "../scheduling/time-zone.ts";
import {
  bookableMeetingType,
  type Offered,
  offeredToBooking,
  slotQuestion,
  type Wanted,
} from "./bookable.ts";
import { findBooking } from "./booking-store.ts";
import type { Desk } from "./desk.ts";

/** One end of a range of slots: a local date in the host's zone, or an instant (epoch ms). */
export type SlotBound = { readonly date: string } | { readonly at: number };

interface SlotRange {
  readonly from: SlotBound;
  /** Exclusive. */
  readonly to: SlotBound;
}

export interface SlotQuery extends Wanted, SlotRange {}

/** Where a booking could move, asked by one of its people. */
export interface MoveQuery extends SlotRange {
  readonly uid: string;
  readonly callerDid: string;
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
  const range = periodOf(query, offered.value);
  const slots = listSlots(slotQuestion(desk, offered.value, range, now), range);
  return accepted(listed(offered.value, slots));
}

/**
 * The slots to which rescheduleBooking would move the booking. Refusals: BookingNotFound, those of offeredToBooking and of listMoves.
 * `now` in epoch ms.
 */
export function moveList(desk: Desk, records: HostRecords, query: MoveQuery, now: number): Result<SlotList> {
  const { uid, callerDid } = query;
  const booking = findBooking(desk.sql, uid);
  if (!booking) {
    return refused({ code: "BookingNotFound" });
  }
  const offered = offeredToBooking(records, booking);
  if (!offered.ok) {
    return offered;
  }
  const range = periodOf(query, offered.value);
  const question = slotQuestion(desk, offered.value, range, now);
  const moves = listMoves({ booking, question, callerDid, now }, range);
  return moves.ok ? accepted(listed(offered.value, moves.value)) : moves;
}

function listed({ availability, durationMinutes }: Offered, slots: readonly Period[]): SlotList {
  return { timeZone: availability.timeZone, durationMinutes, slots };
}

function periodOf({ from, to }: SlotRange, { availability: { timeZone } }: Offered): Period {
  return { start: instantOf(from, timeZone), end: instantOf(to, timeZone) };
}

function instantOf(bound: SlotBound, timeZone: string): number {
  return "at" in bound ? bound.at : startOfLocalDate(bound.date, timeZone);
}
