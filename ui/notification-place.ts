/** Where a notification leads, and when what it tells of is. Pure. */

import type { NotificationJson } from "../worker/wire.ts";
import { agoLabel, clockTime, listDay, type HourCycle } from "./clock-format.ts";
import { segment } from "./router.ts";

/** The page where something can be done about it. */
export function notificationPlace({
  kind,
  bookingUid,
}: Pick<NotificationJson, "kind" | "bookingUid">): string {
  if (kind === "calendar.broken") return "/settings#calendars-heading";
  return bookingUid ? `/bookings/${segment(bookingUid)}` : "/dashboard";
}

/** `Tue 24 Nov, 10:00 · 5 min ago`: the booking's start, or when a calendar was last right; then how old the news is. */
export function notificationTime(
  { kind, start, createdAt }: Pick<NotificationJson, "kind" | "start" | "createdAt">,
  { zone, hourCycle, now }: { zone: string; hourCycle: HourCycle; now: number },
): string {
  const startAt = Date.parse(start);
  const when = `${listDay(startAt, zone, now)}, ${clockTime(startAt, zone, hourCycle)}`;
  const ago = agoLabel(Date.parse(createdAt), now, zone);
  return `${kind === "calendar.broken" ? "last read " : ""}${when} · ${ago}`;
}
