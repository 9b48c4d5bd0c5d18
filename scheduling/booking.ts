/** An agreed slot and the ways it may change (RFC 5545 UID, SEQUENCE, STATUS). Pure: `now` is passed in. */

import type { MeetingLocation } from "./meeting-type.ts";
import type { Period } from "./period.ts";
import { accepted, refused } from "./refusal.ts";
import type { Result } from "./refusal.ts";
import type { SlotQuestion } from "./slot-question.ts";
import { judgeSlot } from "./slots.ts";

export type BookingStatus = "pending" | "confirmed" | "declined" | "cancelled" | "expired";

/** A person as they were known when the booking was made. */
export interface Party {
  readonly did: string;
  readonly handle: string;
}

export interface Booking extends Period {
  /** Stable for the booking's life. */
  readonly uid: string;
  /** Starts at 0 and rises by one with every change. */
  readonly sequence: number;
  readonly status: BookingStatus;
  readonly host: Party;
  readonly booker: Party;
  readonly meetingType: { readonly rkey: string; readonly title: string };
  /** The Availability that offered it (D1 column `availability_id`). */
  readonly availabilityRkey: string;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** The host's zone when the booking was made. */
  readonly timeZone: string;
  readonly note?: string;
  /** Shown to its owner and to the host only. */
  readonly email?: string;
  readonly location?: MeetingLocation;
  readonly createdAt: number;
  readonly confirmedAt?: number;
  readonly cancelledAt?: number;
  readonly cancelledBy?: "host" | "booker";
  readonly reason?: string;
}

/** What the booker asks for. Everything else about the booking comes from the meeting type. */
export interface BookingCommand {
  readonly uid: string;
  readonly host: Party;
  readonly booker: Party;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly note?: string;
  readonly email?: string;
}

/**
 * A new booking of a free slot, their own hold on it included: confirmed at once when approval is automatic, else pending. Refusals: NotAllowed for
 * hosts who book themselves, then those of judgeSlot. `now` (epoch ms) is the one the slot is judged by.
 */
export function decideRequest(input: {
  readonly question: SlotQuestion;
  readonly command: BookingCommand;
  readonly now: number;
}): Result<Booking> {
  const { question, command, now } = input;
  const { meetingType, availability } = question;
  if (command.host.did === command.booker.did) {
    return refused({
      code: "NotAllowed",
      why: "You cannot book yourself. Block the time in your own calendar instead.",
    });
  }
  const slot = judgeSlot({ ...question, now, viewerDid: command.booker.did }, command.start);
  if (!slot.ok) return slot;
  const isConfirmed = meetingType.approval === "automatic";
  return accepted({
    uid: command.uid,
    sequence: 0,
    status: isConfirmed ? "confirmed" : "pending",
    host: command.host,
    booker: command.booker,
    meetingType: { rkey: meetingType.rkey, title: meetingType.title },
    availabilityRkey: availability.rkey,
    ...slot.value,
    bufferBeforeMinutes: meetingType.bufferBeforeMinutes,
    bufferAfterMinutes: meetingType.bufferAfterMinutes,
    timeZone: availability.timeZone,
    ...(command.note === undefined ? {} : { note: command.note }),
    ...(command.email === undefined ? {} : { email: command.email }),
    ...(meetingType.location === undefined ? {} : { location: meetingType.location }),
    createdAt: now,
    ...(isConfirmed ? { confirmedAt: now } : {}),
  });
}

/** The host says yes to a pending booking. Refusals: NotYourBooking, WrongStatus. `now` in epoch ms. */
export function decideConfirm(booking: Booking, callerDid: string, now: number): Result<Booking> {
  const answerable = answerableByHost(booking, callerDid, now);
  if (!answerable.ok) return answerable;
  return accepted({ ...booking, sequence: booking.sequence + 1, status: "confirmed", confirmedAt: now });
}

/** The host says no to a pending booking. Refusals: NotYourBooking, WrongStatus. `now` in epoch ms. */
export function decideDecline(
  booking: Booking,
  callerDid: string,
  reason: string | undefined,
  now: number,
): Result<Booking> {
  const answerable = answerableByHost(booking, callerDid, now);
  if (!answerable.ok) return answerable;
  return accepted({
    ...booking,
    sequence: booking.sequence + 1,
    status: "declined",
    ...(reason === undefined ? {} : { reason }),
  });
}

/**
 * Either side calls off a booking that is pending or confirmed and not over. Refusals: NotYourBooking, WrongStatus
 * (with the status `ended` for a confirmed booking that is over). `now` in epoch ms.
 */
export function decideCancel(
  booking: Booking,
  callerDid: string,
  reason: string | undefined,
  now: number,
): Result<Booking> {
  const cancelledBy = roleOf(booking, callerDid);
  if (cancelledBy === undefined) return refused({ code: "NotYourBooking" });
  if (!blocksTime(booking, now))
    return refused({ code: "WrongStatus", status: effectiveStatus(booking, now) });
  if (now >= booking.end) return refused({ code: "WrongStatus", status: "ended" });
  return accepted({
    ...booking,
    sequence: booking.sequence + 1,
    status: "cancelled",
    cancelledAt: now,
    cancelledBy,
    ...(reason === undefined ? {} : { reason }),
  });
}

/** The status as of `now` (epoch ms): a pending booking expires when its start comes, even if no timer has said so yet. */
export function effectiveStatus(booking: Booking, now: number): BookingStatus {
  return booking.status === "pending" && now >= booking.start ? "expired" : booking.status;
}

/** Whether the booking takes its time away from others, as of `now` (epoch ms). */
export function blocksTime(booking: Booking, now: number): boolean {
  const status = effectiveStatus(booking, now);
  return status === "pending" || status === "confirmed";
}

/** The caller's side of the booking; undefined for everybody else. */
export function roleOf(booking: Booking, did: string): "host" | "booker" | undefined {
  if (did === booking.host.did) return "host";
  return did === booking.booker.did ? "booker" : undefined;
}

function answerableByHost(booking: Booking, callerDid: string, now: number): Result<Booking> {
  if (roleOf(booking, callerDid) !== "host") return refused({ code: "NotYourBooking" });
  const status = effectiveStatus(booking, now);
  return status === "pending" ? accepted(booking) : refused({ code: "WrongStatus", status });
}
