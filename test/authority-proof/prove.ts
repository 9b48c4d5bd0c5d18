/**
 * `npm run prove:authority [-- --operations 10000 --seed 42]`: random concurrent operations against the real worker, which is killed again and
 * again, and a judgement of every answer by a checker that shares no code with it. The seed draws the same operations for each actor again; how
 * they interleave is up to the machine, so a history with a finding is kept, and `-- --history <file>` judges it once more. `-- --broken` asks the
 * same of authorities that are broken on purpose, and fails if the checker finds nothing in one of them.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../../dev/child.ts";
import { bundleWorker } from "../../dev/worker-bundle.ts";
import { brokenBundle, DEFECTS } from "./broken.ts";
import { check } from "./check.ts";
import { FINDINGS } from "./finding.ts";
import type { History } from "./history.ts";
import { historyOf } from "./proof.ts";
import type { ProofOptions } from "./proof.ts";
import { findingsOf, outcomesOf, summaryOf } from "./report.ts";

const OPERATIONS_A_KILL = 900;

const write = (line = ""): boolean => process.stdout.write(`${line}\n`);
const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(1);

const { values } = parseArgs({
  options: {
    operations: { type: "string" },
    seed: { type: "string" },
    history: { type: "string" },
    broken: { type: "boolean", default: false },
  },
});
const seed = wholeNumber(values.seed, Date.now() % 2 ** 31);
if (values.broken) await proveChecker(wholeNumber(values.operations, 1_000));
else if (values.history === undefined) await proveAuthority(wholeNumber(values.operations, 10_000));
else judge(read(values.history));

async function proveAuthority(operations: number): Promise<void> {
  write(`${operations} operations; seed ${seed} (it draws the operations, not how they interleave)`);
  const began = performance.now();
  const history = await historyOf(optionsFor(operations));
  write(`ran for ${secondsSince(began)} s`);
  if (!judge(history)) write(`\nThe history is kept: --history ${kept(history)}`);
}

/** Whether nothing was found. */
function judge(history: History): boolean {
  const began = performance.now();
  const judgement = check(history);
  for (const line of [...outcomesOf(history), ...summaryOf(history)]) write(line);
  write(`judged in ${secondsSince(began)} s, ${judgement.tries} steps tried for a serial order`);
  for (const line of findingsOf(judgement)) write(line);
  const isRight = judgement.findings.length === 0;
  if (!isRight) process.exitCode = 1;
  return isRight;
}

async function proveChecker(operations: number): Promise<void> {
  write(`${operations} operations against each of ${DEFECTS.length} broken authorities; seed ${seed}`);
  const whole = mkdtempSync(join(tmpdir(), "atproto-cal-bundle-"));
  try {
    await bundleWorker(whole, { configPath: join(projectRoot, "wrangler.toml") });
    for (const defect of DEFECTS) {
      const broken = brokenBundle(whole, defect);
      const history = await historyOf({
        ...optionsFor(operations),
        bundleDir: broken.bundleDir,
        patience: 10_000,
      }).finally(broken.remove);
      const judgement = check(history);
      const isFound = judgement.findings.some(({ kind }) => kind === defect.shows);
      if (!isFound) process.exitCode = 1;
      write(`\n${defect.says} ${isFound ? "Found" : `NOT FOUND: no ${FINDINGS[defect.shows]}`}.`);
      for (const line of findingsOf(judgement, 1)) write(`  ${line}`);
    }
  } finally {
    rmSync(whole, { recursive: true, force: true });
  }
}

function optionsFor(operations: number): ProofOptions {
  return { operations, seed, kills: Math.max(2, Math.ceil(operations / OPERATIONS_A_KILL)) };
}

/** @throws where it is none */
function wholeNumber(text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${text} is no whole number.`);
  return number;
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
