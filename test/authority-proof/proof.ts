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
}

const CONCURRENCY = 32;

export async function historyOf({ bundleDir, ...options }: ProofOptions): Promise<History> {
  const world = await startWorld(bundleDir);
  const { broker, place } = world;
  try {
    const stormed = await storm(broker, place, { ...options, concurrency: CONCURRENCY });
    const rows = await rowsOnceCaughtUp(broker, place.host, stormed.closing);
    return { seed: options.seed, host: place.host, offers: OFFERS, opening: place.opening, ...stormed, rows };
  } finally {
    await world.stop();
  }
}
