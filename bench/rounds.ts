/** One round of bookings on one side, and the figures that many rounds come to. */

import type { Side } from "./both-sides.ts";
import { type Answer, type LoadRequest, Sockets } from "./load.ts";
import { medianOf, type Percentiles, percentilesOf } from "./percentiles.ts";

export interface Figures extends Percentiles {
  readonly perSecond: number;
  /** Milliseconds, until D1 has everything too; undefined where the system does not say. */
  readonly cpuMsPerBooking: number | undefined;
}

/** The same of both sides. */
export interface Compared {
  readonly product: Figures;
  readonly floor: Figures;
}

/**
 * Books, waits until everything is done, and says how it went. `warmUp` is sent before the clock runs: it opens the sockets, and lets
 * the authorities read their hosts' records, which they then believe for longer than a round takes.
 */
export async function measureRound(
  side: Side,
  concurrency: number,
  warmUp: readonly LoadRequest[],
  requests: readonly LoadRequest[],
): Promise<Figures> {
  const sockets = new Sockets(side.broker.url, concurrency);
  try {
    const cpuBefore = side.cpuMs();
    expectBooked((await sockets.send(warmUp)).answers);
    const { perSecond, answers } = await sockets.send(requests);
    expectBooked(answers);
    await side.settled();
    const cpuAfter = side.cpuMs();
    return {
      perSecond,
      ...percentilesOf(answers.map(({ ms }) => ms)),
      cpuMsPerBooking:
        cpuBefore === undefined || cpuAfter === undefined
          ? undefined
          : (cpuAfter - cpuBefore) / (warmUp.length + requests.length),
    };
  } finally {
    sockets.close();
  }
}

/** Each figure is the median of its rounds. */
export function mediansOf(rounds: readonly Figures[]): Figures {
  const median = (of: (round: Figures) => number): number => medianOf(rounds.map(of));
  return {
    perSecond: median(({ perSecond }) => perSecond),
    p50: median(({ p50 }) => p50),
    p95: median(({ p95 }) => p95),
    p99: median(({ p99 }) => p99),
    cpuMsPerBooking: rounds.some(({ cpuMsPerBooking }) => cpuMsPerBooking === undefined)
      ? undefined
      : median(({ cpuMsPerBooking = 0 }) => cpuMsPerBooking),
  };
}

function expectBooked(answers: readonly Answer[]): void {
  const other = answers.find(({ status }) => status !== 201);
  if (other) throw new Error(`a booking was answered with ${other.status} instead of 201`);
}
