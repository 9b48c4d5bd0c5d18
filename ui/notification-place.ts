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
  const setting = SETTINGS[kind];
  if (setting !== undefined) return `/settings#${setting}-heading`;
  return bookingUid ? `/bookings/${segment(bookingUid)}` : "/dashboard";
}

/** `Tue 24 Nov, 10:00 · 5 min ago`: the booking's start, or when a calendar was last right, where there is one; then how old the news is. */
export function notificationTime(
  { kind, start, createdAt }: Pick<NotificationJson, "kind" | "start" | "createdAt">,
  { zone, hourCycle, now }: { zone: string; hourCycle: HourCycle; now: number },
): string {
  const ago = agoLabel(Date.parse(createdAt), now, zone);
  if (kind === "mail.bounced" || kind === "webhook.off") return ago;
  const startAt = Date.parse(start);
  const when = `${listDay(startAt, zone, now)}, ${clockTime(startAt, zone, hourCycle)}`;
  return `${kind === "calendar.broken" ? "last read " : ""}${when} · ${ago}`;
}
