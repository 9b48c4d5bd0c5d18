/** All that can be said of an account export, in sentences: what is wrong with it, and what it holds. */

import { type ExportedHistory, readExport } from "./exported-history.ts";
import { checkBookings } from "./log-bookings.ts";
import { checkChain, checkContinuation, checkSequences } from "./log-chain.ts";

export interface HistoryVerdict {
  /** One sentence each; empty where nothing is wrong. */
  readonly findings: readonly string[];
  readonly rows: number;
  /** Whose texts were checked. */
  readonly bookings: number;
  /** Others, of which the file need not have the text: long past, or made while it was written. */
  readonly otherBookings: number;
  /** Of the last row, undefined without any. Whoever knows it can tell later whether this history was kept. */
  readonly lastHash: string | undefined;
}

/**
 * Checks an export, and that its log goes on from that of an older one where that is given.
 * @throws NotAnExport
 */
export function verdictOn(text: string, olderText?: string): HistoryVerdict {
  const history = readExport(text);
  const { decisions, findings } = checkChain(history.log);
  const checked = checkBookings(history, decisions);
  return {
    findings: [
      ...findings,
      ...checkSequences(decisions),
      ...checked.findings,
      ...(olderText === undefined ? [] : continuationProblems(history, readExport(olderText))),
    ],
    rows: history.log.length,
    bookings: history.bookings.length,
    otherBookings: checked.others,
    lastHash: history.log.at(-1)?.hash,
  };
}

function continuationProblems(history: ExportedHistory, older: ExportedHistory): string[] {
  return history.did === older.did
    ? checkContinuation(history.log, older.log)
    : [`The older export is of ${older.did}, this one of ${history.did}.`];
}
