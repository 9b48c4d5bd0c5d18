/**
 * Bookings that left the authority because they were over long ago, read back from D1 for their two people. Here, and not at the door,
 * because only the authority knows that it does not hold a booking; and never within a decision, since D1 decides nothing.
 */

import type { History } from "../adapters/d1/history.ts";
import { type Booking, roleOf } from "../scheduling/booking.ts";
import { accepted, type Refusal, refused, type Result } from "../scheduling/refusal.ts";
import { hostOfBookingUid } from "./booking-uid.ts";
import { mayBePruned } from "./reconciliation.ts";

type Refused = { readonly ok: false; readonly refusal: Refusal };

/** The booking, if it may have left the authority. Refusals: BookingNotFound, and HostUnreachable while D1 is away. `now` in epoch ms. */
export async function findPastBooking(history: History, uid: string, now: number): Promise<Result<Booking>> {
  if (hostOfBookingUid(uid) !== history.hostDid) {
    return refused({ code: "BookingNotFound" });
  }
  try {
    const booking = await history.find(uid);
    // A row of a younger booking that the authority does not know is nobody's: the reconciliation reports it.
    return booking && mayBePruned(booking, now) ? accepted(booking) : refused({ code: "BookingNotFound" });
  } catch (error) {
    console.warn("a past booking could not be read", error instanceof Error ? error.name : "unknown");
    return refused({
      code: "HostUnreachable",
      why: "Bookings of long ago cannot be looked up just now. Try again in a few minutes.",
    });
  }
}

/** Why nothing can be changed about a booking that the authority does not hold: it has ended, is not theirs, or never was. */
export async function refusedAsPast(
  history: History,
  { uid, callerDid }: { readonly uid: string; readonly callerDid: string },
  now: number,
): Promise<Refused> {
  const past = await findPastBooking(history, uid, now);
  if (!past.ok) {
    return past;
  }
  return roleOf(past.value, callerDid) === undefined
    ? refused({ code: "NotYourBooking" })
    : refused({ code: "WrongStatus", status: "ended" });
}
