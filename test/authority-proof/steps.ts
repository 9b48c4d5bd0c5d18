/** A history as steps for which an order is to be found: lost answers are filled in from what was seen later, holds run out by themselves. */

import { bookedOf, decidedAt } from "./booked.ts";
import type { Answer, Ask, History, Operation } from "./history.ts";
import { MINUTE } from "./offers.ts";
import { lostDecisions } from "./lost-answers.ts";
import type { Versions } from "./versions.ts";

/** How long a hold lasts. */
export const HOLD_MS = 5 * MINUTE;

/** Also what nobody asks for: that a hold's time is over. */
export type StepAsk = Ask | { readonly kind: "lapse"; readonly holdId: string };

/** Also what nobody was told: that a decision was made, seen by its sequence number, or that none was. */
export type StepAnswer =
  | Exclude<Answer, { kind: "unknown" }>
  | { readonly kind: "applied"; readonly sequence: number; readonly at?: number }
  | { readonly kind: "nothing" };

export interface Step {
  /** What it was made from; undefined for a lapse. */
  readonly operation?: Operation;
  readonly actor: string;
  readonly ask: StepAsk;
  readonly answer: StepAnswer;
  /** Monotonic ms: it happened between these two. */
  readonly from: number;
  readonly until: number;
  /** When the authority says it decided, epoch ms; undefined where it does not say. */
  readonly at?: number;
  /** When it was asked, epoch ms. */
  readonly askedAt: number;
  /** Another step of the same name may have done it instead, so that this one did nothing. */
  readonly oneOf?: string;
}

/** All steps of a history, in the order in which they were asked for. */
export function stepsOf(history: History, versions: Versions): Step[] {
  const lost = lostDecisions(history, versions);
  const operations = [...history.operations, ...history.closing].map((operation): Step => {
    const { actor, ask, answer, invokedAt, answeredAt } = operation;
    const times = {
      from: invokedAt,
      until: answeredAt,
      askedAt: history.clock.epoch + invokedAt,
    };
    if (answer.kind !== "unknown") {
      const at = timeOf(operation);
      return { operation, actor, ask, answer, ...times, ...(at !== undefined && { at }) };
    }
    const decision = lost.get(operation.id);
    if (decision === undefined) return { operation, actor, ask, answer: { kind: "nothing" }, ...times };
    const { uid, sequence, at } = decision;
    return {
      operation,
      actor,
      ask,
      answer: { kind: "applied", sequence, ...(at !== undefined && { at }) },
      ...times,
      ...(at !== undefined && { at }),
      oneOf: `${uid}/${sequence}`,
    };
  });
  return [...operations, ...lapses(history)].toSorted((one, other) => one.from - other.from);
}

/** When the authority says it decided what this operation asked for; undefined for reads, refusals, declines and releases. */
function timeOf({ ask, answer }: Operation): number | undefined {
  if (answer.kind === "hold") return answer.expiresAt - HOLD_MS;
  return answer.kind === "booking" && ask.kind !== "read" ? decidedAt(bookedOf(answer.booking)) : undefined;
}

/** Holds whose time ran out before the last answer. */
function lapses({ operations, closing, clock }: History): Step[] {
  const all = [...operations, ...closing];
  const last = Math.max(0, ...all.map(({ answeredAt }) => answeredAt));
  const holds = new Map(
    all.flatMap(({ answer }) => (answer.kind === "hold" ? [[answer.id, answer.expiresAt] as const] : [])),
  );
  return [...holds].flatMap(([holdId, expiresAt]): Step[] => {
    const from = expiresAt - clock.epoch - clock.slack;
    const until = expiresAt - clock.epoch + clock.slack;
    if (from > last) return [];
    const ask = { kind: "lapse", holdId } as const;
    return [
      { actor: "time", ask, answer: { kind: "nothing" }, from, until, at: expiresAt, askedAt: expiresAt },
    ];
  });
}
