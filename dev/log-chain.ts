/** Whether the rows of an exported log are the ones that were written, in their order. Written from the format, not from the broker's code. */

import { createHash } from "node:crypto";
import { type BookingState, type ExportedRow, isWhole, jsonOf, member, stateOf } from "./exported-history.ts";

/** A row that could be read. Rows are counted by their place in the file, from 1. */
export interface Decision extends BookingState {
  readonly row: number;
  /** The number that it gives itself. */
  readonly seq: number;
  /** SHA-256 of the booking, in hex. */
  readonly content: string;
}

const BEFORE_THE_FIRST = "0".repeat(64);

/** The decisions of a log, and a sentence for whatever is wrong with its rows. */
export function checkChain(log: readonly ExportedRow[]): { decisions: Decision[]; findings: string[] } {
  const decisions = log.map((row, index) => decisionOf(row, index + 1));
  const present = new Set(decisions.map((decision) => decision?.seq));
  const findings: string[] = [];
  let expectedSeq = 1;
  let hashBefore = BEFORE_THE_FIRST;
  log.forEach(({ entry, hash }, index) => {
    const decision = decisions[index];
    const own = hashOf(hashBefore, entry);
    const next = log[index + 1];
    const isFollowed = next !== undefined && own !== hash && hashOf(own, next.entry) === next.hash;
    const finding =
      decision === undefined
        ? "is no decision."
        : (orderProblem(decision.seq, expectedSeq, present) ?? hashProblem(own === hash, isFollowed));
    if (finding !== undefined) {
      findings.push(`Row ${index + 1} ${finding}`);
    }
    expectedSeq = (decision?.seq ?? expectedSeq) + 1;
    // Where only the hash was edited, the row after it is innocent.
    hashBefore = isFollowed ? own : hash;
  });
  return { decisions: decisions.filter((decision) => decision !== undefined), findings };
}

/** Sentences for bookings whose rows do not count 0, 1, 2 …. */
export function checkSequences(decisions: readonly Decision[]): string[] {
  const next = new Map<string, number>();
  return decisions.flatMap(({ uid, sequence, row }) => {
    const expected = next.get(uid) ?? 0;
    next.set(uid, sequence + 1);
    return sequence === expected
      ? []
      : [`Row ${row} is change ${sequence} of booking ${uid}, where change ${expected} should be.`];
  });
}

/** Sentences for a log that does not begin with exactly the rows of an older one. */
export function checkContinuation(log: readonly ExportedRow[], older: readonly ExportedRow[]): string[] {
  if (log.length < older.length) {
    return [
      `The older export has ${older.length} rows and this one ${log.length}: rows were removed at the end.`,
    ];
  }
  const changed = older.findIndex(
    ({ entry, hash }, index) => log[index]?.entry !== entry || log[index].hash !== hash,
  );
  return changed === -1
    ? []
    : [`Row ${changed + 1} is not what it was in the older export: the history was rewritten from there on.`];
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function hashOf(hashBefore: string, entry: string): string {
  return sha256(`${hashBefore}\n${entry}`);
}

function decisionOf({ entry }: ExportedRow, row: number): Decision | undefined {
  const value = jsonOf(entry);
  const state = stateOf(value);
  const [seq, content] = [member(value, "seq"), member(value, "content")];
  return state && isWhole(seq) && typeof content === "string" ? { ...state, row, seq, content } : undefined;
}

function orderProblem(
  seq: number,
  expected: number,
  present: ReadonlySet<number | undefined>,
): string | undefined {
  if (seq === expected) {
    return undefined;
  }
  const isGap = seq > expected && !present.has(expected);
  if (!isGap) {
    return `is decision ${seq}, where ${expected} should be: rows were reordered or repeated.`;
  }
  return seq === expected + 1
    ? `is decision ${seq}: decision ${expected} was removed before it.`
    : `is decision ${seq}: decisions ${expected} to ${seq - 1} were removed before it.`;
}

function hashProblem(isRight: boolean, isFollowed: boolean): string | undefined {
  if (isRight) {
    return undefined;
  }
  return isFollowed
    ? "has another hash than the row after it was written upon: its hash was changed."
    : "was changed: its hash is not that of its content after the row before.";
}
