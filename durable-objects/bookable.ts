/** From a host's records and the authority's rows to the question the rules answer. Reads only. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Availability } from "../scheduling/availability.ts";
import type { Booking } from "../scheduling/booking.ts";
import { type MeetingType, pickDuration } from "../scheduling/meeting-type.ts";
import type { Period } from "../scheduling/period.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { decisivePeriod, type SlotQuestion } from "../scheduling/slot-question.ts";
import { MINUTE } from "../scheduling/time-zone.ts";
import { blockingBookings } from "./booking-store.ts";
import type { Desk } from "./desk.ts";

/** A meeting type with the availability it points at, and the length that was picked. */
export interface Offered {
  readonly meetingType: MeetingType;
  readonly availability: Availability;
  readonly durationMinutes: number;
}

/** What somebody wants to book: a record key, and one of that meeting type's lengths (absent: its own). */
export interface Wanted {
  readonly meetingTypeRkey: string;
  readonly durationMinutes?: number;
}

/** The records, if their host takes bookings at this broker; else HostNotFound. */
export function bookableHere(records: HostRecords): Result<HostRecords> {
  return records.bookable
    ? accepted(records)
    : refused({
        code: "HostNotFound",
        why: "This person does not take bookings here. Ask them for their booking link.",
      });
}

/** What is wanted, active or not. Refusals: MeetingTypeNotFound (also without its availability), DurationNotOffered. */
export function publishedMeetingType(records: HostRecords, wanted: Wanted): Result<Offered> {
  const meetingType = records.meetingTypes.find(({ rkey }) => rkey === wanted.meetingTypeRkey);
  const availability = records.availability.find(({ rkey }) => rkey === meetingType?.availabilityRkey);
  if (!meetingType || !availability) {
    return refused({ code: "MeetingTypeNotFound" });
  }
  const picked = pickDuration(meetingType, wanted.durationMinutes);
  return picked.ok ? accepted({ meetingType, availability, durationMinutes: picked.value }) : picked;
}

/** The same, if it can be booked now; else also MeetingTypeInactive. */
export function bookableMeetingType(records: HostRecords, wanted: Wanted): Result<Offered> {
  const published = publishedMeetingType(records, wanted);
  return published.ok && !published.value.meetingType.active
    ? refused({ code: "MeetingTypeInactive" })
    : published;
}

/** What a booking is moved within: its meeting type as it is now, at the length that was agreed, be it still on offer or not. */
export function offeredToBooking(
  records: HostRecords,
  { meetingType, start, end }: Booking,
): Result<Offered> {
  const published = publishedMeetingType(records, { meetingTypeRkey: meetingType.rkey });
  return published.ok ? accepted({ ...published.value, durationMinutes: (end - start) / MINUTE }) : published;
}

/** Everything the rules need about slots that start in `range`. */
export function slotQuestion(desk: Desk, offered: Offered, range: Period, now: number): SlotQuestion {
  const decisive = decisivePeriod(offered.meetingType, offered.durationMinutes, range);
  const bookings = blockingBookings(desk.sql, decisive, now);
  const holds = desk.holds.liveIn(decisive, now);
  const busy = desk.calendars.busyIn(decisive);
  return { ...offered, occupancy: { bookings, holds, busy }, now };
}
