/** Every way a booking comes about and changes, each decided as a whole. Pure: `now` (epoch ms) is passed in. */

import { blocksTime, effectiveStatus, roleOf } from "./booking.ts";
import type { Booking, Decision, Party } from "./booking.ts";
import { approvalGiven, refusedUnseen, seenBy } from "./calendars-seen.ts";
import type { CalendarPicture } from "./calendars-seen.ts";
import { accepted, refused } from "./refusal.ts";
import type { Period } from "./period.ts";
import type { Result } from "./refusal.ts";
import type { SlotQuestion } from "./slot-question.ts";
import { judgeSlot, listSlots } from "./slots.ts";
import { refusedBooker } from "./standing.ts";
import type { Standing } from "./standing.ts";

const HOUR_MS = 60 * 60_000;

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
 * A new booking of a free slot, their own hold on it included: confirmed at once when approval is automatic, else pending.
 * Refusals: those of refusedBooker, those of judgeSlot, then that of refusedUnseen. `now` is the one the slot is judged by.
 */
export function decideRequest(input: {
  readonly question: SlotQuestion;
  readonly standing: Standing;
  readonly command: BookingCommand;
  /** Absent: the host has connected none. */
  readonly calendars?: CalendarPicture | undefined;
  readonly now: number;
}): Result<Decision> {
  const { question, standing, command, calendars, now } = input;
  const { meetingType, availability } = question;
  const approval = approvalGiven(meetingType.approval, calendars);
  const refusal = refusedBooker(standing, approval, command);
  if (refusal !== undefined) return refused(refusal);
  const slot = judgeSlot({ ...question, now, viewerDid: command.booker.did }, command.start);
  if (!slot.ok) return slot;
  const unseen = refusedUnseen(calendars);
  if (unseen !== undefined) return refused(unseen);
  const isConfirmed = approval === "automatic";
  const booking: Booking = {
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
    ...(isConfirmed ? { confirmedAt: now } : { expiresAt: expiry(slot.value.start, standing, now) }),
    ...seenBy(calendars),
  };
  return accepted({ booking, event: isConfirmed ? "confirmed" : "requested" });
}

/** The host says yes to a pending booking. Refusals: NotYourBooking, WrongStatus. */
export function decideConfirm(booking: Booking, callerDid: string, now: number): Result<Decision> {
  const answerable = answerableByHost(booking, callerDid, now);
  if (!answerable.ok) return answerable;
  const { expiresAt: _answered, ...rest } = booking;
  return changed(rest, "confirmed", { status: "confirmed", confirmedAt: now });
}

/** The host says no to a pending booking. Refusals: NotYourBooking, WrongStatus. */
export function decideDecline(
  booking: Booking,
  callerDid: string,
  reason: string | undefined,
  now: number,
): Result<Decision> {
  const answerable = answerableByHost(booking, callerDid, now);
  if (!answerable.ok) return answerable;
  return changed(booking, "declined", { status: "declined", ...(reason === undefined ? {} : { reason }) });
}

/**
 * Either side calls off a booking that is pending or confirmed and not over. Refusals: NotYourBooking, WrongStatus
 * (with the status `ended` for a confirmed booking that is over).
 */
export function decideCancel(
  booking: Booking,
  callerDid: string,
  reason: string | undefined,
  now: number,
): Result<Decision> {
  const changeable = changeableBy(booking, callerDid, now);
  if (!changeable.ok) return changeable;
  return changed(booking, "cancelled", {
    status: "cancelled",
    cancelledAt: now,
    cancelledBy: changeable.value,
    ...(reason === undefined ? {} : { reason }),
  });
}

/**
 * Either side moves a booking to another free slot, at the length it has; the slot it leaves counts as free. Moved by the
 * booker it needs approval again where the meeting type is manual, moved by the host it is confirmed. `question` is about
 * the meeting type as it is now. Refusals: NotYourBooking, WrongStatus, for the booker those of refusedBooker, then those of judgeSlot,
 * and for the booker that of refusedUnseen: hosts know themselves whether they are free.
 */
