/** Bookings per second over HTTP, on one host or spread over many, beside the floor's. */

import type { BenchHost } from "./bench-host.ts";
import { type Ask, newSlots, take } from "./bookers.ts";
import type { BothSides } from "./both-sides.ts";
import { Sockets } from "./load.ts";
import { type Compared, type Figures, measureRound, mediansOf } from "./rounds.ts";

const CONCURRENCIES = [1, 16, 64];
const ROUNDS = 7;
/** Of the floor; the product books as many. */
const SECONDS_A_ROUND = 0.7;

export interface LoadFigures extends Compared {
  readonly concurrency: number;
}

/** Product and floor take turns, round by round, so that both see the same machine. Requests go to one host after the other. */
export async function measureBookings(
  { product, floor }: BothSides,
  hosts: readonly BenchHost[],
  ask: Ask,
): Promise<LoadFigures[]> {
  const slots = newSlots(hosts);
  const asks = (count: number) => take(slots, count).map(ask);
  // Compiles what runs often.
  for (const side of [floor, product]) await measureRound(side, 16, [], asks(300));
  const figures: LoadFigures[] = [];
  for (const concurrency of CONCURRENCIES) {
    const sockets = new Sockets(floor.broker.url, concurrency);
    const { perSecond } = await sockets.send(asks(200));
    sockets.close();
    const count = Math.max(100, Math.round(perSecond * SECONDS_A_ROUND));
    const warmUp = Math.max(concurrency, hosts.length);
    const rounds = { floor: [] as Figures[], product: [] as Figures[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const side of [floor, product]) {
        rounds[side.name].push(await measureRound(side, concurrency, asks(warmUp), asks(count)));
      }
    }
    figures.push({ concurrency, floor: mediansOf(rounds.floor), product: mediansOf(rounds.product) });
  }
  return figures;
}
