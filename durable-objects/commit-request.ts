/** The one synchronous block in which a slot is given away: read, decide, write. Nothing here may ever be awaited. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import { type Booking, decideRequest, type Party } from "../scheduling/booking.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { refused, type Result } from "../scheduling/refusal.ts";
import { ANSWER_KEPT_MS, findAnswer, keepAnswer, type Question } from "./answers.ts";
import { audienceOf } from "./admission.ts";
import { bookableHere, bookableMeetingType, slotQuestion, type Wanted } from "./bookable.ts";
import { newBookingUid } from "./booking-uid.ts";
import { recordDecision } from "./decisions.ts";
import type { Timers } from "./timers.ts";

/** What a booker asks for. `start` is epoch ms; texts have been checked and cut at the door. */
export interface RequestBooking extends Question, Wanted {
  readonly booker: Party;
  readonly start: number;
  readonly note?: string;
  readonly email?: string;
}

/**
 * Decides a request and writes the booking, what it owes and its answer, a refusal included. Call inside `transactionSync`.
 * @param admitted the audience for which the booker was admitted, before the transaction
 */
export function commitRequest(
  sql: SqlStorage,
  timers: Timers,
  records: HostRecords | undefined,
  admitted: BookableBy,
  command: RequestBooking,
  now: number,
): Result<Booking> {
  const known = findAnswer(sql, command);
  if (known) {
    return known;
  }
  if (!records) {
    throw new Error("a request is decided upon records that were read");
  }
  const audience = audienceOf(records, command);
  if (audience !== "anyone" && audience !== admitted) {
    // Not kept as the answer: who may book has yet to be looked up.
    return refused({
      code: "NotAllowed",
      why: "The host has just changed who may book. Reload the page and try again.",
    });
  }
  const decided = decide(sql, records, command, now);
  if (decided.ok) {
    recordDecision(sql, timers, decided.value, command.booker.did, now);
  }
  keepAnswer(sql, command, decided, now);
  timers.setNoLaterThan("forget-answers", now + ANSWER_KEPT_MS);
  return decided;
}

function decide(
  sql: SqlStorage,
  records: HostRecords,
  command: RequestBooking,
  now: number,
): Result<Booking> {
  const host = bookableHere(records);
  const offered = host.ok ? bookableMeetingType(host.value, command) : host;
  if (!offered.ok) {
    return offered;
  }
  return decideRequest({
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
}
