/** The one synchronous block in which a slot is given away: read, decide, write. Nothing here may ever be awaited. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { type Booking, decideRequest, type Party } from "../scheduling/booking.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { refused, type Result } from "../scheduling/refusal.ts";
import { ANSWER_KEPT_MS, findAnswer, keepAnswer, type Question } from "./answers.ts";
import { bookableMeetingType, slotQuestion } from "./bookable.ts";
import { newBookingUid } from "./booking-uid.ts";
import { recordDecision } from "./decisions.ts";
import type { Timers } from "./timers.ts";

/** What a booker asks for. `start` is epoch ms; texts have been checked and cut at the door. */
export interface RequestBooking extends Question {
  readonly booker: Party;
  readonly meetingTypeRkey: string;
  readonly start: number;
  readonly note?: string;
  readonly email?: string;
}

/**
 * Decides a request and writes the booking, what it owes and its answer. Call inside `transactionSync`.
 * @param permitted who the meeting type was open to when the booker's permission was checked.
 */
export function commitRequest(
  sql: SqlStorage,
  timers: Timers,
  records: HostRecords | undefined,
  permitted: BookableBy,
  command: RequestBooking,
  now: number,
): Result<Booking> {
  const known = findAnswer(sql, command);
  if (known) {
    return known;
  }
  const offered = records
    ? bookableMeetingType(records, command.meetingTypeRkey)
    : refused({ code: "MeetingTypeNotFound" });
  if (!records || !offered.ok) {
    return offered.ok ? refused({ code: "MeetingTypeNotFound" }) : offered;
  }
  if (offered.value.meetingType.bookableBy !== permitted) {
    return refused({
      code: "NotAllowed",
      why: "The host has just changed who may book. Reload the page and try again.",
    });
  }
  const decided = decideRequest({
    question: slotQuestion(sql, offered.value, { start: command.start, end: command.start + 1 }, now),
    command: {
      uid: newBookingUid(records.did),
      host: { did: records.did, handle: records.handle },
      booker: command.booker,
      start: command.start,
      ...(command.note !== undefined && { note: command.note }),
      ...(command.email !== undefined && { email: command.email }),
    },
    now,
  });
  if (decided.ok) {
    recordDecision(sql, timers, decided.value, command.booker.did, now);
  }
  keepAnswer(sql, command, decided, now);
  timers.setNoLaterThan("forget-answers", now + ANSWER_KEPT_MS);
  return decided;
}
