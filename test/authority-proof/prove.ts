/**
 * `npm run prove:authority [-- <operations> [<seed>]]`: random concurrent operations against the real worker, which is killed again and
 * again, and a judgement of every answer by a checker that shares no code with it. The seed draws the same operations for each actor again; how
 * they interleave is up to the machine, so a history with a finding is kept, and `-- --history <file>` judges it once more.
 */

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "./check.ts";
import type { History } from "./history.ts";
import { historyOf } from "./proof.ts";
import { findingsOf, outcomesOf, summaryOf } from "./report.ts";

const OPERATIONS_A_KILL = 900;

const write = (line = ""): boolean => process.stdout.write(`${line}\n`);
const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(1);

const [first, second] = process.argv.slice(2);
const keptFile = first === "--history" ? second : undefined;
const history =
  keptFile === undefined ? await run(Number(first ?? 10_000), seedFrom(second)) : read(keptFile);

const began = performance.now();
const judgement = check(history);
for (const line of [...outcomesOf(history), ...summaryOf(history)]) write(line);
write(`judged in ${secondsSince(began)} s, ${judgement.tries} steps tried for a serial order`);
for (const line of findingsOf(judgement)) write(line);
if (judgement.findings.length > 0) {
  process.exitCode = 1;
  if (keptFile === undefined) write(`\nThe history is kept: --history ${kept(history)}`);
}

async function run(operations: number, seed: number): Promise<History> {
  write(`${operations} operations; seed ${seed} (it draws the operations, not how they interleave)`);
  const kills = Math.max(2, Math.ceil(operations / OPERATIONS_A_KILL));
  const started = performance.now();
  const made = await historyOf({ operations, seed, kills });
  write(`ran for ${secondsSince(started)} s`);
  return made;
}

function seedFrom(text: string | undefined): number {
  return text === undefined ? Date.now() % 2 ** 31 : Number(text);
}

function read(file: string): History {
  // Written by `kept` below.
  const found: History = JSON.parse(readFileSync(file, "utf8"));
  return found;
}

function kept(found: History): string {
  const file = join(mkdtempSync(join(tmpdir(), "atproto-cal-history-")), "history.json");
  writeFileSync(file, JSON.stringify(found));
  return file;
}
