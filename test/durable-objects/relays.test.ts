import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { NoAnswerInTime } from "../../adapters/d1/deadline.ts";
import { applySchema } from "../../durable-objects/host-calendar-schema.ts";
import { relayOutbox } from "../../durable-objects/outbox.ts";
import { owe } from "../../durable-objects/outbox-store.ts";
import { effect } from "./support/effect.ts";
import { booker, given, midnightIn } from "./support/booker.ts";
import { d1WithBatch, giveD1, rowsOf } from "./support/history.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { alarmOf, live, stoppedClock } from "./support/time.ts";

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

describe("a relay", () => {
  it("counts it against no effect when D1 goes away in the middle", async () => {
    const stub = env.HOST_CALENDAR.getByName(`did:plc:${crypto.randomUUID()}`);
    await runInDurableObject(stub, async (_, { storage: { sql } }) => {
      applySchema(sql);
      owe(
        sql,
        ["a", "b", "c"].map((id) => effect(id, id)),
        0,
      );
      let deliveries = 0;
      const outside = {
        // The batch and then all that come after the first one are refused.
        deliver: async () => {
          deliveries += 1;
          if (deliveries !== 2) throw new Error("refused");
        },
        isReachable: async () => deliveries < 3,
      };
      expect(await relayOutbox(sql, "d1", outside, 0)).toEqual({
        delivered: 1,
        failed: 2,
        parked: 0,
        isOutage: true,
        isFull: false,
      });
      expect(sql.exec("SELECT effect_id, attempts FROM outbox").toArray()).toEqual([
        { effect_id: "b", attempts: 0 },
        { effect_id: "c", attempts: 0 },
      ]);
    });
  });

  it("gives up for now after three deliveries without an answer", async () => {
    const stub = env.HOST_CALENDAR.getByName(`did:plc:${crypto.randomUUID()}`);
    await runInDurableObject(stub, async (_, { storage: { sql } }) => {
      applySchema(sql);
      owe(
        sql,
        ["a", "b", "c", "d", "e"].map((id) => effect(id, id)),
        0,
      );
      const deliver = vi.fn(() => Promise.reject(new NoAnswerInTime()));
      const report = await relayOutbox(sql, "d1", { deliver, isReachable: async () => true }, 0);
      expect(report).toEqual({ delivered: 0, failed: 5, parked: 0, isOutage: true, isFull: false });
      expect(deliver).toHaveBeenCalledTimes(1 + 3);
      expect(sql.exec("SELECT max(attempts) AS most FROM outbox").one()).toEqual({ most: 0 });
    });
  });
});

describe("what is owed", () => {
  it("goes to D1 a tenth of a second after a host's first decision, and twice a second in a rush", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    let batches = 0;
    await giveD1(
      host.did,
      d1WithBatch(async () => {
        batches += 1;
      }),
    );
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await live(host.did, clock, 100);
    expect([batches, (await rowsOf(host.did)).length]).toEqual([1, 1]);
    const began = clock.now;
    for (let slot = 1; slot <= 40; slot += 1) {
      given(await booker(host.did, "ann").asksFor(midnightIn(2) + slot * 30 * 60_000));
      await live(host.did, clock, 50);
    }
    expect(clock.now - began).toBe(2_000);
    expect(batches).toBe(1 + 4);
    await live(host.did, clock, 500);
    expect((await rowsOf(host.did)).length).toBe(41);
    await live(host.did, clock, 10_000);
    given(await booker(host.did, "ben").asksFor(midnightIn(4)));
    expect(await alarmOf(host.did)).toBe(clock.now + 100);
  });

  it("goes in full batches, one after the other, where there is more than one", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const sizes: number[] = [];
    await giveD1(
      host.did,
      d1WithBatch(async (statements) => void sizes.push(statements.length)),
    );
    for (let slot = 0; slot < 120; slot += 1) {
      given(await booker(host.did, "ann").asksFor(midnightIn(2) + slot * 30 * 60_000));
    }
    const rings = await live(host.did, clock, 100);
    expect([rings, sizes.length, (await rowsOf(host.did)).length]).toEqual([3, 3, 120]);
  });
});
