/** Many sockets ask at the same time: for one slot, which one of them gets, or for a slot each, to see the same crowd without losers. */

import type { BenchHost } from "./bench-host.ts";
import { type Ask, BOOKERS, newSlots, take } from "./bookers.ts";
import type { BothSides, Side } from "./both-sides.ts";
import { type Answer, type LoadRequest, Sockets } from "./load.ts";
import { type Percentiles, percentilesOf } from "./percentiles.ts";

/** Everybody who asks is somebody else. */
export const CROWD = BOOKERS;
const ROUNDS = 10;
const SLOTS_A_ROUND = 10;

/** Milliseconds, of all rounds together: a slot has one winner only. */
export interface ContendedFigures {
  readonly slots: number;
  readonly winners: Percentiles;
  readonly losers: Percentiles;
  /** The product, where nobody loses. */
  readonly unopposed: Percentiles;
  readonly floor: Percentiles;
}

/** The three crowds take turns, round by round. */
export async function measureContendedSlots(
  { product, floor }: BothSides,
  host: BenchHost,
  ask: Ask,
): Promise<ContendedFigures> {
  const slots = newSlots([host]);
  const oneSlot = (): LoadRequest[] => {
    const slot = slots.next().value;
    return Array.from({ length: CROWD }, () => ask(slot));
  };
  const slotsOfTheirOwn = (): LoadRequest[] => take(slots, CROWD).map(ask);
  const contended: Answer[] = [];
  const unopposed: Answer[] = [];
  const inserted: Answer[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    inserted.push(...(await crowds(floor, slotsOfTheirOwn, CROWD)));
    unopposed.push(...(await crowds(product, slotsOfTheirOwn, CROWD)));
    contended.push(...(await crowds(product, oneSlot, 1)));
  }
  return {
    slots: ROUNDS * SLOTS_A_ROUND,
    winners: latencies(contended, 201),
    losers: latencies(contended, 409),
    unopposed: latencies(unopposed, 201),
    floor: latencies(inserted, 201),
  };
}

/** One crowd after another; each comes when the one before was answered whole. The first opens the sockets and is not counted. */
async function crowds(side: Side, crowd: () => LoadRequest[], winners: number): Promise<Answer[]> {
  const sockets = new Sockets(side.broker.url, CROWD);
  try {
    await sockets.send(crowd());
    const all: Answer[] = [];
    for (let slot = 0; slot < SLOTS_A_ROUND; slot += 1) {
      const { answers } = await sockets.send(crowd());
      const [booked, taken] = [201, 409].map((status) => answers.filter((each) => each.status === status));
      if (booked?.length !== winners || taken?.length !== CROWD - winners) {
        throw new Error(`of ${CROWD} who asked, ${booked?.length} got a slot and ${taken?.length} did not`);
      }
      all.push(...answers);
    }
    await side.settled();
    return all;
  } finally {
    sockets.close();
  }
}

function latencies(answers: readonly Answer[], status: number): Percentiles {
  return percentilesOf(answers.filter((answer) => answer.status === status).map(({ ms }) => ms));
}
