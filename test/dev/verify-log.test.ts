import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../dev/child.ts";
import { NotAnExport } from "../../dev/exported-history.ts";
import { verdictOn } from "../../dev/history-verdict.ts";
import { at, type Export, type Row } from "./support/written-history.ts";

/** What a local run gave to alice.test: bookings made, confirmed, moved, declined, cancelled, with texts in several scripts. */
const GOLDEN = join(import.meta.dirname, "golden/account-export.json");
/** The same account two decisions earlier. */
const OLDER = join(import.meta.dirname, "golden/account-export-older.json");

const golden = (): Export => JSON.parse(readFileSync(GOLDEN, "utf8")) as Export;
const findingsOf = (history: Export, older?: Export): readonly string[] =>
  verdictOn(JSON.stringify(history), older && JSON.stringify(older)).findings;

describe("an export of a real run", () => {
  it("is as it was written, and begins with the one that was made before", () => {
    const lastHash = golden().decisions.log.at(-1)?.hash;
    const verdict = verdictOn(readFileSync(GOLDEN, "utf8"), readFileSync(OLDER, "utf8"));
    expect(verdict).toEqual({ findings: [], rows: 8, bookings: 4, otherBookings: 0, lastHash });
  });

  const log = (tamper: (rows: Row[]) => void) => (history: Export) => tamper(history.decisions.log);
  const edit = (entry: string, name: string, value: unknown): string =>
    JSON.stringify({ ...(JSON.parse(entry) as object), [name]: value });
  it.each<[string, (history: Export) => void, (string | RegExp)[]]>([
    [
      "a field of a row changed",
      log((rows) => {
        at(rows, 1).entry = edit(at(rows, 1).entry, "at", 1);
      }),
      ["Row 2 was changed: its hash is not that of its content after the row before."],
    ],
    [
      "the hash of a row changed",
      log((rows) => {
        at(rows, 1).hash = "0".repeat(64);
      }),
      ["Row 2 has another hash than the row after it was written upon: its hash was changed."],
    ],
    [
      "the first row removed",
      log((rows) => rows.shift()),
      [
        "Row 1 is decision 2: decision 1 was removed before it.",
        /^Row 3 is change 1 of/,
        /^The log had 8 rows/,
      ],
    ],
    [
      "two rows in the middle removed",
      log((rows) => rows.splice(1, 2)),
      [
        "Row 2 is decision 4: decisions 2 to 3 were removed before it.",
        /^Row 4 is change 1 of/,
        /^Row 5 is change 1 of/,
        /^The log/,
      ],
    ],
    [
      "two rows swapped",
      log((rows) => rows.splice(1, 2, at(rows, 2), at(rows, 1))),
      [2, 3, 4].map((row) => new RegExp(`^Row ${row} is decision ., where . should be: rows were reordered`)),
    ],
    [
      "a row repeated",
      log((rows) => rows.splice(3, 0, at(rows, 2))),
      ["Row 4 is decision 3, where 4 should be: rows were reordered or repeated.", /^Row 4 is change 0 of/],
    ],
    [
      "a row that is none",
      log((rows) => {
        at(rows, 4).entry = "{}";
      }),
      ["Row 5 is no decision.", /^Row 8 is change|^Booking/],
    ],
    [
      "something that only its two people wrote",
      ({ decisions }) => {
        decisions.bookings = decisions.bookings.map((text) => text.replace("Short one", "Long one"));
      },
      [/^Booking \S+ was changed in something of which the log keeps the hash only \(row 6\)/],
    ],
    [
      "a booking at another time",
      ({ decisions }) => {
        decisions.bookings = decisions.bookings.map((text) => text.replace(/"start":\d+/, '"start":1'));
      },
      [/^Booking \S+ is not what its last row says \(row 8\): its start was changed\.$/],
    ],
    [
      "a booking that the log does not know",
      ({ decisions }) => {
        decisions.bookings.push(at(decisions.bookings, 0).replace('"uid":"', '"uid":"x'));
      },
      [/^Booking x\S+ has no row in the log/],
    ],
    [
      "a booking twice, and one missing",
      ({ decisions }) => {
        decisions.bookings[0] = at(decisions.bookings, 1);
      },
      [
        /^Booking \S+ is there twice\.$/,
        /^Booking \S+ is not in the file, though row \d says that it was made\.$/,
      ],
    ],
    ["a text that is no booking", ({ decisions }) => decisions.bookings.push("{"), [/^Stored booking 5 of/]],
    [
      "a list that says something else",
      ({ bookings }) => {
        at(bookings.asHost, 1)["status"] = "confirmed";
        at(bookings.asHost, 2)["sequence"] = 9;
      },
      [
        /^Listed booking \S+ is not what row 7 says: its status was changed\.$/,
        /^Listed booking \S+ shows change 9, of which there is no row\.$/,
      ],
    ],
  ])("shows %s", (_what, tamper, expected) => {
    const history = golden();
    tamper(history);
    const findings = findingsOf(history);
    for (const sentence of expected) {
      expect(findings).toContainEqual(
        typeof sentence === "string" ? sentence : expect.stringMatching(sentence),
      );
    }
  });
});

