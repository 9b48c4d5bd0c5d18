/** The one synchronous block in which a booking moves to another slot, or stays where it is. Nothing here may ever be awaited. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Booking, Decision } from "../scheduling/booking.ts";
import { decideReschedule } from "../scheduling/booking-decisions.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { answerOnce } from "./answer-once.ts";
import type { Question } from "./answers.ts";
import { bookableHere, offeredToBooking, slotQuestion } from "./bookable.ts";
import { findBooking } from "./booking-store.ts";
import { recordDecision } from "./decisions.ts";
import type { Desk } from "./desk.ts";

/** Where somebody wants to move a booking. `start` is epoch ms. */
export interface RescheduleBooking extends Question {
  readonly uid: string;
  readonly start: number;
}

/** Decides a move and writes the booking, what it owes and its answer, a refusal included. Call inside a transaction of the desk. */
export function commitReschedule(
  desk: Desk,
  records: HostRecords | undefined,
  command: RescheduleBooking,
  now: number,
): Result<Booking> {
  if (!records) {
    throw new Error("a move is decided upon records that were read");
  }
  return answerOnce(desk, "booking", command, now, () => {
    const decided = decide(desk, records, command, now);
    if (!decided.ok) {
      return decided;
    }
    recordDecision(desk, decided.value, command.callerDid, now);
    return accepted(decided.value.booking);
  });
}

function decide(
  desk: Desk,
  records: HostRecords,
  { uid, callerDid, start }: RescheduleBooking,
  now: number,
): Result<Decision> {
  const booking = findBooking(desk.sql, uid);
  if (!booking) {
    return refused({ code: "BookingNotFound" });
  }
  const host = bookableHere(records);
  const offered = host.ok ? offeredToBooking(host.value, booking) : host;
  if (!offered.ok) {
    return offered;
  }
  return decideReschedule({
    booking,
    question: slotQuestion(desk, offered.value, { start, end: start + 1 }, now),
    standing: desk.standingOf(booking.booker.did, offered.value.meetingType.approval, now, uid),
    callerDid,
    start,
    calendars: desk.calendarPicture(now),
    now,
  });
}