export function decideReschedule(input: {
  readonly booking: Booking;
  readonly question: SlotQuestion;
  readonly standing: Standing;
  readonly callerDid: string;
  readonly start: number;
  /** Absent: the host has connected none. */
  readonly calendars?: CalendarPicture | undefined;
  readonly now: number;
}): Result<Decision> {
  const { booking, question, standing, callerDid, start, calendars, now } = input;
  const { meetingType, availability } = question;
  const changeable = changeableBy(booking, callerDid, now);
  if (!changeable.ok) return changeable;
  const movedBy = changeable.value;
  if (start === booking.start) return refused({ code: "WrongStatus", status: "at that time" });
  const approval = movedBy === "host" ? "automatic" : approvalGiven(meetingType.approval, calendars);
  const refusal = movedBy === "host" ? undefined : refusedBooker(standing, approval, booking);
  if (refusal !== undefined) return refused(refusal);

  const slot = judgeSlot(questionOfMove(question, booking, callerDid, now), start);
  if (!slot.ok) return slot;
  const unseen = movedBy === "host" ? undefined : refusedUnseen(calendars);
  if (unseen !== undefined) return refused(unseen);
  const isConfirmed = approval === "automatic";
  const { expiresAt: _expiresAt, confirmedAt = now, calendarsSeen: _before, ...rest } = booking;
  return changed(rest, "rescheduled", {
    ...slot.value,
    status: isConfirmed ? "confirmed" : "pending",
    ...(isConfirmed ? { confirmedAt } : { expiresAt: expiry(slot.value.start, standing, now) }),
    availabilityRkey: availability.rkey,
    bufferBeforeMinutes: meetingType.bufferBeforeMinutes,
    bufferAfterMinutes: meetingType.bufferAfterMinutes,
    timeZone: availability.timeZone,
    rescheduledAt: now,
    rescheduledBy: movedBy,
    previousStart: booking.start,
    ...seenBy(calendars),
  });
}

/** The slots that start in `range` to which decideReschedule would let the booking move. Refusals: NotYourBooking, WrongStatus. */
export function listMoves(
  input: {
    readonly booking: Booking;
    readonly question: SlotQuestion;
    readonly callerDid: string;
    readonly now: number;
  },
  range: Period,
): Result<Period[]> {
  const { booking, question, callerDid, now } = input;
  const changeable = changeableBy(booking, callerDid, now);
  if (!changeable.ok) return changeable;
  const slots = listSlots(questionOfMove(question, booking, callerDid, now), range);
  return accepted(slots.filter(({ start }) => start !== booking.start));
}

/** What time itself does to a booking that waited too long for its answer; undefined for all others. */
export function decideExpiry(booking: Booking, now: number): Decision | undefined {
  return booking.status === "pending" && effectiveStatus(booking, now) === "expired"
    ? { booking: { ...booking, sequence: booking.sequence + 1, status: "expired" }, event: "expired" }
    : undefined;
}

function changed(booking: Booking, event: Decision["event"], changes: Partial<Booking>): Result<Decision> {
  return accepted({ booking: { ...booking, ...changes, sequence: booking.sequence + 1 }, event });
}

function answerableByHost(booking: Booking, callerDid: string, now: number): Result<Booking> {
  if (roleOf(booking, callerDid) !== "host") return refused({ code: "NotYourBooking" });
  const status = effectiveStatus(booking, now);
  return status === "pending" ? accepted(booking) : refused({ code: "WrongStatus", status });
}

/** The side of a caller who may call the booking off or move it now. */
function changeableBy(booking: Booking, callerDid: string, now: number): Result<"host" | "booker"> {
  const role = roleOf(booking, callerDid);
  if (role === undefined) return refused({ code: "NotYourBooking" });
  if (!blocksTime(booking, now))
    return refused({ code: "WrongStatus", status: effectiveStatus(booking, now) });
  return now >= booking.end ? refused({ code: "WrongStatus", status: "ended" }) : accepted(role);
}

/** The host's patience, or the start, whichever is earlier. */
function expiry(start: number, { pendingHours }: Standing, now: number): number {
  return Math.min(start, now + pendingHours * HOUR_MS);
}

/** The slot that the booking leaves counts as free, and so does what the mover holds. */
function questionOfMove(
  question: SlotQuestion,
  { uid }: Booking,
  callerDid: string,
  now: number,
): SlotQuestion {
  const { occupancy } = question;
  const bookings = occupancy.bookings.filter((one) => one.uid !== uid);
  return { ...question, occupancy: { ...occupancy, bookings }, now, viewerDid: callerDid };
}
