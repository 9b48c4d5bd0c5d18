import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { NoAnswerInTime } from "../../adapters/d1/deadline.ts";
import { applySchema } from "../../durable-objects/host-calendar-schema.ts";
import { ChannelClosed, RefusedForGood, relayOutbox } from "../../durable-objects/outbox.ts";
import { nextRelayAt, owe, unparkAll } from "../../durable-objects/outbox-store.ts";
import { Desk } from "../../durable-objects/desk.ts";
import type { Effect } from "../../scheduling/effect.ts";

const HOUR_MS = 3_600_000;

function link(id: string): Effect {
  return {
    id,
    kind: "ask-address",
    asked: { did: "did:plc:x", handle: "x.test", address: `${id}@example.com` },
  };
}

/** A channel of mail on which these wait since 0, and what becomes of each is said by `answer`. */
async function mailOwed(
  ids: readonly string[],
  work: (
    relay: (now: number, answer: (id: string) => Error | undefined) => Promise<unknown>,
    sql: SqlStorage,
    desk: Desk,
  ) => Promise<void>,
): Promise<void> {
  const stub = env.HOST_CALENDAR.getByName(`did:plc:${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_, { storage }) => {
    const { sql } = storage;
    applySchema(sql);
    owe(sql, ids.map(link), 0);
    const relay = async (now: number, answer: (id: string) => Error | undefined) =>
      relayOutbox(
        sql,
        "mail",
        {
          deliver: async ([effect]) => {
            const error = answer(effect?.id ?? "");
            if (error) throw error;
          },
          isReachable: async () => true,
        },
        now,
      );
    await work(relay, sql, new Desk(storage, () => env));
  });
}

const parked = (sql: SqlStorage) =>
  sql
    .exec<{ effect_id: string; last_error: string }>(
      "SELECT effect_id, last_error FROM outbox WHERE parked_at IS NOT NULL",
    )
    .toArray();
const waiting = (sql: SqlStorage) =>
  sql
    .exec<{ id: string }>("SELECT effect_id AS id FROM outbox WHERE parked_at IS NULL ORDER BY seq")
    .toArray()
    .map(({ id }) => id);

describe("a channel of its own", () => {
  it("parks at once what was refused for good, and goes on", async () => {
    await mailOwed(["a", "b"], async (relay, sql, desk) => {
      const report = await relay(0, (id) => (id === "a" ? new RefusedForGood("No good") : undefined));
      expect(report).toMatchObject({ delivered: 1, parked: 1, isOutage: false });
      expect(parked(sql)).toEqual([{ effect_id: "a", last_error: "No good" }]);
      expect(unparkAll(desk, 1)).toBe(1);
      expect(waiting(sql)).toEqual(["a"]);
      expect(desk.timers.state("send-mail")?.dueAt).toBe(1);
    });
  });

  it("stops at once where nothing is taken, says why, and counts it against nobody", async () => {
    await mailOwed(["a", "b", "c"], async (relay, sql) => {
      let asked = 0;
      const report = await relay(0, () => {
        asked += 1;
        return new ChannelClosed("Closed", 90_000);
      });
      expect(report).toMatchObject({ delivered: 0, failed: 3, isOutage: true, retryAfterMs: 90_000 });
      expect(asked).toBe(1);
      expect(sql.exec("SELECT max(attempts) AS most, max(last_error) AS why FROM outbox").one()).toEqual({
        most: 0,
        why: "Closed",
      });
      // However long it takes: an operator who mends it a week later loses no mail.
      await relay(7 * 24 * HOUR_MS, () => new ChannelClosed("Closed"));
      expect(parked(sql)).toEqual([]);
    });
  });

  it("lets one that gets no answer wait by itself, and gives it up after a day", async () => {
    await mailOwed(["a", "b"], async (relay, sql) => {
      const silent = (id: string) => (id === "a" ? new NoAnswerInTime() : undefined);
      expect(await relay(0, silent)).toMatchObject({ delivered: 1, failed: 1, isOutage: false });
      let tries = 1;
      for (
        let now = nextRelayAt(sql, "mail", 0);
        now !== undefined && now < 24 * HOUR_MS;
        now = nextRelayAt(sql, "mail", now)
      ) {
        await relay(now, silent);
        tries += 1;
      }
      expect(parked(sql)).toEqual([]);
      // Five seconds, doubling up to an hour, for a day.
      expect(tries).toBeGreaterThan(25);
      expect(tries).toBeLessThan(40);
      await relay(26 * HOUR_MS, silent);
      expect(parked(sql)).toEqual([{ effect_id: "a", last_error: "NoAnswerInTime" }]);
    });
  });

  it("is left alone for a while after three that got no answer", async () => {
    await mailOwed(["a", "b", "c", "d", "e"], async (relay) => {
      let asked = 0;
      const report = await relay(0, () => {
        asked += 1;
        return new NoAnswerInTime();
      });
      expect(report).toMatchObject({ isOutage: true, failed: 5 });
      expect(asked).toBe(3);
    });
  });
});
