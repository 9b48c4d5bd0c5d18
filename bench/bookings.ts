/** Bookings per second on one host, over HTTP, beside the floor: a Durable Object that inserts one row behind the same router. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "../dev/broker.ts";
import type { Broker } from "../dev/broker.ts";
import { projectRoot } from "../dev/child.ts";
import { startNetwork } from "../dev/network.ts";
import { bundleWorker } from "../dev/worker-bundle.ts";
import { publishBenchHost } from "./bench-host.ts";
import type { LoadRequest, LoadResult } from "./load.ts";
import { run } from "./load.ts";

const CONCURRENCIES = [1, 16, 64];
/** Product and floor take turns this often; a figure is the median of its rounds. */
const ROUNDS = 7;
const SECONDS_A_ROUND = 0.7;
const BOOKERS = 64;
/** The meeting type's duration and grid. */
const SLOT_MS = 5 * 60_000;

export interface BookingFigures {
  readonly concurrency: number;
  readonly product: { perSecond: number; p50: number; p99: number };
  readonly floor: { perSecond: number; p50: number; p99: number };
}

/** Measures product and floor in turns, round by round, so that both see the same machine. */
export async function measureBookings(): Promise<BookingFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), "atproto-cal-bench-"));
  const configPath = join(projectRoot, "wrangler.toml");
  const network = await startNetwork();
  const brokers: Broker[] = [];
  try {
    const start = async (name: string, entry?: string): Promise<Broker> => {
      const bundleDir = join(folder, name);
      await bundleWorker(bundleDir, { configPath, ...(entry !== undefined && { entry }) });
      const broker = await startBroker({ plcUrl: network.plcUrl, pdsUrl: network.pdsUrl, bundleDir });
      brokers.push(broker);
      await broker.answering();
      return broker;
    };
    const product = await start("product");
    const floor = await start("floor", join(projectRoot, "bench/floor-worker.ts"));
    const host = await publishBenchHost(network, product.brokerDid);
    const cookies = await Promise.all(
      Array.from({ length: BOOKERS }, (_, index) =>
        product.sessionCookie({
          did: `did:plc:${String(index).padStart(24, "a")}`,
          handle: `b${index}.test`,
        }),
      ),
    );
    let slot = 0;
    const makeRequests = (count: number): LoadRequest[] =>
      Array.from({ length: count }, () => {
        slot += 1;
        return {
          path: "/api/bookings",
          headers: { cookie: cookies[slot % BOOKERS] ?? "", origin: product.url },
          body: JSON.stringify({
            host: host.did,
            meetingType: host.meetingTypeRkey,
            start: new Date(host.firstSlot + slot * SLOT_MS).toISOString(),
            requestId: crypto.randomUUID(),
          }),
        };
      });
    const measure = async (broker: Broker, concurrency: number, count: number) => {
      const result = await run(broker.url, concurrency, makeRequests(count));
      const failed = [...result.statuses].filter(([status]) => status !== 201);
      if (failed.length > 0) {
        throw new Error(`not every booking was 201: ${JSON.stringify([...result.statuses])}`);
      }
      return result;
    };
    await measure(product, 16, 300);
    await measure(floor, 16, 300);
    const figures: BookingFigures[] = [];
    for (const concurrency of CONCURRENCIES) {
      const probe = await measure(floor, concurrency, 200);
      const count = Math.max(100, Math.round(probe.perSecond * SECONDS_A_ROUND));
      const rounds = { floor: [] as LoadResult[], product: [] as LoadResult[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.floor.push(await measure(floor, concurrency, count));
        rounds.product.push(await measure(product, concurrency, count));
      }
      figures.push({ concurrency, floor: medianOf(rounds.floor), product: medianOf(rounds.product) });
    }
    return figures;
  } finally {
    await Promise.all(brokers.map((broker) => broker.stop()));
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function medianOf(rounds: readonly LoadResult[]): { perSecond: number; p50: number; p99: number } {
  const median = (of: (round: LoadResult) => number) =>
    rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0;
  return {
    perSecond: median((round) => round.perSecond),
    p50: median((round) => round.p50),
    p99: median((round) => round.p99),
  };
}
