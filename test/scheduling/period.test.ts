import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clipPeriods, mergePeriods, overlaps, subtractPeriods } from "../../scheduling/period.ts";

const periods = fc.array(
  fc.record({ start: fc.integer({ min: 0, max: 60 }), end: fc.integer({ min: 0, max: 60 }) }),
  { maxLength: 12 },
);
const instantsIn = (list: readonly { start: number; end: number }[]): number[] =>
  Array.from({ length: 61 }, (_, at) => at).filter((at) =>
    list.some(({ start, end }) => start <= at && at < end),
  );

describe("overlaps", () => {
  test.each([
    ["one inside the other", { start: 0, end: 10 }, { start: 4, end: 5 }, true],
    ["sharing the last instant", { start: 0, end: 5 }, { start: 4, end: 9 }, true],
    ["touching", { start: 0, end: 5 }, { start: 5, end: 9 }, false],
    ["apart", { start: 0, end: 5 }, { start: 6, end: 9 }, false],
    ["empty inside", { start: 0, end: 9 }, { start: 5, end: 5 }, false],
    ["inverted", { start: 0, end: 9 }, { start: 6, end: 4 }, false],
    ["not a number", { start: 0, end: 9 }, { start: Number.NaN, end: 4 }, false],
  ])("%s", (_name, a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });
});

describe("mergePeriods", () => {
  test("the merged periods hold exactly the instants of the given ones, in order and apart from each other", () => {
    fc.assert(
      fc.property(periods, (given) => {
        const before = structuredClone(given);
        const merged = mergePeriods(given);
        expect(instantsIn(merged)).toEqual(instantsIn(given));
        for (const [index, { start, end }] of merged.entries()) {
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThan(merged[index - 1]?.end ?? -1);
        }
        expect(mergePeriods(merged)).toEqual(merged);
        expect(given).toEqual(before);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("clipPeriods", () => {
  test("keeps exactly the instants inside the range", () => {
    fc.assert(
      fc.property(periods, fc.nat(60), fc.nat(60), (given, start, end) => {
        expect(instantsIn(clipPeriods(given, { start, end }))).toEqual(
          instantsIn(given).filter((at) => start <= at && at < end),
        );
      }),
    );
  });
});

describe("subtractPeriods", () => {
  test("keeps exactly the instants that are in none of the others, in order and apart from each other", () => {
    fc.assert(
      fc.property(periods, periods, (given, others) => {
        const left = subtractPeriods(given, others);
        const taken = new Set(instantsIn(others));
        expect(instantsIn(left)).toEqual(instantsIn(given).filter((at) => !taken.has(at)));
        expect(mergePeriods(left)).toEqual(left);
      }),
      { numRuns: 2000 },
    );
  });
});
