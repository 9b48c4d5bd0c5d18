import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verdictOn } from "../../dev/history-verdict.ts";
import { anySteps, at, chained, type Export, writtenHistory } from "./support/written-history.ts";

const findingsOf = (history: Export, older?: Export): readonly string[] =>
  verdictOn(JSON.stringify(history), older && JSON.stringify(older)).findings;

/** The text with one character changed, put in or taken out; never the same text. */
function damaged(text: string, place: number, how: number): string {
  const index = place % text.length;
  const other = text[index] === "7" ? "8" : "7";
  return text.slice(0, index) + at(["", other, other + text[index]], how) + text.slice(index + 1);
}

describe("any history", () => {
  const anyHistory = anySteps.map((steps) => writtenHistory(steps));
  const anyPlace = fc.nat(1_000);
  /** Whatever of any history `tamper` changes, at places of its choice: there is a finding, and it begins with `word`. */
  const isAlwaysFound = (
    word: "Row" | "Booking",
    tamper: (decisions: Export["decisions"], place: number, other: number) => boolean | void,
  ): void =>
    fc.assert(
      fc.property(anyHistory, anyPlace, anyPlace, (history, place, other) => {
        fc.pre(tamper(history.decisions, place, other) !== false);
        expect(findingsOf(history)).toContainEqual(expect.stringMatching(`^${word}`));
      }),
      { numRuns: 300 },
    );

  it("that an honest broker wrote has no finding, and goes on from each of its beginnings", () => {
    fc.assert(
      fc.property(anySteps, anyPlace, (steps, length) => {
        const older = writtenHistory(steps.slice(0, 1 + (length % steps.length)));
        expect(findingsOf(writtenHistory(steps), older)).toEqual([]);
      }),
    );
  });

  it.each(["entry", "hash"] as const)("shows any change of any row's %s, and which row it is", (name) => {
    fc.assert(
      fc.property(anyHistory, anyPlace, anyPlace, (history, place, other) => {
        const row = at(history.decisions.log, place);
        row[name] = damaged(row[name], other, place);
        const findings = findingsOf(history);
        expect(findings[0]).toMatch(new RegExp(`^Row ${1 + (place % history.decisions.log.length)} `));
        // The row after a wrong hash has nothing wrong with it.
        if (name === "hash") expect(findings).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it("shows any row that was removed before the end, and one at the end by its booking", () => {
    isAlwaysFound("Row", (decisions, place) => {
      decisions.logSeqBefore = 0;
      const isLast = decisions.log
        .splice(place % decisions.log.length, 1)[0]
        ?.entry.includes(`"seq":${decisions.log.length + 1},`);
      return !isLast;
    });
    isAlwaysFound("Booking", (decisions) => {
      decisions.log.pop();
      decisions.logSeqBefore = decisions.log.length;
    });
  });

  it("shows any two rows that were swapped, and any row that was repeated", () => {
    isAlwaysFound("Row", ({ log }, place, other) => {
      const [one, two] = [place % log.length, other % log.length];
      [log[one], log[two]] = [at(log, two), at(log, one)];
      return one !== two;
    });
    isAlwaysFound("Row", ({ log }, place, other) => void log.splice(other % log.length, 0, at(log, place)));
  });

  it("shows any change of any booking, and any that is missing", () => {
    fc.assert(
      fc.property(anyHistory, anyPlace, anyPlace, (history, place, other) => {
        const { bookings } = history.decisions;
        const index = place % bookings.length;
        bookings[index] = damaged(at(bookings, index), other, place);
        expect(findingsOf(history)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
    isAlwaysFound("Booking", ({ bookings }, place) => void bookings.splice(place % bookings.length, 1));
  });

  it("shows a row that says something else than the booking whose hash it has", () => {
    isAlwaysFound("Booking", (decisions) => {
      const entries = decisions.log.map(({ entry }) => entry);
      const last = entries.pop() ?? "";
      decisions.log = chained([
        ...entries,
        last.replace(/"(?:pending|confirmed)","start"/, '"declined","start"'),
      ]);
    });
  });

  it("that was written anew from some row on is found by an older export only, which names the row", () => {
    fc.assert(
      fc.property(anySteps, anyPlace, (steps, place) => {
        const older = writtenHistory(steps);
        const from = place % steps.length;
        const forged = writtenHistory(steps);
        forged.decisions.log = chained(
          forged.decisions.log.map(({ entry }, index) =>
            index < from ? entry : entry.replace('"by":"did:plc:host"', '"by":"did:plc:other"'),
          ),
        );
        expect(findingsOf(forged)).toEqual([]);
        expect(findingsOf(forged, older)).toEqual([
          `Row ${from + 1} is not what it was in the older export: the history was rewritten from there on.`,
        ]);
      }),
    );
  });

  it("goes on from none of somebody else", () => {
    const [mine, theirs] = [writtenHistory(["make"]), writtenHistory(["make"])];
    theirs.account.did = "did:plc:other";
    expect(findingsOf(mine, theirs)).toEqual([
      "The older export is of did:plc:other, this one of did:plc:host.",
    ]);
  });

  it("that was cut at the end, bookings and all, is found by an older export only", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const cut = writtenHistory(steps);
        expect(findingsOf(cut)).toEqual([]);
        expect(findingsOf(cut, writtenHistory([...steps, "make", { change: 0 }]))).toEqual([
          `The older export has ${steps.length + 2} rows and this one ${steps.length}: rows were removed at the end.`,
        ]);
      }),
    );
  });
});
