/** A broker in whose dealings with calendars a minute passes in a tenth of a second. Edits a copy of the bundle, not the source. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../dev/child.ts";
import { bundleWorker } from "../../../dev/worker-bundle.ts";
import { sharedBundle } from "./bundle-once.ts";

/** How long what was read of a calendar is current there, ms. */
export const CURRENT_FOR_MS = 1_000;

const EDITS: readonly (readonly [find: RegExp, put: string, places: number])[] = [
  [/(var CURRENT_FOR_MS = )2 \* 6e4;/g, `$1${CURRENT_FOR_MS};`, 1],
  // How long a source that fails is left alone, doubled each time.
  [/MINUTE( \* 2 \*\* attempts)/g, "100$1", 1],
  // How long each kind of source has to answer.
  [/(var TIMEOUT_MS\d* = )(?:15e3|3e4);/g, "$11500;", 6],
];

/** `remove` takes it away. @throws when the bundle has changed so that an edit does not fit */
export async function hastyBundle(): Promise<{ readonly bundleDir: string; readonly remove: () => void }> {
  const bundleDir = mkdtempSync(join(tmpdir(), "atproto-cal-hasty-"));
  const shared = sharedBundle();
  if (shared === undefined) await bundleWorker(bundleDir, { configPath: join(projectRoot, "wrangler.toml") });
  else cpSync(shared, bundleDir, { recursive: true });
  const main = join(bundleDir, "index.js");
  let code = readFileSync(main, "utf8");
  for (const [find, put, places] of EDITS) {
    const found = code.match(find)?.length ?? 0;
    if (found !== places) throw new Error(`${find} is to be found ${places} times, and is ${found} times.`);
    code = code.replaceAll(find, put);
  }
  writeFileSync(main, code);
  return { bundleDir, remove: () => rmSync(bundleDir, { recursive: true, force: true }) };
}
