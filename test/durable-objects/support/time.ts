/** A clock that a test moves, and an alarm that rings when it says so. */

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";

const DAY_MS = 24 * 60 * 60_000;

export interface Clock {
  readonly now: number;
  moveBy(ms: number): void;
  moveTo(at: number): void;
}

/** A clock that stands still, ten days ahead of the real one: no alarm set by it rings by itself. `afterEach` must restore mocks. */
export function stoppedClock(): Clock {
  let at = Date.now() + 10 * DAY_MS;
  vi.spyOn(Date, "now").mockImplementation(() => at);
  return {
    get now() {
      return at;
    },
    moveBy(ms) {
      at += ms;
    },
    moveTo(to) {
      at = to;
    },
  };
}

/** What a host's authority has stored. */
export async function inStorage<Value>(
  hostDid: string,
  work: (storage: DurableObjectStorage) => Value | Promise<Value>,
): Promise<Value> {
  return runInDurableObject(env.HOST_CALENDAR.getByName(hostDid), (_, { storage }) => work(storage));
}

export function alarmOf(hostDid: string): Promise<number | null> {
  return inStorage(hostDid, (storage) => storage.getAlarm());
}

/** The alarm rings now, whatever it was set to. */
export async function ring(hostDid: string): Promise<void> {
  await runDurableObjectAlarm(env.HOST_CALENDAR.getByName(hostDid));
}

/** The clock goes on by `ms`, and the alarm rings whenever it is set to; returns how often it rang. */
export async function live(hostDid: string, clock: Clock, ms: number): Promise<number> {
  const end = clock.now + ms;
  let rings = 0;
  for (let at = await alarmOf(hostDid); at !== null && at <= end; at = await alarmOf(hostDid)) {
    clock.moveTo(Math.max(at, clock.now));
    await ring(hostDid);
    rings += 1;
    if (rings > 5000) throw new Error("the alarm rings without end");
  }
  clock.moveTo(end);
  return rings;
}
