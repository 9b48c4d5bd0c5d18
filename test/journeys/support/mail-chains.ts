/** What mail a booking's decisions owe, said once more and with nothing of ours: the log of decisions goes in, what each inbox holds comes out. */

import type { LogRowJson } from "../../../worker/wire.ts";

export type Inbox = "host" | "booker";

/** One mail: what it does to the entry in the reader's calendar, if anything, and as of which sequence. */
export interface ExpectedMail {
  readonly method: "REQUEST" | "CANCEL" | "none";
  readonly sequence: number;
}

/** One decision about a booking. */
export interface DecidedStep {
  readonly sequence: number;
  readonly status: string;
  /** Undefined: time. */
  readonly by: Inbox | undefined;
}

/** The decisions about each booking of a log, in order. */
export function stepsOf(log: readonly LogRowJson[], hostDid: string): Map<string, DecidedStep[]> {
  const steps = new Map<string, DecidedStep[]>();
  for (const { entry } of log) {
    const { uid, sequence, status, by } = JSON.parse(entry) as {
      uid: string;
      sequence: number;
      status: string;
      by?: string;
    };
    const actor = by === undefined ? undefined : by === hostDid ? "host" : "booker";
    steps.set(uid, [...(steps.get(uid) ?? []), { sequence, status, by: actor }]);
  }
  return steps;
}

/** What one of the two must get, in order: an entry is made by what is confirmed; who knows already is told no news but those of the entry. */
export function expectedMail(steps: readonly DecidedStep[], inbox: Inbox): ExpectedMail[] {
  let stands = false;
  return steps.flatMap(({ sequence, status, by }): ExpectedMail[] => {
    const takesPlace = status === "confirmed" || (status === "pending" && stands);
    if (takesPlace || stands) {
      const method = takesPlace ? "REQUEST" : "CANCEL";
      stands = takesPlace;
      return [{ method, sequence }];
    }
    return by === inbox ? [] : [{ method: "none", sequence }];
  });
}
