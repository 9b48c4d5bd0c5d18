/** The one synchronous block in which a slot is given away: read, decide, write. Nothing here may ever be awaited. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Booking, Decision, Party } from "../scheduling/booking.ts";
import { decideRequest } from "../scheduling/booking-decisions.ts";
import type { GivenHold } from "../scheduling/hold-decision.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { overlaps } from "../scheduling/period.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { refusedAudience } from "./admission.ts";
import { answerOnce } from "./answer-once.ts";
import { findAnswer, type Question } from "./answers.ts";
import { bookableHere, bookableMeetingType, slotQuestion, type Wanted } from "./bookable.ts";
import { newBookingUid } from "./booking-uid.ts";
import { oweAddressLink } from "./mail/owing-mail.ts";
import { recordDecision } from "./decisions.ts";
import type { Desk } from "./desk.ts";

/** What a booker asks for. `start` is epoch ms; texts have been checked and cut at the door. */
export interface RequestBooking extends Question, Wanted {
  readonly booker: Party;
  readonly start: number;
  readonly note?: string;
  readonly email?: string;
  /** IANA zone in which the booker reads times, as their browser tells. */
  readonly bookerTimeZone?: string;
  /** The hold that the booking consumes. */
  readonly holdId?: string;
}

/**
 * Decides a request and writes the booking, what it owes and its answer, a refusal included. Call inside a transaction of the desk.
 * @param admitted the audience for which the booker was admitted, before the transaction
 */
export function commitRequest(
  desk: Desk,
  records: HostRecords | undefined,
  admitted: BookableBy,
  command: RequestBooking,
  now: number,
): Result<Booking> {
  if (!records) {
    throw new Error("a request is decided upon records that were read");
  }
  const notAdmitted = refusedAudience(records, command, admitted);
  if (notAdmitted) {
    return findAnswer(desk.sql, "booking", command) ?? refused(notAdmitted);
  }
  return answerOnce(desk, "booking", command, now, () => {
    const holds = desk.holds.liveOf(command.booker.did, now);
    const decided = withHoldInMind(decide(desk, records, command, now), command, holds);
    if (!decided.ok) {
      return decided;
    }
    recordDecision(desk, decided.value, command.booker.did, now);
    letGoOfHolds(desk, holds, command.holdId, decided.value.booking);
    askForProof(desk, command, decided.value.booking, now);
    return accepted(decided.value.booking);
  });
}

function decide(desk: Desk, records: HostRecords, command: RequestBooking, now: number): Result<Decision> {
  const host = bookableHere(records);
  const offered = host.ok ? bookableMeetingType(host.value, command) : host;
  if (!offered.ok) {
    return offered;
  }
  return decideRequest({
    question: slotQuestion(desk, offered.value, { start: command.start, end: command.start + 1 }, now),
    standing: desk.standingOf(command.booker.did, offered.value.meetingType.approval, now),
    command: {
      uid: newBookingUid(records.did),
      host: { did: records.did, handle: records.handle },
      booker: command.booker,
      start: command.start,
      ...(command.note !== undefined && { note: command.note }),
      ...(command.email !== undefined && { email: command.email }),
    },
    calendars: desk.calendarPicture(now),
    now,
  });
}

/** An address in a form may be anybody's: its owner is asked once, and nothing else goes there until they agree. */
function askForProof(desk: Desk, command: RequestBooking, { uid, booker }: Booking, now: number): void {
  const { email: address, bookerTimeZone: timeZone } = command;
  if (address !== undefined) {
    oweAddressLink(desk, uid, { ...booker, address, ...(timeZone !== undefined && { timeZone }) }, now);
  }
}

/** Who comes with a hold that ran out meanwhile, and too late, is told that this is why. */
function withHoldInMind(
  decided: Result<Decision>,
  { holdId }: RequestBooking,
  holds: readonly GivenHold[],
): Result<Decision> {
  const isLate = holdId !== undefined && !holds.some(({ id }) => id === holdId);
  return isLate && !decided.ok && ["SlotTaken", "LimitReached"].includes(decided.refusal.code)
    ? refused({ code: "HoldExpired" })
    : decided;
}

/** The hold that was consumed, and others of the same booker where they would now hold what they have booked. */
function letGoOfHolds(
  desk: Desk,
  holds: readonly GivenHold[],
  holdId: string | undefined,
  booking: Booking,
): void {
  for (const hold of holds) {
    if (hold.id === holdId || overlaps(hold, booking)) {
      desk.holds.delete(hold.id);
      if (hold.start !== booking.start || hold.end !== booking.end) {
        desk.announce("freed", hold);
      }
    }
  }
}
