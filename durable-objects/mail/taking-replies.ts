/** An answer to an invitation that came back by mail: whether it counts, and what follows from it, in one transaction. */

import { calendarUid } from "../../adapters/ics/booking-text.ts";
import { decideCancel } from "../../scheduling/booking-decisions.ts";
import {
  type InvitationAnswer,
  type InvitationReply,
  judgeReply,
  type ReplyJudgement,
} from "../../scheduling/invitation-reply.ts";
import { findBooking } from "../booking-store.ts";
import { recordDecision } from "../decisions.ts";
import type { Desk } from "../desk.ts";
import { type Invited, invitedTo, type Partstat, saveInvited } from "./invited-store.ts";

const PARTSTATS: Readonly<Record<InvitationAnswer, Partstat>> = {
  accepted: "ACCEPTED",
  declined: "DECLINED",
  tentative: "TENTATIVE",
};

/** What became of an answer; `over`: there is nothing left to decline. */
export type ReplyOutcome = ReplyJudgement | { readonly ignored: "over" };

/**
 * Takes an answer. A No is a cancellation by whoever gave it, and frees the slot; the others are remembered for the next invitation. Call
 * inside a transaction of the desk.
 * @param publicUrl where people reach this broker
 * @param now epoch ms
 */
export function commitReply(
  desk: Desk,
  uid: string,
  reply: InvitationReply,
  publicUrl: string,
  now: number,
): ReplyOutcome {
  const booking = findBooking(desk.sql, uid);
  if (booking === undefined) {
    return { ignored: "other-booking" };
  }
  const invited = invitedTo(desk.sql, uid);
  const about = { sequence: booking.sequence, calendarUid: calendarUid(uid, publicUrl) };
  const judged = judgeReply(reply, about, invited);
  const person = invited.find((one) => one.address.toLowerCase() === reply.attendeeAddress);
  if (typeof judged !== "string" || person === undefined) {
    return judged;
  }
  if (judged === "declined") {
    const { did } = booking[person.role];
    const decided = decideCancel(booking, did, undefined, now);
    if (!decided.ok) {
      return { ignored: "over" };
    }
    recordDecision(desk, decided.value, did, now);
  }
  saveInvited(desk.sql, uid, answeredBy(person, judged, reply.stampedAt));
  return judged;
}

function answeredBy(person: Invited, answer: InvitationAnswer, answeredAt: number): Invited {
  return { ...person, partstat: PARTSTATS[answer], answeredAt };
}
