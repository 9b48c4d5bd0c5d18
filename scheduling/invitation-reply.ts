/** Whether an answer that came back to an invitation counts: by whom, to what, and whether it is the last word. No I/O. */

import type { Booking } from "./booking.ts";

export type InvitationAnswer = "accepted" | "declined" | "tentative";

/** What an answer says (RFC 5546 3.2.3), and who sent it. Addresses in lower case. */
export interface InvitationReply {
  /** RFC 5545 UID of the event it is about. */
  readonly uid: string;
  /** Of the invitation that it answers. */
  readonly sequence: number;
  readonly attendeeAddress: string;
  readonly partstat: InvitationAnswer;
  /** When it was given by its sender's clock: epoch ms of a whole second. */
  readonly stampedAt: number;
  /** `isAuthenticated`: whether the sender is known to speak for the domain of that address. */
  readonly sender: { readonly address: string; readonly isAuthenticated: boolean };
}

/** To whom an invitation went, and when the last answer that counted was given (its `stampedAt`). */
export interface InvitedAddress {
  readonly address: string;
  readonly answeredAt?: number;
}

export type ReplyJudgement =
  | InvitationAnswer
  | { readonly ignored: "stale" | "unknown-sender" | "other-booking" };

/**
 * An answer counts where its sender proved to be the person for whom it answers, that person was invited, and it is about the booking as it
 * is now. Others may know the address to which answers go, since invitations are forwarded. An older answer of the same person does not
 * undo a later one (RFC 5546 2.1.5), and the same again is no news.
 */
export function judgeReply(
  reply: InvitationReply,
  booking: Pick<Booking, "sequence"> & { readonly calendarUid: string },
  invited: readonly InvitedAddress[],
): ReplyJudgement {
  if (reply.uid !== booking.calendarUid) return { ignored: "other-booking" };
  const { address, isAuthenticated } = reply.sender;
  const person = invited.find((one) => one.address.toLowerCase() === reply.attendeeAddress);
  if (!isAuthenticated || person === undefined || address !== reply.attendeeAddress) {
    return { ignored: "unknown-sender" };
  }
  // One with a higher sequence answers something that was never sent.
  const isOfNow = reply.sequence === booking.sequence;
  const isNews = person.answeredAt === undefined || reply.stampedAt > person.answeredAt;
  return isOfNow && isNews ? reply.partstat : { ignored: "stale" };
}
