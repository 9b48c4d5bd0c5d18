/** `npm run verify-log -- <export.json> [--continues <older-export.json>]`: checks the history in an account export. Exit code 1 for any finding. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { NotAnExport } from "./exported-history.ts";
import { type HistoryVerdict, verdictOn } from "./history-verdict.ts";

/** One broken row can break all after it; nobody reads more than this. */
const SHOWN = 50;

process.exitCode = run(process.argv.slice(2)) ? 0 : 1;

/** True where nothing is wrong. */
function run(args: string[]): boolean {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { continues: { type: "string" } },
      allowPositionals: true,
    });
    const [path] = positionals;
    if (path === undefined || positionals.length > 1) {
      console.error("Name one file: npm run verify-log -- export.json [--continues older-export.json]");
      return false;
    }
    const older = values.continues;
    const verdict = verdictOn(
      readFileSync(path, "utf8"),
      older === undefined ? undefined : readFileSync(older, "utf8"),
    );
    tell(verdict, older);
    return verdict.findings.length === 0;
  } catch (error) {
    if (error instanceof NotAnExport) {
      console.error(`This is no account export. ${error.message}`);
      return false;
    }
    if (error instanceof Error && "code" in error) {
      console.error(error.message); // A file that cannot be read, or an option that does not exist.
      return false;
    }
    throw error;
  }
}

function tell(verdict: HistoryVerdict, older: string | undefined): void {
  const { findings, rows, bookings, otherBookings, lastHash } = verdict;
  for (const finding of findings.slice(0, SHOWN)) {
    console.log(finding);
  }
  if (findings.length > SHOWN) {
    console.log(`… and ${findings.length - SHOWN} more.`);
  }
  console.log(`${rows} rows, ${bookings} bookings. Last hash: ${lastHash ?? "none"}`);
  if (otherBookings > 0) {
    console.log(
      `Of ${otherBookings} more bookings only the rows could be checked: long past, or made while this was written.`,
    );
  }
  if (findings.length > 0) {
    console.log("This history was tampered with, or damaged.");
    return;
  }
  console.log("No row was changed, removed in between or reordered, and every booking is what the log says.");
  console.log(
    older === undefined
      ? "Rows missing at the very end, or a history written anew as a whole, cannot be seen from one export alone: keep this one, and check the next with --continues."
      : `It begins with exactly the rows of ${older}: of those, none was cut off or written anew.`,
  );
}
