/** People who are signed in, and what they send to book. */

import type { Broker } from "../dev/broker.ts";
import { type BenchHost, SLOT_MS } from "./bench-host.ts";
import type { LoadRequest } from "./load.ts";

/** As many as there are sockets at most, so that each can be somebody else. */
export const BOOKERS = 64;

/** One slot of one host. */
export interface BenchSlot {
  readonly host: BenchHost;
  /** Epoch ms. */
  readonly start: number;
}

/** One new slot after another, each of the next host. `isTaken` says which are left out, by their number from the first slot. */
export function* newSlots(
  hosts: readonly BenchHost[],
  isTaken: (number: number) => boolean = () => false,
): Generator<BenchSlot, never> {
  for (let number = 0; ; number += 1) {
    if (isTaken(number)) continue;
    for (const host of hosts) yield { host, start: host.firstSlot + number * SLOT_MS };
  }
}

/** The next `count` of them. */
export function take(slots: Generator<BenchSlot, never>, count: number): BenchSlot[] {
  return Array.from({ length: count }, () => slots.next().value);
}

/** Makes the request that asks for a slot; the bookers take turns. */
export type Ask = (slot: BenchSlot) => LoadRequest;

/** Signs everybody in. */
export async function signInBookers(product: Broker): Promise<Ask> {
  const cookies = await Promise.all(
    Array.from({ length: BOOKERS }, (_, index) =>
      product.sessionCookie({ did: `did:plc:${String(index).padStart(24, "a")}`, handle: `b${index}.test` }),
    ),
  );
  let turn = 0;
  return ({ host, start }) => {
    turn += 1;
    return {
      path: "/api/bookings",
      headers: { cookie: cookies[turn % BOOKERS] ?? "", origin: product.url },
      body: JSON.stringify({
        host: host.did,
        meetingType: host.meetingTypeRkey,
        start: new Date(start).toISOString(),
        requestId: crypto.randomUUID(),
      }),
    };
  };
}
