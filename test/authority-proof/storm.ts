/** Many actors at once, and a broker that is killed under them: makes the operations of a history, judges nothing. */

import type { Broker } from "../../dev/broker.ts";
import { Board } from "./board.ts";
import { Draw } from "./draw.ts";
import { Exchange } from "./exchange.ts";
import type { Place } from "./exchange.ts";
import type { Ask, History, Operation } from "./history.ts";
import { intention } from "./intentions.ts";
import { OFFERS } from "./offers.ts";

export interface StormOptions {
  readonly operations: number;
  readonly seed: number;
  readonly kills: number;
  /** How many operations are under way at any time. */
  readonly concurrency: number;
}

/** How often the host is the actor, and how often of the other times one of few bookers. */
const HOST_SHARE = 0.2;
const GREEDY_SHARE = 0.45;
const GREEDY_BOOKERS = 2;

export type Stormed = Pick<History, "operations" | "closing" | "clock" | "kills" | "lostAnswers">;

/** @throws when the broker stays silent for long though it lives */
export async function storm(broker: Broker, place: Place, options: StormOptions): Promise<Stormed> {
  const { seed, concurrency } = options;
  const { host, opening } = place;
  const exchange = new Exchange(place);
  const bookers = [...place.cookies.keys()].filter((did) => did !== host);
  const greedy = new Set(bookers.slice(-GREEDY_BOOKERS));
  const scene = { host, offers: OFFERS, opening, board: new Board(), greedy };
  const operations: Operation[] = [];
  const epoch = Date.now();
  const began = performance.now();
  const now = (): number => performance.now() - began;
  let lostAnswers = 0;

  const perform = async (id: number, actor: string, ask: Ask): Promise<Operation> => {
    let invokedAt = now();
    for (;;) {
      const answer = await exchange.ask(actor, ask);
      const operation = { id, actor, ask, invokedAt, answeredAt: now(), answer };
      if (answer.kind !== "unknown") return operation;
      lostAnswers += 1;
      await broker.answering();
      if (!mayBeRepeated(ask)) return operation;
      // A read tells of the time in which it was answered; all others may have been done when they were first asked for.
      if (ask.kind === "read" || ask.kind === "slots") invokedAt = now();
    }
  };

  const killer = new Killer(broker, options);
  await inLanes(concurrency, options.operations, async (id) => {
    killer.operationBegins(id);
    const draw = new Draw(seed, id);
    const actor = actorFor(draw, host, bookers);
    const ask = intention(draw, actor, `proof-${seed}-${id}`, scene);
    scene.board.asks(actor, ask);
    const operation = await perform(id, actor, ask);
    scene.board.learn(operation);
    operations.push(operation);
  });
  await killer.isDone();

  const asks: Ask[] = [
    ...scene.board.uids().map((uid): Ask => ({ kind: "read", uid })),
    ...OFFERS.map(({ rkey }): Ask => ({ kind: "slots", offer: rkey })),
  ];
  const closing: Operation[] = [];
  await inLanes(concurrency, asks.length, async (index) => {
    const ask = asks[index];
    if (ask) closing.push(await perform(options.operations + index, host, ask));
  });
  exchange.close();
  // Dates are whole milliseconds, and either clock may have been slewed meanwhile.
  const slack = 2 + Math.abs(Date.now() - epoch - now());
  return { operations, closing, clock: { epoch, slack }, kills: killer.kills, lostAnswers };
}

/** Whether asking once more is asking for the same: what has a requestId, reads, and what is over once it is done. */
function mayBeRepeated(ask: Ask): boolean {
  return "requestId" in ask || ask.kind === "read" || ask.kind === "slots" || ask.kind === "release";
}

function actorFor(draw: Draw, host: string, bookers: readonly string[]): string {
  if (draw.happens(HOST_SHARE)) return host;
  return draw.oneOfLatest(bookers, draw.happens(GREEDY_SHARE) ? GREEDY_BOOKERS : bookers.length) ?? host;
}

/** Runs jobs 0 to `count - 1`, begun in this order, so many at a time. */
async function inLanes(lanes: number, count: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await run(next - 1);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Ends workerd with SIGKILL at drawn points of a run, and waits each time until it lives again. */
class Killer {
  readonly #broker: Broker;
  readonly #points: ReadonlySet<number>;
  #last: Promise<void> = Promise.resolve();
  #kills = 0;

  constructor(broker: Broker, { operations, seed, kills }: StormOptions) {
    this.#broker = broker;
    const draw = new Draw(seed, operations);
    const share = operations / kills;
    const point = (kill: number): number => Math.floor((kill + 0.1 + 0.8 * draw.fraction()) * share);
    this.#points = new Set(Array.from({ length: kills }, (_, kill) => point(kill)));
  }

  get kills(): number {
    return this.#kills;
  }

  operationBegins(id: number): void {
    if (this.#points.has(id)) this.#last = this.#last.then(() => this.#kill());
  }

  async isDone(): Promise<void> {
    await this.#last;
  }

  async #kill(): Promise<void> {
    await this.#broker.answering();
    process.kill(this.#broker.workerdPid(), "SIGKILL");
    this.#kills += 1;
    await this.#broker.answering();
  }
}