describe("a file that is no export", () => {
  it.each([
    ["", /no JSON: a download that broke off/],
    [readFileSync(GOLDEN, "utf8").slice(0, 5_000), /no JSON/],
    ["null", /whose export/],
    ["[]", /whose export/],
    [JSON.stringify({ ...golden(), decisions: { logSeqBefore: 0 } }), /no list/],
    [
      JSON.stringify({ ...golden(), decisions: { logSeqBefore: 0, bookings: [], log: [7] } }),
      /Number 1 of `log`/,
    ],
    [JSON.stringify({ ...golden(), bookings: { asHost: [{}] } }), /Number 1 of `asHost`/],
  ])("is said to be none: %.20s", (text, message) => {
    expect(() => verdictOn(text)).toThrow(NotAnExport);
    expect(() => verdictOn(text)).toThrow(message);
  });
});

describe("npm run verify-log", () => {
  const folder = mkdtempSync(join(tmpdir(), "verify-log-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]) =>
    new Promise<{ code: number | string | null | undefined; said: string }>((resolve) => {
      execFile(process.execPath, [join(projectRoot, "dev/verify-log.ts"), ...args], (error, out, err) =>
        resolve({ code: error ? error.code : 0, said: out + err }),
      );
    });

  it("says that all is well, and what one export cannot show", async () => {
    const { code, said } = await run(GOLDEN);
    expect([code, said]).toEqual([0, expect.stringContaining("8 rows, 4 bookings. Last hash: 4074eb6a")]);
    expect(said).toContain("Rows missing at the very end");
    const continued = await run(GOLDEN, "--continues", OLDER);
    expect([continued.code, continued.said]).toEqual([0, expect.stringContaining("exactly the rows of")]);
  });

  it("names each finding, and fails", async () => {
    const path = join(folder, "forged.json");
    const history = golden();
    history.decisions.log.shift();
    writeFileSync(path, JSON.stringify(history));
    const { code, said } = await run(path);
    expect([code, said]).toEqual([1, expect.stringContaining("Row 1 is decision 2: decision 1 was removed")]);
    const cut = await run(OLDER, "--continues", GOLDEN);
    expect([cut.code, cut.said]).toEqual([1, expect.stringContaining("rows were removed at the end")]);
  });

  it.each([
    [[], "Name one file"],
    [["a.json", "b.json"], "Name one file"],
    [["there-is-none.json"], "ENOENT"],
    [["--what"], "--what"],
    [[join(import.meta.dirname, "verify-log.test.ts")], "no account export"],
  ])("fails with a sentence for %j", async (args, sentence) => {
    const { code, said } = await run(...args);
    expect([code, said]).toEqual([1, expect.stringContaining(sentence)]);
    expect(said).not.toMatch(/^\s+at /m);
  });
});
