/** From a host's records and the authority's rows to the question the rules answer. Reads only. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Availability } from "../scheduling/availability.ts";
import type { MeetingType } from "../scheduling/meeting-type.ts";
import type { Period } from "../scheduling/period.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import type { SlotQuestion } from "../scheduling/slots.ts";
import { blockingBookings } from "./booking-store.ts";

const MINUTE_MS = 60_000;

/** A meeting type with the availability it points at. */
interface Offered {
  readonly meetingType: MeetingType;
  readonly availability: Availability;
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

/** The meeting type of that record key, if it is there, points at an availability that is, and is active. */
export function bookableMeetingType(records: HostRecords, rkey: string): Result<Offered> {
  const meetingType = records.meetingTypes.find((candidate) => candidate.rkey === rkey);
  const availability = records.availability.find(
    (candidate) => candidate.rkey === meetingType?.availabilityRkey,
  );
  if (!meetingType || !availability) {
    return refused({ code: "MeetingTypeNotFound" });
  }
  if (!meetingType.active) {
    return refused({ code: "MeetingTypeInactive" });
  }
  return accepted({ meetingType, availability });
}

/** Everything the rules need to list or judge slots that start in `range`. */
export function slotQuestion(sql: SqlStorage, offered: Offered, range: Period, now: number): SlotQuestion {
  const { meetingType, availability } = offered;
  const near = {
    start: range.start - meetingType.bufferBeforeMinutes * MINUTE_MS,
    end: range.end + (meetingType.durationMinutes + meetingType.bufferAfterMinutes) * MINUTE_MS,
  };
  return {
    meetingType,
    availability,
    occupancy: { bookings: blockingBookings(sql, near, now), busy: [] },
    now,
  };
}
