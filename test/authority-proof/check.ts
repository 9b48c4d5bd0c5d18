/** Judges a history: everything that an authority must not have done. Shares no code with the one it judges. */

import {
  decidedAfterTheEnd,
  decidedByNobody,
  holdsGivenTwice,
  repeatsThatDiffer,
  versionsThatDiffer,
} from "./contradictions.ts";
import { crowdsOfPending, overlapsIn, overrunsIn } from "./double-bookings.ts";
import type { Finding } from "./finding.ts";
import type { History } from "./history.ts";
import { lostByAuthority, lostOnTheWayToD1, wordsNotKept } from "./lost-decisions.ts";
import { serialOrderOf } from "./order-finding.ts";
import { spansOf } from "./timelines.ts";
import { versionsOf } from "./versions.ts";

export interface Judgement {
  readonly findings: readonly Finding[];
  /** How many steps the search for a serial order tried. */
  readonly tries: number;
}

export function check(history: History): Judgement {
  const versions = versionsOf(history);
  const spans = spansOf(history, versions);
  const { findings, decided, tries } = serialOrderOf(history, versions);
  return {
    findings: [
      ...overlapsIn(spans),
      ...overrunsIn(spans),
      ...lostByAuthority(history, versions),
      ...lostOnTheWayToD1(history),
      ...(decided === undefined ? [] : wordsNotKept(history, decided)),
      ...repeatsThatDiffer(history),
      ...versionsThatDiffer(history, versions),
      ...decidedAfterTheEnd(versions),
      ...holdsGivenTwice(history),
      ...decidedByNobody(history, versions),
      ...crowdsOfPending(spans),
      ...findings,
    ],
    tries,
  };
}
