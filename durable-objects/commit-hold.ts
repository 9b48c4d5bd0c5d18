/** The one synchronous block in which a slot is held for somebody: read, decide, write. Nothing here may ever be awaited. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Party } from "../scheduling/booking.ts";
import { decideHold, type GivenHold, MAX_HOLDS } from "../scheduling/hold-decision.ts";
import type { BookableBy } from "../scheduling/meeting-type.ts";
import { overlaps } from "../scheduling/period.ts";
import { refused, type Result } from "../scheduling/refusal.ts";
import { refusedAudience } from "./admission.ts";
import { answerOnce } from "./answer-once.ts";
import { findAnswer, type Question } from "./answers.ts";
import { bookableHere, bookableMeetingType, slotQuestion, type Wanted } from "./bookable.ts";
import type { Desk } from "./desk.ts";

/** What somebody wants to have held for them. `start` is epoch ms. */
export interface HoldSlot extends Question, Wanted {
  readonly booker: Party;
  readonly start: number;
}

/**
 * Decides a hold and writes it and its answer, a refusal included. Call inside a transaction of the desk.
 * @param admitted the audience for which the booker was admitted, before the transaction
 */
export function commitHold(
  desk: Desk,
  records: HostRecords | undefined,
  admitted: BookableBy,
  command: HoldSlot,
  now: number,
): Result<GivenHold> {
  if (!records) {
    throw new Error("a hold is decided upon records that were read");
  }
  const notAdmitted = refusedAudience(records, command, admitted);
  if (notAdmitted) {
    return findAnswer(desk.sql, "hold", command) ?? refused(notAdmitted);
  }
  return answerOnce(desk, "hold", command, now, () => {
    const decided = decide(desk, records, command, now);
    if (decided.ok) {
      makeRoom(desk, decided.value, now);
      desk.holds.save(decided.value);
      desk.timers.setNoLaterThan("expire-holds", decided.value.expiresAt);
      desk.announce("taken", decided.value);
    }
    return decided;
  });
}

/** Lets go of a hold of this booker, if it is there. Call inside a transaction of the desk. */
export function commitRelease(desk: Desk, id: string, bookerDid: string, now: number): void {
  const hold = desk.holds.liveOf(bookerDid, now).find((one) => one.id === id);
  if (hold) {
    desk.holds.delete(hold.id);
    desk.announce("freed", hold);
  }
}

function decide(desk: Desk, records: HostRecords, command: HoldSlot, now: number): Result<GivenHold> {
  const host = bookableHere(records);
  const offered = host.ok ? bookableMeetingType(host.value, command) : host;
  if (!offered.ok) {
    return offered;
  }
  return decideHold({
    id: crypto.randomUUID(),
    question: slotQuestion(desk, offered.value, { start: command.start, end: command.start + 1 }, now),
    standing: desk.standingOf(command.booker.did, offered.value.meetingType.approval, now),
    host: records,
    booker: command.booker,
    start: command.start,
    now,
  });
}

/** A booker's earlier holds go where the new one takes their place, and the oldest where there would be too many. */
function makeRoom(desk: Desk, hold: GivenHold, now: number): void {
  const others = desk.holds.liveOf(hold.bookerDid, now);
  const replaced = others.filter((one) => overlaps(one, hold));
  const kept = others.filter((one) => !overlaps(one, hold));
  for (const one of [...replaced, ...kept.slice(0, Math.max(0, kept.length - MAX_HOLDS + 1))]) {
    desk.holds.delete(one.id);
    desk.announce("freed", one);
  }
}
