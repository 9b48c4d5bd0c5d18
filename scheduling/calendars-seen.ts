/** What a decision knew of the host's own calendars, and what becomes of a request when that is not enough. Pure. */

import type { Approval } from "./meeting-type.ts";
import type { Refusal } from "./refusal.ts";

/** Written on a booking: what was known of its host's calendars when its time was given. */
export interface CalendarsSeen {
  /** When the one that was read longest ago was last known to be right, epoch ms. */
  readonly asOf: number;
  /** False: they could not be read just then. */
  readonly isCurrent: boolean;
}

/** What a host wants while a calendar cannot be read: no bookings, to be asked about each, or to trust what was last read. */
export type OnSilentCalendar = "refuse" | "ask" | "trust";

export const DEFAULT_ON_SILENT_CALENDAR: OnSilentCalendar = "ask";

/** Busy time that was read so long ago is asked for again before a slot is given away. */
export const CURRENT_FOR_MS = 2 * 60_000;

/** What is known now, and what the host said about not knowing. Hosts without calendars have none. */
export interface CalendarPicture extends CalendarsSeen {
  readonly onSilent: OnSilentCalendar;
}

/** How a request is approved: by the host, be the meeting type as it may, where nobody knows whether they are free and they want to be asked. */
export function approvalGiven(approval: Approval, calendars: CalendarPicture | undefined): Approval {
  return calendars && !calendars.isCurrent && calendars.onSilent === "ask" ? "manual" : approval;
}

/** CalendarsSilent for hosts who want no bookings while nobody knows whether they are free. */
export function refusedUnseen(calendars: CalendarPicture | undefined): Refusal | undefined {
  return calendars && !calendars.isCurrent && calendars.onSilent === "refuse"
    ? { code: "CalendarsSilent" }
    : undefined;
}

/** What is written on the booking. */
export function seenBy(calendars: CalendarPicture | undefined): { readonly calendarsSeen?: CalendarsSeen } {
  return calendars ? { calendarsSeen: { asOf: calendars.asOf, isCurrent: calendars.isCurrent } } : {};
}
