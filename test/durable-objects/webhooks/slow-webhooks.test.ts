import { afterEach, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn } from "../support/booker.ts";
import { d1WithBatch, giveD1 } from "../support/history.ts";
import { hostOnTheNetwork, serverOnTheNetwork } from "../support/host-on-the-network.ts";
import { live, stoppedClock } from "../support/time.ts";

const SLOT_MS = 30 * 60_000;
/** As long as a call may take. */
const CALL_MS = 15_000;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

it("programs that never answer hold up D1 for the time of one call, also when more waits for them than is called at once", async () => {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  let calls = 0;
  const { origin } = serverOnTheNetwork(async () => {
    calls += 1;
    const begun = clock.now;
    // Those that are called at once run out of time at once.
    await scheduler.wait(20);
    clock.moveTo(Math.max(clock.now, begun + CALL_MS));
    throw new TypeError("it hung up");
  });
  for (const path of ["a", "b"]) given(await calendarOf(host.did).addWebhook(`${origin}/${path}`));
  const began = clock.now;
  const relayedAfterMs: number[] = [];
  await giveD1(
    host.did,
    d1WithBatch(async () => void relayedAfterMs.push(clock.now - began)),
  );
  for (let slot = 0; slot < 8; slot += 1) {
    given(await booker(host.did, "ann").asksFor(midnightIn(2) + slot * SLOT_MS));
  }
  await live(host.did, clock, CALL_MS);
  expect(calls).toBeLessThan(16);
  expect(relayedAfterMs).toEqual([CALL_MS]);
  await live(host.did, clock, 4 * CALL_MS);
  expect(calls).toBeGreaterThanOrEqual(16);
});
