import { expect, test } from "vitest";
import { notificationPlace, notificationTime } from "../../ui/notification-place.ts";

const READER = { zone: "UTC", hourCycle: "h23", now: Date.UTC(2026, 10, 25, 12) } as const;

test.each([
  [{ kind: "booking.conflict", bookingUid: "u1" }, "/bookings/u1"],
  [{ kind: "booking.requested", bookingUid: "a/b" }, "/bookings/a%2Fb"],
  [{ kind: "calendar.broken" }, "/settings#calendars-heading"],
  [{ kind: "mail.bounced" }, "/settings#email-heading"],
  [{ kind: "mail.bounced", bookingUid: "u1" }, "/bookings/u1"],
  [{ kind: "webhook.off" }, "/settings#webhooks-heading"],
  [{ kind: "booking.confirmed" }, "/dashboard"],
] as const)("%j leads to %s", (notification, place) => {
  expect(notificationPlace(notification)).toBe(place);
});

test("says when the booking is, or when a broken calendar was last read, and how old the news is", () => {
  const times = { start: "2026-11-25T09:30:00Z", createdAt: "2026-11-25T11:55:00Z" };
  expect(notificationTime({ kind: "booking.conflict", ...times }, READER)).toBe(
    "Wed 25 Nov, 09:30 · 5 min ago",
  );
  expect(notificationTime({ kind: "calendar.broken", ...times }, READER)).toBe(
    "last read Wed 25 Nov, 09:30 · 5 min ago",
  );
  expect(notificationTime({ kind: "mail.bounced", ...times }, READER)).toBe("5 min ago");
  expect(notificationTime({ kind: "mail.bounced", bookingUid: "u1", ...times }, READER)).toBe(
    "Wed 25 Nov, 09:30 · 5 min ago",
  );
});
