import { describe, expect, it } from "vitest";
import { verdictOn } from "../../dev/history-verdict.ts";
import { at, type Export, type Step, writtenHistory } from "./support/written-history.ts";

const findingsOf = (history: Export): readonly string[] => verdictOn(JSON.stringify(history)).findings;

describe("a history that was exported while something happened", () => {
  it("may have bookings as they were after any of the later rows, and no older ones", () => {
    const steps: Step[] = ["make", "make", { change: 0 }, { change: 0 }];
    const whole = writtenHistory(steps);
    /** The first booking as it was after so many rows, read when the log had no less than `logSeqBefore`. */
    const readAt = (rows: number, logSeqBefore: number): Export => {
      const { bookings } = writtenHistory(steps.slice(0, rows)).decisions;
      const read = [at(bookings, 0), at(whole.decisions.bookings, 1)];
      return { ...whole, decisions: { ...whole.decisions, bookings: read, logSeqBefore } };
    };
    for (const logSeqBefore of [2, 3, 4]) {
      for (const rows of [2, 3, 4]) {
        expect(findingsOf(readAt(rows, logSeqBefore))).toEqual(
          rows >= logSeqBefore
            ? []
            : [expect.stringMatching(/^Booking uid-0 is not what its last row says \(row 4\)/)],
        );
      }
    }
  });

  it("may list as expired what waits for an answer in the log, and as nothing else", () => {
    const history = writtenHistory(["make"]);
    at(history.bookings.asHost, 0)["status"] = "expired";
    expect(findingsOf(history)).toEqual([]);
    at(history.bookings.asHost, 0)["status"] = "declined";
    expect(findingsOf(history)).toHaveLength(1);
  });

  it("may lack a booking that was made after the bookings were read", () => {
    const history = writtenHistory(["make", "make"]);
    history.decisions.bookings.pop();
    history.decisions.logSeqBefore = 1;
    expect(verdictOn(JSON.stringify(history))).toMatchObject({ findings: [], bookings: 1, otherBookings: 1 });
  });
});

describe("a booking that ended long ago", () => {
  const past = (days: number): Export => {
    const history = writtenHistory(["make", "make"]);
    history.decisions.bookings.shift();
    const end = Date.parse(String(at(history.bookings.asHost, 0)["end"]));
    return { ...history, exportedAt: new Date(end + days * 24 * 3_600_000).toISOString() };
  };

  it("is checked as it is listed", () => {
    expect(verdictOn(JSON.stringify(past(90)))).toMatchObject({
      findings: [],
      bookings: 1,
      otherBookings: 1,
    });
  });

  it("must be listed, and have ended ninety days ago", () => {
    const missing = past(90);
    missing.bookings.asHost.shift();
    for (const history of [missing, past(80)]) {
      expect(findingsOf(history)).toEqual([
        "Booking uid-0 is not in the file, though row 1 says that it was made.",
      ]);
    }
  });
});
