/** An agreed slot (RFC 5545 UID, SEQUENCE, STATUS) and what it is at a given moment. How it changes is decided elsewhere. */

import type { CalendarsSeen } from "./calendars-seen.ts";
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
  /** Until when the host can answer; while it is pending only. Absent in bookings made before there was such a time: until it starts. */
  readonly expiresAt?: number;
  readonly confirmedAt?: number;
  /** When it was last moved, by whom, and from which start. */
  readonly rescheduledAt?: number;
  readonly rescheduledBy?: "host" | "booker";
  readonly previousStart?: number;
  readonly cancelledAt?: number;
  readonly cancelledBy?: "host" | "booker";
  readonly reason?: string;
  /** Absent where the host had connected no calendar. */
  readonly calendarsSeen?: CalendarsSeen;
}

/** What has just happened to a booking. */
export type BookingEvent = "requested" | "confirmed" | "declined" | "cancelled" | "rescheduled" | "expired";

/** A booking as it has just been decided, and what happened to it. */
export interface Decision {
  readonly booking: Booking;
  readonly event: BookingEvent;
}

/** When a pending booking expires, epoch ms. */
export function expiryOf({ expiresAt, start }: Booking): number {
  return expiresAt ?? start;
}

/** The status as of `now` (epoch ms): a pending booking expires when its time has come, even if no timer has said so yet. */
export function effectiveStatus(booking: Booking, now: number): BookingStatus {
  return booking.status === "pending" && now >= expiryOf(booking) ? "expired" : booking.status;
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
