/**
 * `npm run prove [-- <cases> [<seed>]]`: a million generated cases against every property of slots, and every change of every
 * zone's clocks against its minutes, on all processors. Prints the seed, and a shrunk example of whatever fails.
 */

import { availableParallelism } from "node:os";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import * as fc from "fast-check";
import { PLACES, anyCaseAt } from "./any-question.ts";
import type { Place } from "./any-question.ts";
import { DAY_MS } from "./scenario.ts";
import { PROPERTIES, read } from "./slot-properties.ts";
import { transitionsOf, zoneNames } from "./zone-transitions.ts";
import { disagreements, minutesAround } from "./zone-windows.ts";

/** What one thread has to do. */
interface Share {
  readonly cases: number;
  readonly seed: number;
  /** A part of all zones. */
  readonly zones: readonly string[];
}

/** What one thread found. */
interface Found {
  readonly transitions: number;
  readonly failures: readonly string[];
}

/** In the table of a place every minute is known, and each table takes its memory. */
const PLACES_A_THREAD = 300;

if (isMainThread) {
  await proveAll(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? Date.now() % 2 ** 31));
} else {
  // Written by proveAll below.
  parentPort?.postMessage(prove(workerData as Share));
}

async function proveAll(cases: number, seed: number): Promise<void> {
  const threads = availableParallelism();
  const write = (line: string) => process.stdout.write(`${line}\n`);
  write(
    `${cases.toLocaleString("en")} cases, ${Object.keys(PROPERTIES).length} properties each; seed ${seed}`,
  );
  const began = performance.now();
  const shares = Array.from({ length: threads }, (_, thread): Share => ({
    cases: Math.floor(cases / threads) + (thread < cases % threads ? 1 : 0),
    seed: seed + thread,
    zones: zoneNames().filter((_zone, index) => index % threads === thread),
  }));
  const found = await Promise.all(shares.map(inThread));
  const failures = found.flatMap((each) => each.failures);
  for (const failure of failures) write(`\n${failure}`);
  const transitions = found.reduce((sum, each) => sum + each.transitions, 0);
  write(
    `${zoneNames().length} zones, ${transitions.toLocaleString("en")} changes of the clocks from 2024 to 2037`,
  );
  write(
    `${failures.length === 0 ? "Proved" : `${failures.length} failures`} in ${Math.round((performance.now() - began) / 1000)} s on ${threads} threads`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function inThread(share: Share): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(import.meta.filename, { workerData: share });
    worker.on("message", resolve);
    worker.on("error", reject);
  });
}

function prove({ cases, seed, zones }: Share): Found {
  const failures: string[] = [];
  const places: Place[] = [];
  let transitions = 0;
  for (const zone of zones) {
    for (const transition of transitionsOf(zone, 2024, 2037, DAY_MS / 4)) {
      failures.push(...disagreements(zone, minutesAround(transition)));
      places.push({ zone, around: Math.floor(transition.at / DAY_MS) * DAY_MS });
      transitions += 1;
    }
  }
  const every = Math.ceil(places.length / PLACES_A_THREAD);
  const sampled = places.filter((_place, index) => index % every === 0);
  const result = fc.check(
    fc.property(anyCaseAt([...PLACES, ...sampled]), (one) => {
      const known = read(one);
      for (const [name, check] of Object.entries(PROPERTIES)) {
        try {
          check(known);
        } catch (error) {
          throw new Error(`Slots ${name}: it does not hold.`, { cause: error });
        }
      }
    }),
    { numRuns: cases, seed },
  );
  if (result.failed) {
    const { errorInstance } = result;
    const cause =
      errorInstance instanceof Error ? `${errorInstance.message} ${String(errorInstance.cause)}` : "";
    failures.push(`${fc.defaultReportMessage(result)}\n${cause}`);
  }
  return { transitions, failures };
}
