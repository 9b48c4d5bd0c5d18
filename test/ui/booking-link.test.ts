import { expect, test } from "vitest";
import { linkedAction } from "../../ui/booking-link.ts";
import type { BookingJson } from "../../worker/wire.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const HOST = "did:plc:host";
const BOOKER = "did:plc:booker";

function booking(status: BookingJson["status"], start = "2026-11-26T10:00:00Z"): BookingJson {
  return {
    uid: "u1",
    sequence: 0,
    status,
    host: { did: HOST, handle: "host.test" },
    booker: { did: BOOKER, handle: "booker.test" },
    meetingType: { rkey: "3m", title: "Intro call" },
    start,
    end: new Date(Date.parse(start) + 1_800_000).toISOString(),
    timeZone: "UTC",
    createdAt: "2026-11-20T10:00:00Z",
  };
}

test.each([
  ["#cancel", "confirmed", HOST, "cancel"],
  ["#cancel", "confirmed", BOOKER, "cancel"],
  ["#cancel", "pending", BOOKER, "cancel"],
  ["#cancel", "pending", HOST, "decline"],
  ["#reschedule", "confirmed", HOST, "move"],
  ["#reschedule", "pending", BOOKER, "move"],
  ["#answer", "pending", HOST, "answer"],
  ["#answer", "pending", BOOKER, undefined],
  ["#answer", "confirmed", HOST, undefined],
  ["#cancel", "cancelled", HOST, undefined],
  ["#reschedule", "declined", BOOKER, undefined],
  ["#answer", "expired", HOST, undefined],
  ["", "confirmed", HOST, undefined],
  ["#elsewhere", "confirmed", HOST, undefined],
] as const)("%s of a booking that is %s opens, for %s, %s", (hash, status, did, action) => {
  expect(linkedAction(hash, booking(status), did, NOW)).toBe(action);
});

test("nothing is opened for what is over", () => {
  const over = booking("confirmed", "2026-11-25T11:30:00Z");
  expect(linkedAction("#cancel", over, HOST, NOW)).toBeUndefined();
  expect(linkedAction("#cancel", over, HOST, NOW - 1)).toBe("cancel");
});
