import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Booking, Decision } from "../../scheduling/booking.ts";
import { decideRequest, decideReschedule } from "../../scheduling/booking-decisions.ts";
import {
  approvalGiven,
  type CalendarPicture,
  CURRENT_FOR_MS,
  DEFAULT_ON_SILENT_CALENDAR,
  refusedUnseen,
  seenBy,
} from "../../scheduling/calendars-seen.ts";
import type { Result } from "../../scheduling/refusal.ts";
import { listSlots } from "../../scheduling/slots.ts";
import type { Standing } from "../../scheduling/standing.ts";
import { anyCase, type Case } from "./any-question.ts";
import { FREE, MINUTE_MS } from "./scenario.ts";

// Seconds on a quiet machine, but CI is not always one.
vi.setConfig({ testTimeout: 60_000 });

const HOST = { did: "did:plc:host", handle: "host.test" };
const BOOKER = { did: "did:plc:viewer", handle: "viewer.test" };
const AS_OF = 1_000;

const picture = (onSilent: CalendarPicture["onSilent"], isCurrent: boolean): CalendarPicture => ({
  asOf: AS_OF,
  isCurrent,
  onSilent,
});

test("hosts who said nothing are asked, and two minutes is current", () => {
  expect(DEFAULT_ON_SILENT_CALENDAR).toBe("ask");
  expect(CURRENT_FOR_MS).toBe(2 * MINUTE_MS);
});

describe("what becomes of a request", () => {
  test.each([
    // onSilent, current, then the approval of an automatic and of a manual meeting type, and the refusal.
    ["ask", false, "manual", "manual", undefined],
    ["refuse", false, "automatic", "manual", "CalendarsSilent"],
    ["trust", false, "automatic", "manual", undefined],
    ["ask", true, "automatic", "manual", undefined],
    ["refuse", true, "automatic", "manual", undefined],
    ["trust", true, "automatic", "manual", undefined],
  ] as const)("where the host said %s, current: %s", (onSilent, isCurrent, automatic, manual, code) => {
    const calendars = picture(onSilent, isCurrent);
    expect(approvalGiven("automatic", calendars)).toBe(automatic);
    expect(approvalGiven("manual", calendars)).toBe(manual);
    expect(refusedUnseen(calendars)?.code).toBe(code);
    expect(seenBy(calendars)).toEqual({ calendarsSeen: { asOf: AS_OF, isCurrent } });
  });

  test("of a host without calendars is what it always was", () => {
    expect([approvalGiven("automatic", undefined), approvalGiven("manual", undefined)]).toEqual([
      "automatic",
      "manual",
    ]);
    expect([refusedUnseen(undefined), seenBy(undefined)]).toEqual([undefined, {}]);
  });
});

/** What a booker or the host asks for, under some picture of the calendars. */
interface Wish {
  readonly one: Case;
  readonly isAutomatic: boolean;
  /** A request; a move by the booker; a move by the host. */
  readonly what: "request" | "booker moves" | "host moves";
  readonly was: "confirmed" | "pending";
  /** The start of a free slot where there is one, else any minute. */
  readonly pick: number;
  readonly standing: Standing;
  readonly onSilent: CalendarPicture["onSilent"];
}

const anyWish: fc.Arbitrary<Wish> = fc.record({
  one: anyCase,
  isAutomatic: fc.boolean(),
  what: fc.constantFrom("request", "booker moves", "host moves"),
  was: fc.constantFrom("confirmed", "pending"),
  pick: fc.nat(),
  standing: fc.record({
    isBlocked: fc.nat(9).map((one) => one === 0),
    pendingRequests: fc.nat(6),
    pendingHours: fc.integer({ min: 1, max: 100 }),
  }),
  onSilent: fc.constantFrom("ask", "refuse", "trust"),
});

