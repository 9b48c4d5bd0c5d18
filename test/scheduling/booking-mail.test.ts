import { describe, expect, it } from "vitest";
import { planMail } from "../../scheduling/booking-mail.ts";
import type { BookingMail, BookingNews } from "../../scheduling/booking-mail.ts";
import type { Booking, BookingStatus } from "../../scheduling/booking.ts";

const NOW = Date.parse("2026-12-01T09:00:00Z");
const HOUR = 3_600_000;

function booking(status: BookingStatus, sequence: number): Booking {
  return {
    uid: "uid",
    sequence,
    status,
    host: { did: "did:plc:host", handle: "host.test" },
    booker: { did: "did:plc:booker", handle: "booker.test" },
    meetingType: { rkey: "intro", title: "Intro" },
    availabilityRkey: "hours",
    start: NOW + HOUR,
    end: NOW + 2 * HOUR,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    timeZone: "Europe/Berlin",
    createdAt: NOW - HOUR,
  };
}

function mail(
  status: BookingStatus,
  sequence: number,
  kind: Exclude<BookingNews["kind"], "reminder">,
  people: Pick<BookingMail, "to" | "by">,
): BookingMail {
  return { booking: booking(status, sequence), news: { kind }, ...people };
}

const HOST = { to: "host", by: "host" } as const;
const BOOKER = { to: "booker", by: "booker" } as const;
const TO_BOOKER = { to: "booker", by: "host" } as const;
const TO_HOST = { to: "host", by: "booker" } as const;
const BY_TIME = { to: "booker" } as const;

describe("mail about a booking, where nothing went there before", () => {
  it.each([
    ["asked for: the host", mail("pending", 0, "requested", TO_HOST), {}],
    ["asked for: not who asked", mail("pending", 0, "requested", BOOKER), undefined],
    ["confirmed: who waited", mail("confirmed", 1, "confirmed", TO_BOOKER), { invite: "REQUEST" }],
    [
      "confirmed: who agreed, for their calendar",
      mail("confirmed", 1, "confirmed", HOST),
      { invite: "REQUEST" },
    ],
    ["confirmed at once: who asked", mail("confirmed", 0, "confirmed", BOOKER), { invite: "REQUEST" }],
    ["declined: who waited", mail("declined", 1, "declined", TO_BOOKER), {}],
    ["declined: not who declined", mail("declined", 1, "declined", HOST), undefined],
    ["cancelled: the other", mail("cancelled", 1, "cancelled", TO_HOST), {}],
    ["cancelled: not who cancelled", mail("cancelled", 1, "cancelled", BOOKER), undefined],
    ["expired: both", mail("expired", 1, "expired", BY_TIME), {}],
    ["moved and to be agreed to: the host", mail("pending", 1, "rescheduled", TO_HOST), {}],
    ["moved and to be agreed to: not who moved it", mail("pending", 1, "rescheduled", BOOKER), undefined],
    ["an address just proved", mail("confirmed", 2, "invitation", BY_TIME), { invite: "REQUEST" }],
    [
      "an address just proved, and nothing to invite to",
      mail("pending", 2, "invitation", BY_TIME),
      undefined,
    ],
  ] as const)("%s", (_, owed, planned) => {
    expect(planMail(owed, undefined, NOW)).toEqual(planned);
  });
});

describe("mail about a booking that stands in their calendar", () => {
  it.each([
    ["moved: both", mail("confirmed", 2, "rescheduled", HOST), { invite: "REQUEST" }],
    [
      "moved and to be agreed to: also who moved it",
      mail("pending", 2, "rescheduled", BOOKER),
      { invite: "REQUEST" },
    ],
    ["cancelled: also who cancelled", mail("cancelled", 2, "cancelled", BOOKER), { invite: "CANCEL" }],
    ["declined after it was moved", mail("declined", 2, "declined", HOST), { invite: "CANCEL" }],
    ["expired after it was moved", mail("expired", 2, "expired", BY_TIME), { invite: "CANCEL" }],
    ["known already", mail("confirmed", 1, "confirmed", TO_BOOKER), undefined],
    ["older than what they have", mail("confirmed", 0, "confirmed", TO_BOOKER), undefined],
    ["invited again at the same address", mail("confirmed", 1, "invitation", BY_TIME), undefined],
  ] as const)("%s", (_, owed, planned) => {
    expect(planMail(owed, { sequence: 1 }, NOW)).toEqual(planned);
  });
});

describe("mail that comes late", () => {
  it.each(["confirmed", "cancelled", "declined", "expired"] as const)(
    "is not sent once it is over: %s",
    (status) => {
      const owed = mail(status, 2, status, TO_BOOKER);
      expect(planMail(owed, { sequence: 1 }, NOW + 2 * HOUR - 1)).toBeDefined();
      expect(planMail(owed, { sequence: 1 }, NOW + 2 * HOUR)).toBeUndefined();
    },
  );

  it("does not remind of what has begun", () => {
    const owed: BookingMail = {
      booking: booking("confirmed", 1),
      news: { kind: "reminder", lead: "hour" },
      to: "host",
    };
    expect(planMail(owed, { sequence: 1 }, NOW + HOUR - 1)).toEqual({});
    expect(planMail(owed, { sequence: 1 }, NOW + HOUR)).toBeUndefined();
  });
});
