import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { decideRequest } from "../../scheduling/booking.ts";
import type { Booking } from "../../scheduling/booking.ts";
import type { Period } from "../../scheduling/period.ts";
import { judgeSlot, listSlots } from "../../scheduling/slots.ts";
import type { SlotQuestion } from "../../scheduling/slots.ts";
import { anyCase, anyMeetingType, tableOf } from "./any-question.ts";
import { datesOfMinutes, verdicts } from "./brute-force.ts";
import { DAY_MS, MINUTE_MS } from "./scenario.ts";

const startsOf = (question: SlotQuestion, range: Period): number[] =>
  listSlots(question, range).map(({ start }) => start);

// Seconds on a quiet machine, but CI is not always one.
vi.setConfig({ testTimeout: 60_000 });

describe("slots, whatever the host has set", () => {
  test("are offered exactly where a minute by minute reading of the rules finds them, and judged alike", () => {
    const seen = { free: 0, OutsideAvailability: 0, TooSoon: 0, BeyondHorizon: 0, SlotTaken: 0 };
    fc.assert(
      fc.property(
        anyCase,
        fc.array(fc.nat(7199), { maxLength: 20 }),
        ({ place, question, range }, others) => {
          const expected = verdicts(question, tableOf(place));
          const free = [...expected].filter(([, verdict]) => verdict === "free").map(([at]) => at);
          expect(startsOf(question, range)).toEqual(
            free.filter((at) => range.start <= at && at < range.end).toSorted((a, b) => a - b),
          );

          const middle = { start: place.around - 2 * DAY_MS, end: place.around + 3 * DAY_MS };
          const onGrid = [...expected.keys()].filter((at) => middle.start <= at && at < middle.end);
          const asked = [...onGrid, ...others.map((minute) => middle.start + minute * MINUTE_MS)];
          const rightly = asked.map((at) => expected.get(at) ?? "OutsideAvailability");
          for (const verdict of rightly) seen[verdict] += 1;
          const judged = asked.map((at) => judgeSlot(question, at));
          expect(judged.map((each) => (each.ok ? "free" : each.refusal.code))).toEqual(rightly);
        },
      ),
      { numRuns: 1500 },
    );
    // The cases would prove little if one of the rules never spoke.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1000);
  });

  test("lie inside the windows in every one of their minutes", () => {
    fc.assert(
      fc.property(anyCase, ({ place, question, range }) => {
        const table = tableOf(place);
        const dates = datesOfMinutes(question, table);
        for (const { start, end } of listSlots(question, range)) {
          const first = (start - table.firstAt) / MINUTE_MS;
          const minutes = dates.slice(first, first + (end - start) / MINUTE_MS);
          expect(minutes.every((ofMinute) => ofMinute.length > 0)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("never become more when something more is busy", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(7199), fc.nat(600), ({ place, question, range }, from, minutes) => {
        const start = place.around - 2 * DAY_MS + from * MINUTE_MS;
        const { bookings, busy } = question.occupancy;
        const busier = [...busy, { start, end: start + minutes * MINUTE_MS }];
        const before = new Set(startsOf(question, range));
        const after = startsOf({ ...question, occupancy: { bookings, busy: busier } }, range);
        expect(after.filter((at) => !before.has(at))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("do not depend on how a query is cut", () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: 0, max: 1, noNaN: true }), ({ question, range }, share) => {
        const cut = Math.round(range.start + (range.end - range.start) * share);
        expect([
          ...startsOf(question, { start: range.start, end: cut }),
          ...startsOf(question, { start: cut, end: range.end }),
        ]).toEqual(startsOf(question, range));
      }),
      { numRuns: 2000 },
    );
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
              occupancy: { bookings: made, busy: [] },
              now: range.start,
            };
            // Any start of the empty calendar, taken or not: refusing is the rules' work.
            const all = startsOf({ ...asked, occupancy: { bookings: [], busy: [] } }, range);
            const start = all[pick % Math.max(1, all.length)];
            if (start === undefined) continue;
            const decided = decideRequest({
              question: asked,
              command: {
                uid: `${made.length}`,
                host: { did: "did:plc:host", handle: "host.test" },
                booker: { did: "did:plc:booker", handle: "booker.test" },
                start,
              },
              now: range.start,
            });
            if (decided.ok) made.push(decided.value);
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
