/** Mail to a booking's own address: answers to invitations, which Email Routing hands to this worker. Nothing of it is kept or logged. */

import { findBookingUid } from "../adapters/d1/booking-rows.ts";
import { MAX_REPLY_BYTES, readReply } from "../adapters/ics/reply.ts";
import { hostOfBookingUid } from "../durable-objects/booking-uid.ts";
import { type AddressedBooking, addressedBooking } from "../durable-objects/mail/booking-address.ts";
import type { ReplyOutcome } from "../durable-objects/mail/taking-replies.ts";
import { atHostCalendar } from "./authority.ts";

type Incoming = Pick<ForwardableEmailMessage, "to" | "raw" | "rawSize" | "setReject">;

/**
 * Takes an answer, or refuses the mail with a sentence that its sender's server passes on to them. An answer that is out of date is taken and
 * changes nothing: its sender has a newer invitation.
 */
export async function takeInvitationMail(message: Incoming, env: Env): Promise<void> {
  const booking = addressedBooking(message.to);
  if (booking === undefined) {
    message.setReject("There is nobody at this address.");
    return;
  }
  const outcome = await outcomeOf(message, booking, env);
  const problem = typeof outcome === "string" ? undefined : sentence(outcome.ignored, env.PUBLIC_URL);
  if (problem !== undefined) {
    message.setReject(problem);
  }
}

type Outcome = ReplyOutcome | { readonly ignored: "no-answer" };

async function outcomeOf(
  message: Incoming,
  { key, uid: known }: AddressedBooking,
  env: Env,
): Promise<Outcome> {
  if (message.rawSize > MAX_REPLY_BYTES) {
    return { ignored: "no-answer" };
  }
  const reply = await readReply(new Uint8Array(await new Response(message.raw).arrayBuffer()));
  if (reply === undefined) {
    return { ignored: "no-answer" };
  }
  const uid = known ?? (await findBookingUid(env.DB, key));
  const host = uid === undefined ? undefined : hostOfBookingUid(uid);
  return uid === undefined || host === undefined
    ? { ignored: "other-booking" }
    : atHostCalendar(env, host, (calendar) => calendar.takeReply(uid, reply));
}

/** Undefined where the sender need not hear of it. */
function sentence(
  why: Extract<Outcome, { ignored: string }>["ignored"],
  publicUrl: string,
): string | undefined {
  switch (why) {
    case "stale":
      return undefined;
    case "no-answer":
      return `Only answers to invitations are read here. Your bookings are at ${publicUrl}`;
    case "other-booking":
      return `There is no such booking any more. Your bookings are at ${publicUrl}`;
    case "unknown-sender":
      return `Nobody was invited at the address that this comes from. Answer from the one that was, or at ${publicUrl}`;
    case "over":
      return `That booking has ended or was cancelled already. See ${publicUrl}`;
  }
}
