/** The same load on hosts who have 0, 1,000 and 50,000 bookings already, and how long each takes to answer after a cold start. */

import { type BenchHost, publishBenchHost, SLOT_MS } from "./bench-host.ts";
import { type Ask, type BenchSlot, newSlots, take } from "./bookers.ts";
import type { BothSides, Side } from "./both-sides.ts";
import { Sockets } from "./load.ts";
import { medianOf } from "./percentiles.ts";
import { preloadFloor, preloadProduct } from "./preload.ts";
import { type Compared, type Figures, measureRound, mediansOf } from "./rounds.ts";

const SIZES = [0, 1_000, 50_000];
const CONCURRENCY = 16;
const ROUNDS = 7;
/** With the warm-up, all rounds fit between 1,000 bookings: three free slots after each taken one. */
const BOOKINGS_A_ROUND = 350;
const TAKEN_EVERY = 4;
const COLD_STARTS = 5;
/** So many are over; none so long ago that its authority would let go of it. */
const PAST_SHARE = 0.1;

export interface FullCalendarFigures extends Compared {
  /** How many bookings the host had before. */
  readonly size: number;
  /** Until the first booking is answered by an object that slept, milliseconds. */
  readonly coldMs: { readonly product: number; readonly floor: number };
}

/** A host, and free slots for each side. */
interface Calendar {
  readonly size: number;
  readonly host: BenchHost;
  readonly free: { readonly [Name in Side["name"]]: Generator<BenchSlot, never> };
  readonly rounds: { readonly [Name in Side["name"]]: Figures[] };
  readonly cold: { readonly [Name in Side["name"]]: number[] };
}

/** Sizes and sides take turns, round by round. */
export async function measureFullCalendars(sides: BothSides, ask: Ask): Promise<FullCalendarFigures[]> {
  const calendars: Calendar[] = [];
  for (const size of SIZES) calendars.push(await openCalendar(sides, `bench-full-${size}`, size));
  const other = await openCalendar(sides, "bench-other", 0);
  for (const side of [sides.product, sides.floor]) {
    // The rows to copy.
    for (const each of [...calendars, other])
      await answered(side, ask(each.free[side.name].next().value), 201);
    await side.settled();
    const preload = side === sides.product ? preloadProduct : preloadFloor;
    await side.restart((dataDir) => {
      for (const { host, size } of calendars) preload(dataDir, host.did, takenStarts(host, size));
    });
  }
  for (const { host, size } of calendars) {
    const taken = takenStarts(host, size).filter((start) => start >= host.firstSlot);
    for (const start of [taken[0], taken[Math.floor(taken.length / 2)], taken.at(-1)]) {
      if (start !== undefined) await answered(sides.product, ask({ host, start }), 409);
    }
  }
  for (let start = 0; start < COLD_STARTS; start += 1) {
    for (const side of [sides.floor, sides.product]) await startCold(side, calendars, other, ask);
  }
  // Compiles what runs often.
  for (const side of [sides.floor, sides.product]) {
    await measureRound(side, CONCURRENCY, [], take(other.free[side.name], BOOKINGS_A_ROUND).map(ask));
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { free, rounds } of calendars) {
      for (const side of [sides.floor, sides.product]) {
        const asks = (count: number) => take(free[side.name], count).map(ask);
        rounds[side.name].push(
          await measureRound(side, CONCURRENCY, asks(CONCURRENCY), asks(BOOKINGS_A_ROUND)),
        );
      }
    }
  }
  return calendars.map(({ size, rounds, cold }) => ({
    size,
    product: mediansOf(rounds.product),
    floor: mediansOf(rounds.floor),
    coldMs: { product: medianOf(cold.product), floor: medianOf(cold.floor) },
  }));
}

async function openCalendar({ network, product }: BothSides, name: string, size: number): Promise<Calendar> {
  const host = await publishBenchHost(network, product.broker.brokerDid, name);
  const free = () => newSlots([host], (number) => number % TAKEN_EVERY === 0);
  return {
    size,
    host,
    free: { product: free(), floor: free() },
    rounds: { product: [], floor: [] },
    cold: { product: [], floor: [] },
  };
}

/** Around the free slots that are booked, before them and after. */
function takenStarts(host: BenchHost, size: number): number[] {
  const past = Math.floor(size * PAST_SHARE);
  return Array.from({ length: size }, (_, index) => host.firstSlot + (index - past) * TAKEN_EVERY * SLOT_MS);
}

/** Starts the side again and times the first booking of each calendar. `other` is booked before, so that its code is warm. */
async function startCold(
  side: Side,
  calendars: readonly Calendar[],
  other: Calendar,
  ask: Ask,
): Promise<void> {
  await side.restart();
  for (const slot of take(other.free[side.name], 50)) await answered(side, ask(slot), 201);
  for (const { free, cold } of calendars) {
    cold[side.name].push(await answered(side, ask(free[side.name].next().value), 201));
  }
  await side.settled();
}

/** @returns milliseconds. @throws when it was answered otherwise */
async function answered(side: Side, request: ReturnType<Ask>, status: number): Promise<number> {
  const sockets = new Sockets(side.broker.url, 1);
  const { answers } = await sockets.send([request]);
  sockets.close();
  const [answer] = answers;
  if (answer?.status !== status) {
    throw new Error(`a booking was answered with ${answer?.status} instead of ${status}`);
  }
  return answer.ms;
}
