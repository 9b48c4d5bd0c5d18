/** Where a notification leads, and when what it tells of is. Pure. */

import type { NotificationJson } from "../worker/wire.ts";
import { agoLabel, clockTime, listDay, type HourCycle } from "./clock-format.ts";
import { segment } from "./router.ts";

/** What is about no booking is put right in a part of the settings. */
const SETTINGS: Partial<Record<NotificationJson["kind"], string>> = {
  "calendar.broken": "calendars",
  "mail.bounced": "email",
  "webhook.off": "webhooks",
};

/** The page where something can be done about it. */
export function notificationPlace({
  kind,
  bookingUid,
}: Pick<NotificationJson, "kind" | "bookingUid">): string {
  if (bookingUid) return `/bookings/${segment(bookingUid)}`;
  const setting = SETTINGS[kind];
  return setting === undefined ? "/dashboard" : `/settings#${setting}-heading`;
}

/** `Tue 24 Nov, 10:00 · 5 min ago`: the booking's start, or when a calendar was last right, where there is one; then how old the news is. */
export function notificationTime(
  {
    kind,
    bookingUid,
    start,
    createdAt,
  }: Pick<NotificationJson, "kind" | "bookingUid" | "start" | "createdAt">,
  { zone, hourCycle, now }: { zone: string; hourCycle: HourCycle; now: number },
): string {
  const ago = agoLabel(Date.parse(createdAt), now, zone);
  if (!bookingUid && (kind === "mail.bounced" || kind === "webhook.off")) return ago;
  const startAt = Date.parse(start);
  const when = `${listDay(startAt, zone, now)}, ${clockTime(startAt, zone, hourCycle)}`;
  return `${kind === "calendar.broken" ? "last read " : ""}${when} · ${ago}`;
}
