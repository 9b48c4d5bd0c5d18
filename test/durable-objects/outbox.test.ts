import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applySchema } from "../../durable-objects/host-calendar-schema.ts";
import { relayOutbox } from "../../durable-objects/outbox.ts";
import { owe } from "../../durable-objects/outbox-store.ts";
import type { Booking } from "../../scheduling/booking.ts";
import type { Effect } from "../../scheduling/effect.ts";
import { effect } from "./support/effect.ts";
import { booker, calendarOf, midnightIn } from "./support/booker.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";

async function rowsOf(hostDid: string) {
  const { results } = await env.DB.prepare(
    "SELECT id, sequence, status, booker_handle FROM bookings WHERE host_did = ? ORDER BY start_time",
  )
    .bind(hostDid)
    .all<{ id: string; sequence: number; status: string; booker_handle: string }>();
  return results;
}

async function notificationsOf(did: string) {
  const { results } = await env.DB.prepare("SELECT kind FROM notifications WHERE recipient_did = ?")
    .bind(did)
    .all<{ kind: string }>();
  return results.map((row) => row.kind);
}

function booked(answer: { ok: boolean }): Booking {
  if ("value" in answer && answer.ok) {
    return answer.value as Booking;
  }
  throw new Error(JSON.stringify(answer));
}

describe("what a decision owes", () => {
  afterEach(async () => {
    await env.DB.exec("DROP TRIGGER IF EXISTS poison");
  });

  it("reaches the history and the other person, each once", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { approval: "manual" });
    const ann = booker(host.did, `ann${host.did.slice(8)}`);
    const { uid } = booked(await ann.asksFor(midnightIn(2)));
    await relay(host.did);
    await calendarOf(host.did).confirmBooking({ uid, callerDid: host.did });
    await relay(host.did);
    expect(await rowsOf(host.did)).toMatchObject([{ id: uid, sequence: 1, status: "confirmed" }]);
    expect(await notificationsOf(host.did)).toEqual(["booking.requested"]);
    expect(await notificationsOf(ann.did)).toEqual(["booking.confirmed"]);
  });

  it("waits while D1 is away, and is delivered when it is back, also after a crash", async () => {
    const host = hostOnTheNetwork();
    await env.DB.exec("ALTER TABLE bookings RENAME TO bookings_away");
    booked(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await relay(host.did);
    expect(await calendarWaiting(host.did)).toBeGreaterThan(0);
    await abortAllDurableObjects();
    await env.DB.exec("ALTER TABLE bookings_away RENAME TO bookings");
    await relay(host.did);
    expect(await rowsOf(host.did)).toHaveLength(1);
    expect(await calendarWaiting(host.did)).toBe(0);
  });

  it.each([
    ["table", "ALTER TABLE bookings RENAME TO bookings_away", "ALTER TABLE bookings_away RENAME TO bookings"],
    [
      "column",
      "ALTER TABLE notifications RENAME COLUMN meeting_title TO title_away",
      "ALTER TABLE notifications RENAME COLUMN title_away TO meeting_title",
    ],
  ])(
    "waits however long D1 lacks a %s, as when new code runs before its migration",
    async (_what, away, back) => {
      const host = hostOnTheNetwork();
      await env.DB.exec(away);
      booked(await booker(host.did, "ann").asksFor(midnightIn(2)));
      for (let round = 0; round < 20; round += 1) {
        await relay(host.did);
      }
      await env.DB.exec(back);
      expect(await env.HOST_CALENDAR.getByName(host.did).readOutbox()).toMatchObject({ parked: 0 });
      await relay(host.did);
      expect(await rowsOf(host.did)).toHaveLength(1);
      expect(await notificationsOf(host.did)).toEqual(["booking.confirmed"]);
    },
  );

  it("is parked when D1 refuses it for ever, and holds up nobody else's", async () => {
    const host = hostOnTheNetwork();
    await env.DB.exec(
      "CREATE TRIGGER poison BEFORE INSERT ON bookings WHEN NEW.booker_handle = 'poison.test' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    booked(await booker(host.did, "poison").asksFor(midnightIn(2)));
    booked(await booker(host.did, "ann").asksFor(midnightIn(3)));
    for (let round = 0; round < 8; round += 1) {
      await relay(host.did);
    }
    expect((await rowsOf(host.did)).map((row) => row.booker_handle)).toEqual(["ann.test"]);
    expect(await env.HOST_CALENDAR.getByName(host.did).readOutbox()).toMatchObject({ waiting: 0, parked: 1 });
  });

  it("changes nothing when it is delivered twice or out of order", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const first = booked(await ann.asksFor(midnightIn(2)));
    await calendarOf(host.did).cancelBooking({ uid: first.uid, callerDid: ann.did });
    await relay(host.did);
    const late: Effect = { id: "late", kind: "project-booking", booking: first };
    await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
      owe(storage.sql, [late], 0);
      storage.sql.exec("INSERT INTO timers (kind, due_at) VALUES ('relay-outbox', 0)");
    });
    await relay(host.did);
    expect(await rowsOf(host.did)).toMatchObject([{ sequence: 1, status: "cancelled" }]);
    expect(await calendarWaiting(host.did)).toBe(0);
  });
});

