import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import { decideRequest } from "../../scheduling/booking-decisions.ts";
import { reasonsAgainst } from "../../scheduling/reasons-against.ts";
import { listSlots } from "../../scheduling/slots.ts";
import { anyCase, anyMeetingType } from "./any-question.ts";
import { DAY_MS, FREE, MINUTE_MS } from "./scenario.ts";
import { PROPERTIES, read } from "./slot-properties.ts";

// Seconds on a quiet machine, but CI is not always one.
vi.setConfig({ testTimeout: 60_000 });

describe("slots, whatever the host has set", () => {
  test.each(Object.entries(PROPERTIES))("%s", (_name, check) => {
    fc.assert(
      fc.property(anyCase, (one) => check(read(one))),
      { numRuns: 1000 },
    );
  });

  test("are asked about in cases in which every rule speaks", () => {
    const seen = new Map<string, number>();
    for (const one of fc.sample(anyCase, { numRuns: 500, seed: 1 })) {
      for (const at of read(one).asked) {
        const [decisive = { code: "free" }] = reasonsAgainst(one.question, at);
        seen.set(decisive.code, (seen.get(decisive.code) ?? 0) + 1);
      }
    }
    const rules = ["free", "inactive", "outside_window", "closed_by_override", "off_grid", "too_soon"];
    const others = ["beyond_horizon", "busy", "booked", "held", "buffer", "limit_reached"];
    for (const code of [...rules, ...others]) expect(seen.get(code) ?? 0, code).toBeGreaterThan(20);
  });

  test("accepted one after the other never come closer than the larger of the buffers between them", () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.array(fc.tuple(anyMeetingType, fc.nat()), { minLength: 2, maxLength: 8 }),
        ({ place, question }, wishes) => {
          const range = { start: place.around - 2 * DAY_MS, end: place.around + 3 * DAY_MS };
          const made: Booking[] = [];
          for (const [wanted, pick] of wishes) {
            const asked = {
              ...question,
              meetingType: { ...wanted, minimumNoticeMinutes: 0, horizonDays: 365 },
              durationMinutes: wanted.durationMinutes,
              occupancy: {
                ...FREE,
                bookings: made.map((one) => ({ ...one, meetingTypeRkey: one.meetingType.rkey })),
              },
              now: range.start,
            };
            // Any start of the empty calendar, taken or not: refusing is the rules' work.
            const all = listSlots({ ...asked, occupancy: FREE }, range);
            const start = all[pick % Math.max(1, all.length)]?.start;
            if (start === undefined) continue;
            const decided = decideRequest({
              question: asked,
              standing: { isBlocked: false, pendingRequests: 0, pendingHours: 48 },
              command: {
                uid: `${made.length}`,
                host: { did: "did:plc:host", handle: "host.test" },
                booker: { did: "did:plc:booker", handle: "booker.test" },
                start,
              },
              now: range.start,
            });
            if (decided.ok) made.push(decided.value.booking);
          }
          made.sort((a, b) => a.start - b.start);
          for (const [index, second] of made.entries()) {
            for (const first of made.slice(0, index)) {
              const apart = Math.max(first.bufferAfterMinutes, second.bufferBeforeMinutes) * MINUTE_MS;
              expect(second.start - first.end).toBeGreaterThanOrEqual(apart);
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
