/** What can be booked, with every default filled in. No I/O, no clock. */

import { accepted, refused } from "./refusal.ts";
import type { Result } from "./refusal.ts";

/** Whether a booking waits for the host. */
export type Approval = "manual" | "automatic";

/** Who may book; the words are those of `social.schedule.meetingType`. */
export type BookableBy = "anyone" | "followers" | "following" | "mutuals";

/** Where a meeting takes place, as its host described it. */
export type MeetingLocation =
  | { readonly kind: "link"; readonly uri: string }
  | { readonly kind: "text"; readonly text: string };

/** A checked meeting type. Its bounds were verified when the record was read. */
export interface MeetingType {
  /** Record key in the host's repository. */
  readonly rkey: string;
  readonly title: string;
  readonly description?: string;
  /** Record key of the Availability it points at, in the same repository. */
  readonly availabilityRkey: string;
  readonly durationMinutes: number;
  /** Other lengths that the booker may pick; absent means none. */
  readonly moreDurations?: readonly number[];
  /** Absent: the duration that is picked. */
  readonly slotIntervalMinutes?: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly minimumNoticeMinutes: number;
  readonly horizonDays: number;
  readonly maxPerDay?: number;
  readonly maxPerWeek?: number;
  readonly location?: MeetingLocation;
  readonly approval: Approval;
  readonly bookableBy: BookableBy;
  readonly active: boolean;
}

/** Every length this meeting may have, in minutes, ascending. */
export function durationsOf({ durationMinutes, moreDurations = [] }: MeetingType): number[] {
  return [...new Set([durationMinutes, ...moreDurations])].toSorted((a, b) => a - b);
}

/** The length a booker picked, in minutes; without a choice the meeting type's own. Refusals: DurationNotOffered. */
export function pickDuration(meetingType: MeetingType, wanted: number | undefined): Result<number> {
  const durations = durationsOf(meetingType);
  const picked = wanted ?? meetingType.durationMinutes;
  return durations.includes(picked) ? accepted(picked) : refused({ code: "DurationNotOffered", durations });
}
