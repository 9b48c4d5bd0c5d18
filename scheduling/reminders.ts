/** When a confirmed booking reminds its two people, and whether it still does. Pure. */

import type { Booking } from "./booking.ts";
import { DAY, MINUTE } from "./time-zone.ts";

/** Named as in the ids of reminders, which are never renamed. */
export type ReminderLead = "day" | "hour";

/** How long before the start each reminder is due, ms. */
const REMINDER_LEADS: Readonly<Record<ReminderLead, number>> = { day: DAY, hour: 60 * MINUTE };

export interface Reminder {
  readonly lead: ReminderLead;
  /** Epoch ms. */
  readonly dueAt: number;
}

/** The reminders still to come as of `now` (epoch ms), the earliest first. One whose time has passed is never made up for. */
export function remindersAhead(
  { status, start }: Pick<Booking, "status" | "start">,
  now: number,
): Reminder[] {
  if (status !== "confirmed") {
    return [];
  }
  return (["day", "hour"] as const)
    .map((lead) => ({ lead, dueAt: start - REMINDER_LEADS[lead] }))
    .filter(({ dueAt }) => dueAt > now);
}

/** Whether a reminder that was written down for `start` is still worth sending, however late the alarm: not for what has begun. */
export function stillReminds(
  booking: Pick<Booking, "status" | "start">,
  start: number,
  now: number,
): boolean {
  return booking.status === "confirmed" && booking.start === start && now < start;
}