describe("a relay", () => {
  it("counts an outage against no effect", async () => {
    await withOutbox(async (sql) => {
      owe(sql, [effect("one", "uid-1"), effect("two", "uid-2")], 0);
      const away = { deliver: vi.fn().mockRejectedValue(new Error("down")), isReachable: async () => false };
      for (let round = 0; round < 20; round += 1) {
        await relayOutbox(sql, "d1", away, 0);
      }
      expect(sql.exec("SELECT attempts, parked_at FROM outbox").toArray()).toEqual([
        { attempts: 0, parked_at: null },
        { attempts: 0, parked_at: null },
      ]);
    });
  });

  it("keeps the order of one booking: what follows a failed effect waits for it", async () => {
    await withOutbox(async (sql) => {
      owe(sql, [effect("bad", "uid-1"), effect("after", "uid-1"), effect("other", "uid-2")], 0);
      const delivered: string[] = [];
      const picky = {
        deliver: async (effects: readonly Effect[]) => {
          if (effects.some(({ id }) => id === "bad")) {
            throw new Error("refused");
          }
          delivered.push(...effects.map(({ id }) => id));
        },
        isReachable: async () => true,
      };
      expect(await relayOutbox(sql, "d1", picky, 0)).toEqual({
        delivered: 1,
        failed: 2,
        parked: 0,
        isOutage: false,
        isFull: false,
      });
      expect(delivered).toEqual(["other"]);
    });
  });
});

describe("a pending booking nobody answered", () => {
  it("is expired from its start on, before any alarm has rung, and cannot be confirmed", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { approval: "manual" });
    const ann = booker(host.did, "ann");
    const { uid, start } = booked(await ann.asksFor(midnightIn(2)));
    vi.spyOn(Date, "now").mockReturnValue(start);
    expect(await calendarOf(host.did).getBooking(uid, ann.did)).toMatchObject({
      value: { status: "expired" },
    });
    expect(await calendarOf(host.did).confirmBooking({ uid, callerDid: host.did })).toMatchObject({
      refusal: { code: "WrongStatus", status: "expired" },
    });
    await relay(host.did);
    vi.mocked(Date.now).mockRestore();
    expect(await rowsOf(host.did)).toMatchObject([{ status: "expired", sequence: 1 }]);
  });
});

async function calendarWaiting(hostDid: string): Promise<number> {
  return (await env.HOST_CALENDAR.getByName(hostDid).readOutbox()).waiting;
}

/** Time passes: whatever waited or backed off is due now, and the alarm rings. */
async function relay(hostDid: string): Promise<void> {
  const stub = env.HOST_CALENDAR.getByName(hostDid);
  await runInDurableObject(stub, async (_, { storage }) => {
    storage.sql.exec("UPDATE timers SET due_at = 0");
    storage.sql.exec("UPDATE outbox SET not_before = 0");
    await storage.setAlarm(Date.now() + 60_000);
  });
  await runDurableObjectAlarm(stub);
}

/** An empty outbox in a throwaway object. */
async function withOutbox(work: (sql: SqlStorage) => Promise<void>): Promise<void> {
  const stub = env.HOST_CALENDAR.getByName(`did:plc:${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_, { storage }) => {
    applySchema(storage.sql);
    await work(storage.sql);
  });
}
