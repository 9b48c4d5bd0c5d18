/** One run: a world, a storm in it, and the history that is left of both. */

import { rowsOnceCaughtUp } from "./d1-rows.ts";
import type { History } from "./history.ts";
import { OFFERS } from "./offers.ts";
import { storm } from "./storm.ts";
import { startWorld } from "./world.ts";

export interface ProofOptions {
  readonly operations: number;
  readonly seed: number;
  readonly kills: number;
  /** A bundle that was built already; absent: it is built first. */
  readonly bundleDir?: string;
  /** How long D1 may take to catch up after the last decision, ms. Absent: long enough for a relay that failed more than once. */
  readonly patience?: number;
}

const CONCURRENCY = 32;
const PATIENCE = 60_000;

export async function historyOf({
  bundleDir,
  patience = PATIENCE,
  ...options
}: ProofOptions): Promise<History> {
  const world = await startWorld(bundleDir);
  const { broker, place } = world;
  try {
    const stormed = await storm(broker, place, { ...options, concurrency: CONCURRENCY });
    const rows = await rowsOnceCaughtUp(broker, place.host, stormed.closing, patience);
    return { seed: options.seed, host: place.host, offers: OFFERS, opening: place.opening, ...stormed, rows };
  } finally {
    await world.stop();
  }
}
