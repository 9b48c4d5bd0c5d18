import * as fc from "fast-check";
import { expect, it } from "vitest";
import { CalendarModel } from "./calendar-model.ts";
import { HOST, Story, at, newBooking, offerOf, rfc3339 } from "./handwritten.ts";
import { findSerialOrder } from "./serial-order.ts";
import { startsOf } from "./slot-rules.ts";
import { HOLD_MS } from "./steps.ts";
import type { Step, StepAnswer, StepAsk } from "./steps.ts";
import type { BookingJson } from "../../worker/wire.ts";

/** One operation and its answer, both at random: most histories of them are wrong, and many are not. */
const draft = fc.record({
  kind: fc.constantFrom("book", "book", "hold", "release", "cancel", "cancel", "read", "slots"),
  actor: fc.constantFrom("ann", "bob"),
  requestId: fc.constantFrom("r1", "r2", "r3", "r4", "r5", "r6"),
  target: fc.nat(2),
  isRefused: fc.boolean(),
  isLost: fc.boolean(),
  isDated: fc.boolean(),
  from: fc.nat(60),
  lasts: fc.nat(60),
});
type Draft = typeof draft extends fc.Arbitrary<infer Value> ? Value : never;

const RULES = new Story().history();
const START = at("09:00");
const EVERY_START = startsOf(offerOf("quick"), RULES.opening);
const refused = (status: number, error: string): StepAnswer => ({ kind: "refused", status, error });

it("finds an order exactly where trying every order finds one", () => {
  const seen = { withOrder: 0, without: 0 };
  const property = fc.property(fc.array(draft, { minLength: 2, maxLength: 6 }), (drafts) => {
    const steps = stepsOf(drafts).toSorted((one, other) => one.from - other.from);
    const isPossible = hasOrder(steps, new CalendarModel(RULES), new Set());
    seen[isPossible ? "withOrder" : "without"] += 1;
    const options = { clock: RULES.clock, trustsDates: false, mostTries: 100_000 };
    expect(findSerialOrder(steps, new CalendarModel(RULES), options).isFound).toBe(isPossible);
    const byDates = findSerialOrder(steps, new CalendarModel(RULES), { ...options, trustsDates: true });
    if (byDates.isFound) expect(isPossible).toBe(true);
  });
  fc.assert(property, { numRuns: 8_000, seed: 20_261_126 });
  expect(seen.withOrder).toBeGreaterThan(200);
  expect(seen.without).toBeGreaterThan(200);
});

/** Every possible order, without a thought. @param explained the decisions whose answers were lost and that have been taken */
function hasOrder(left: readonly Step[], model: CalendarModel, explained: ReadonlySet<string>): boolean {
  if (left.length === 0) return true;
  const answeredFirst = Math.min(...left.map(({ until }) => until));
  return left.some((step) => {
    if (step.from > answeredFirst) return false;
    const { oneOf } = step;
    const others = left.filter((other) => other !== step);
    const isExplained = oneOf !== undefined && explained.has(oneOf);
    const mayBe = oneOf !== undefined && others.some((other) => other.oneOf === oneOf);
    if ((isExplained || mayBe) && hasOrder(others, model, explained)) return true;
    const verdict = model.judge(step);
    if (isExplained || !verdict.fits) return false;
    const takeBack = model.apply(step, verdict);
    const isFound = hasOrder(others, model, oneOf === undefined ? explained : new Set([...explained, oneOf]));
    takeBack();
    return isFound;
  });
}

function stepsOf(drafts: readonly Draft[]): Step[] {
  return drafts.map((each, index) => {
    const booking = bookingOf(drafts, each.kind === "book" ? index : each.target);
    const { lasts, isDated, kind } = each;
    const held = kind === "release" ? drafts[each.target] : undefined;
    // Nobody can let go of a hold before they were told its name.
    const from = held?.kind === "hold" ? Math.max(each.from, held.from + held.lasts + 1) : each.from;
    return {
      actor:
        kind === "read" || isLost(each)
          ? HOST
          : kind === "cancel"
            ? (booking?.booker.did ?? "ann")
            : each.actor,
      ask: askOf(each, booking),
      answer: answerOf(each, booking, drafts, index),
      from,
      until: from + lasts,
      askedAt: RULES.clock.epoch + from,
      ...(isDated && { at: dateOf(each) }),
      ...(isLost(each) && { oneOf: `cancellation of ${booking?.uid}` }),
    };
  });
}

function askOf({ kind, requestId, target }: Draft, booking: BookingJson | undefined): StepAsk {
  switch (kind) {
    case "book":
    case "hold":
      return { kind, offer: "quick", start: START, requestId };
    case "release":
      return { kind, holdId: `hold ${target}` };
    case "slots":
      return { kind, offer: "quick" };
    case "cancel":
    case "read":
      return { kind, uid: booking?.uid ?? "nobody's" };
  }
}

function answerOf(
  each: Draft,
  booking: BookingJson | undefined,
  drafts: readonly Draft[],
  index: number,
): StepAnswer {
  const { kind, isRefused, isDated } = each;
  switch (kind) {
    case "hold":
      if (isRefused) return refused(409, "SlotTaken");
      return { kind, status: 201, id: `hold ${index}`, expiresAt: RULES.clock.epoch + index + HOLD_MS };
    case "release":
      return { kind: "released" };
    case "slots":
      return { kind, status: 200, starts: EVERY_START.filter((start) => start !== START || isRefused) };
    case "book":
      if (isRefused || booking === undefined) return refused(409, "SlotTaken");
      return { kind: "booking", status: 201, booking };
    case "cancel":
      if (booking === undefined) return refused(404, "BookingNotFound");
      if (isLost(each)) return { kind: "applied", sequence: 1, ...(isDated && { at: dateOf(each) }) };
      if (isRefused) return refused(409, "WrongStatus");
      return { kind: "booking", status: 200, booking: cancelled(booking, each) };
    case "read": {
      if (booking === undefined) return refused(404, "BookingNotFound");
      const cancel = drafts.find((other) => other.kind === "cancel" && other.target === each.target);
      const shown = isRefused && cancel !== undefined ? cancelled(booking, cancel) : booking;
      return { kind: "booking", status: 200, booking: shown };
    }
  }
}

function isLost({ kind, isLost: wasLost }: Draft): boolean {
  return kind === "cancel" && wasLost;
}

function dateOf({ from, lasts }: Draft): number {
  return RULES.clock.epoch + from + Math.floor(lasts / 2);
}

/** The booking that the draft of this index makes. */
function bookingOf(drafts: readonly Draft[], index: number): BookingJson | undefined {
  const made = drafts[index];
  if (made?.kind !== "book") return undefined;
  return newBooking(`booking ${index}`, made.actor, offerOf("quick"), START, rfc3339(dateOf(made)));
}

function cancelled(booking: BookingJson, by: Draft): BookingJson {
  return {
    ...booking,
    sequence: 1,
    status: "cancelled",
    cancelledBy: isLost(by) ? "host" : "booker",
    ...(by.isDated && { cancelledAt: rfc3339(dateOf(by)) }),
  };
}
