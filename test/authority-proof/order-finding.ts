/** Whether a history has a serial order, and if it has none, what stands in its way. */

import { CalendarModel } from "./calendar-model.ts";
import type { Decided } from "./calendar-model.ts";
import type { Finding } from "./finding.ts";
import type { History } from "./history.ts";
import { relatedTo } from "./related-operations.ts";
import { findSerialOrder } from "./serial-order.ts";
import type { SerialOrder } from "./serial-order.ts";
import { collide } from "./slot-rules.ts";
import { stepsOf } from "./steps.ts";
import type { Versions } from "./versions.ts";
import { instant, short, toldBooking, toldOperation } from "./words.ts";

/** Where there is an order, dates lead to it in less than one try for each step. Without them the search takes long, and seldom helps. */
const SEARCHES = [
  { trustsDates: true, triesPerStep: 10 },
  { trustsDates: false, triesPerStep: 2 },
];

export interface OrderResult {
  readonly findings: readonly Finding[];
  /** All decisions in a serial order; undefined where there is none. */
  readonly decided?: readonly Decided[];
  /** How many steps were tried. */
  readonly tries: number;
}

export function serialOrderOf(history: History, versions: Versions): OrderResult {
  const steps = stepsOf(history, versions);
  let tries = 0;
  let failure: Extract<SerialOrder, { isFound: false }> | undefined;
  for (const { trustsDates, triesPerStep } of SEARCHES) {
    const model = new CalendarModel(history);
    const mostTries = Math.max(1_000, triesPerStep * steps.length);
    const result = findSerialOrder(steps, model, { clock: history.clock, trustsDates, mostTries });
    tries += result.tries;
    if (result.isFound) return { findings: [], decided: [...model.decided], tries };
    failure = result;
  }
  return { findings: failure === undefined ? [] : [findingOf(failure, history)], tries };
}

function findingOf(
  { isExhaustive, deadEnd, tries }: Extract<SerialOrder, { isFound: false }>,
  history: History,
): Finding {
  const { stuck, says, about, taken, holds, live } = deadEnd;
  const searched = isExhaustive ? "all were ruled out" : `${tries} steps were tried`;
  const wouldSay = says === "" ? "the same, but nothing can follow it" : says;
  const beside = about === undefined ? [] : [...live, ...holds].filter((claim) => collide(claim, about));
  return {
    kind: "order",
    says: `No serial order (${searched}): after ${taken} steps, a calendar would answer ${wouldSay}.`,
    evidence: [
      stuck.operation === undefined ? `${stuck.ask.kind} of a hold` : toldOperation(stuck.operation),
      ...beside.map((claim) =>
        "booked" in claim
          ? `  beside it: ${toldBooking(claim.booked)}`
          : `  beside it: hold ${short(claim.id)} of ${claim.booker} ${instant(claim.start)} to ${instant(claim.end)}`,
      ),
      ...relatedTo(stuck, about, history).map((operation) => `  before it: ${toldOperation(operation)}`),
    ],
  };
}
