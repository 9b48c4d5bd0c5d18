/** Everything the rules need to know to say which slots exist. Plain data, and what of it a range of slots depends on. */

import type { Availability } from "./availability.ts";
import type { MeetingType } from "./meeting-type.ts";
import type { Period } from "./period.ts";
import { DAY, MINUTE } from "./time-zone.ts";

/** A slot that is somebody's already: its own period, and the distance it keeps from others. */
export interface Claim extends Period {
  readonly meetingTypeRkey: string;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/** A pending or confirmed booking. */
export interface BlockingBooking extends Claim {
  readonly uid: string;
}

/** A short claim on a slot while its booker fills the form. */
export interface Hold extends Claim {
  readonly bookerDid: string;
  /** From this instant on (epoch ms) it blocks nothing, whether or not it was taken away. */
  readonly expiresAt: number;
}

/** What already takes the host's time. Nothing needs to be sorted or merged. */
export interface Occupancy {
  readonly bookings: readonly BlockingBooking[];
  readonly holds: readonly Hold[];
  /** Periods taken by something outside the broker. */
  readonly busy: readonly Period[];
}

export interface SlotQuestion {
  readonly meetingType: MeetingType;
  /** The length that was picked, one of the meeting type's. */
  readonly durationMinutes: number;
  /** The one that the meeting type points at. Its zone is the host's. */
  readonly availability: Availability;
  readonly occupancy: Occupancy;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Who asks: their own hold is free to them. */
  readonly viewerDid?: string;
}

/** The period of a slot that starts at `start`. */
export function slotAt({ durationMinutes }: SlotQuestion, start: number): Period {
  return { start, end: start + durationMinutes * MINUTE };
}

/**
 * The period whose occupancy decides about slots that start in `range`: busy time that touches it, claims whose padded
 * period touches it or that start in it. Wider than the slots where limits count whole days and weeks.
 */
export function decisivePeriod(meetingType: MeetingType, durationMinutes: number, range: Period): Period {
  const { bufferBeforeMinutes, bufferAfterMinutes, maxPerDay, maxPerWeek } = meetingType;
  // A day more than a week, or than a day: a clock set back can make one of them longer.
  const counted = maxPerWeek !== undefined ? 8 * DAY : maxPerDay !== undefined ? 2 * DAY : 0;
  return {
    start: range.start - Math.max(counted, bufferBeforeMinutes * MINUTE),
    end: range.end + Math.max(counted, (durationMinutes + bufferAfterMinutes) * MINUTE),
  };
}
