/** An agreed slot and the ways it may change (RFC 5545 UID, SEQUENCE, STATUS). Pure: `now` is passed in. */

import type { MeetingLocation } from "./meeting-type.ts";
import type { Period } from "./period.ts";

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