function decided(wish: Wish, calendars: CalendarPicture | undefined): Result<Decision> {
  const { one, isAutomatic, what, was, pick, standing } = wish;
  const { now } = one.question;
  const meetingType = {
    ...one.question.meetingType,
    approval: isAutomatic ? ("automatic" as const) : ("manual" as const),
  };
  const question = { ...one.question, meetingType };
  const free = listSlots({ ...question, occupancy: FREE }, one.range);
  const start = free[pick % Math.max(1, free.length)]?.start ?? one.asked[0] ?? now;
  if (what === "request") {
    const command = { uid: "uid-1", host: HOST, booker: BOOKER, start };
    return decideRequest({ question, standing, command, calendars, now });
  }
  const booking = {
    ...BOOKED,
    status: was,
    start: now + 9 * 86_400_000,
    end: now + 9 * 86_400_000 + question.durationMinutes * MINUTE_MS,
    ...(was === "pending" && { expiresAt: now + MINUTE_MS }),
  };
  const callerDid = what === "host moves" ? HOST.did : BOOKER.did;
  return decideReschedule({ booking, question, standing, callerDid, start, calendars, now });
}

const BOOKED: Booking = {
  uid: "uid-1",
  sequence: 2,
  status: "confirmed",
  host: HOST,
  booker: BOOKER,
  meetingType: { rkey: "3lmeetingtype", title: "Chat" },
  availabilityRkey: "3lavailability",
  start: 0,
  end: 0,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  timeZone: "UTC",
  createdAt: 0,
  calendarsSeen: { asOf: 1, isCurrent: true },
};

/** Without what is written on the booking about calendars. */
function withoutSeen(result: Result<Decision>): unknown {
  if (!result.ok) return result;
  const { calendarsSeen: _seen, ...booking } = result.value.booking;
  return { event: result.value.event, booking };
}

describe("whatever is asked of whichever host", () => {
  const holds = (check: (wish: Wish) => void) => {
    let accepted = 0;
    fc.assert(
      fc.property(anyWish, (wish) => {
        accepted += Number(decided(wish, undefined).ok);
        check(wish);
      }),
      { numRuns: 1_000 },
    );
    // Else nothing was said.
    expect(accepted).toBeGreaterThan(100);
  };

  test("while nobody knows and the host is to be asked, no booker ever gets a confirmed booking", () => {
    holds((wish) => {
      const result = decided(wish, picture("ask", false));
      if (!result.ok || wish.what === "host moves") return;
      const { booking, event } = result.value;
      expect(booking).toMatchObject({ status: "pending", expiresAt: expect.any(Number) });
      expect(booking.confirmedAt).toBeUndefined();
      expect(event).toBe(wish.what === "request" ? "requested" : "rescheduled");
    });
  });

  test("asking the host anew is all that becomes of it: the same is free, and it is what a manual meeting type does", () => {
    holds((wish) => {
      const asked = decided(wish, picture("ask", false));
      expect(withoutSeen(asked)).toEqual(withoutSeen(decided({ ...wish, isAutomatic: false }, undefined)));
    });
  });

  test("while nobody knows and the host wants no bookings, no booker gets any, and hears why only if that is the reason", () => {
    holds((wish) => {
      if (wish.what === "host moves") return;
      const usual = decided(wish, undefined);
      const result = decided(wish, picture("refuse", false));
      expect(result).toEqual(usual.ok ? { ok: false, refusal: { code: "CalendarsSilent" } } : usual);
    });
  });

  test("while nobody knows, a move by the host is decided as ever: they know whether they are free", () => {
    holds((wish) => {
      const moved = { ...wish, what: "host moves" } as const;
      const result = decided(moved, picture(wish.onSilent, false));
      expect(withoutSeen(result)).toEqual(withoutSeen(decided(moved, undefined)));
    });
  });

  test("with a current picture, or a host who trusts an old one, all is as without calendars but for what is written down", () => {
    holds((wish) => {
      for (const calendars of [picture(wish.onSilent, true), picture("trust", false)]) {
        const result = decided(wish, calendars);
        expect(withoutSeen(result)).toEqual(withoutSeen(decided(wish, undefined)));
        if (result.ok) {
          const { asOf, isCurrent } = calendars;
          expect(result.value.booking.calendarsSeen).toEqual({ asOf, isCurrent });
        }
      }
    });
  });

  test("a booking moved at a host without calendars forgets what was known when it was made", () => {
    holds((wish) => {
      const result = decided(wish, undefined);
      if (result.ok) expect(result.value.booking).not.toHaveProperty("calendarsSeen");
    });
  });
});
