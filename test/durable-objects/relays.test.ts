import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { NoAnswerInTime } from "../../adapters/d1/deadline.ts";
import { applySchema } from "../../durable-objects/host-calendar-schema.ts";
import { relayOutbox } from "../../durable-objects/outbox.ts";
import { owe } from "../../durable-objects/outbox-store.ts";
import type { Effect } from "../../scheduling/effect.ts";

describe("a relay", () => {
  const effectOf = (id: string, uid: string): Effect => ({
    id,
    kind: "notify",
    notification: {
      id,
      recipientDid: "did:plc:x",
      kind: "booking.requested",
      bookingUid: uid,
      otherHandle: "x.test",
      meetingTitle: "x",
      start: 0,
      createdAt: 0,
    },
  });

  it("counts it against no effect when D1 goes away in the middle", async () => {
    const stub = env.HOST_CALENDAR.getByName(`did:plc:${crypto.randomUUID()}`);
    await runInDurableObject(stub, async (_, { storage: { sql } }) => {
      applySchema(sql);
      owe(
        sql,
        ["a", "b", "c"].map((id) => effectOf(id, id)),
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
      expect(await relayOutbox(sql, outside, 0)).toEqual({
        delivered: 1,
        failed: 2,
        parked: 0,
        isOutage: true,
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
        ["a", "b", "c", "d", "e"].map((id) => effectOf(id, id)),
        0,
      );
      const deliver = vi.fn(() => Promise.reject(new NoAnswerInTime()));
      const report = await relayOutbox(sql, { deliver, isReachable: async () => true }, 0);
      expect(report).toEqual({ delivered: 0, failed: 5, parked: 0, isOutage: true });
      expect(deliver).toHaveBeenCalledTimes(1 + 3);
      expect(sql.exec("SELECT max(attempts) AS most FROM outbox").one()).toEqual({ most: 0 });
    });
  });
});
