/** What can be booked, with every default filled in. No I/O, no clock. */

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
  /** Defaults to the duration. */
  readonly slotIntervalMinutes: number;
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
