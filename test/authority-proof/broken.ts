/** Authorities that are broken on purpose, each in one place, so that the checker can show that it notices. Edits a bundle, not the source. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

export interface Defect {
  /** What is wrong with it, as a sentence. */
  readonly says: string;
  /** What the checker must find at least. */
  readonly shows: Finding["kind"];
  readonly edits: readonly (readonly [find: RegExp, put: string])[];
}

export const DEFECTS: readonly Defect[] = [
  {
    says: "It awaits between checking a slot and writing the booking.",
    shows: "overlap",
    edits: [
      [
        /(function (decide\d*)\(desk, records, command, now\) \{[^}]*\}\s*return decideRequest\()/,
        "globalThis.checkRequest = $2;\n$1",
      ],
      [/(withHoldInMind\()(decide\d*\(desk, records, command, now\))/, "$1command.checked ?? $2"],
      [
        /(return this\.#decide\(\(now\) => commitRequest\()/,
        `const checked = checkRequest(this.#desk, this.#records.current, command, Date.now());
    await scheduler.wait(5);
    command = { ...command, checked };
    $1`,
      ],
    ],
  },
  {
    says: "It judges no limit per day or week.",
    shows: "limit",
    edits: [[/(if \(maxPerDay === void 0 && maxPerWeek === void 0\)) return;/, "return;"]],
  },
  {
    says: "It owes nobody anything for the third decision about a booking.",
    shows: "lost",
    edits: [
      [/(owe\d*\(desk\.sql, effectsOf\(decision, actorDid, now\), now\);)/, "if (booking.sequence !== 2) $1"],
    ],
  },
  {
    says: "It forgets what it answered to a requestId.",
    shows: "contradiction",
    edits: [[/\n {2}keepAnswer\(desk\.sql, kind, question, answer\d*, now\);/, ""]],
  },
  {
    says: "It lets a booking be cancelled that is over already.",
    shows: "contradiction",
    edits: [[/if \(!blocksTime\(booking, now\)\)/, "if (false)"]],
  },
];

/**
 * A copy of a bundle with one defect; `remove` takes it away.
 * @throws when the bundle has changed so that an edit finds no place, or more than one
 */
export function brokenBundle(
  bundleDir: string,
  { says, edits }: Defect,
): { readonly bundleDir: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-broken-"));
  cpSync(bundleDir, folder, { recursive: true });
  const main = join(folder, "index.js");
  let code = readFileSync(main, "utf8");
  for (const [find, put] of edits) {
    const places = code.match(new RegExp(find, "g"))?.length ?? 0;
    if (places !== 1) throw new Error(`"${says}" is to be put in one place, and ${find} has ${places}.`);
    code = code.replace(find, put);
  }
  writeFileSync(main, code);
  return { bundleDir: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
