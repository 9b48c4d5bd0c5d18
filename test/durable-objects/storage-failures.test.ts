import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { booker, calendarOf, midnightIn, outcome } from "./support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";

async function inStorage<Value>(
  host: HostOnTheNetwork,
  work: (storage: DurableObjectStorage) => Value | Promise<Value>,
): Promise<Value> {
  return runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => work(storage));
}

const counts = (host: HostOnTheNetwork) =>
  inStorage(host, ({ sql }) =>
    sql
      .exec(
        "SELECT (SELECT count(*) FROM bookings) AS bookings, (SELECT count(*) FROM answers) AS answers, (SELECT count(*) FROM outbox) AS owed, (SELECT count(*) FROM timers) AS timers",
      )
      .one(),
  );

describe("a storage that fails in the middle of a decision", () => {
  it.each(["bookings", "outbox", "timers", "answers"])(
    "at %s leaves nothing behind, and the same request is decided afterwards and relayed",
    async (table) => {
      const host = hostOnTheNetwork();
      host.setMeetingType("intro", { approval: "manual" });
      await calendarOf(host.did).getHost();
      await inStorage(host, ({ sql }) =>
        sql.exec(`CREATE TRIGGER fails BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk'); END`),
      );
      const start = midnightIn(2);
      const asked = {
        callerDid: "did:plc:ann",
        requestId: "request-1",
        fingerprint: "the same",
        booker: { did: "did:plc:ann", handle: "ann.test" },
        meetingTypeRkey: "intro",
        start,
      };
      // Caught inside: an exception that leaves an object counts as a failure of the test run.
      const failure = await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (calendar) =>
        calendar.requestBooking(asked).catch((error: Error) => error.message),
      );
      expect(failure).toContain("disk");
      expect(await counts(host)).toEqual({ bookings: 0, answers: 0, owed: 0, timers: 0 });
      await inStorage(host, ({ sql }) => sql.exec("DROP TRIGGER fails"));

      expect(outcome(await calendarOf(host.did).requestBooking(asked))).toBe("pending");
      expect(await counts(host)).toEqual({ bookings: 1, answers: 1, owed: 2, timers: 4 });
      // What the failed try had remembered of timers and alarm was forgotten with it.
      expect(await inStorage(host, (storage) => storage.getAlarm())).not.toBeNull();
    },
  );
});

describe("an alarm that was lost", () => {
  it("is set again when the object next wakes", async () => {
    const host = hostOnTheNetwork();
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(2)))).toBe("confirmed");
    // Far enough away that it does not ring before this test has looked.
    const dueAt = Date.now() + 2 * 60_000;
    await inStorage(host, async (storage) => {
      storage.sql.exec("UPDATE timers SET due_at = ?", dueAt);
      await storage.deleteAlarm();
    });
    await abortAllDurableObjects();
    expect(await inStorage(host, (storage) => storage.getAlarm())).toBe(dueAt);
  });
});
