import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { NoAnswerInTime } from "../../adapters/d1/deadline.ts";
import { booker, calendarOf, given, midnightIn } from "./support/booker.ts";
import { d1WithBatch, giveD1, notificationsAbout, rowsOf } from "./support/history.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { alarmOf, inStorage, live, ring, stoppedClock } from "./support/time.ts";

const MINUTE_MS = 60_000;

afterEach(async () => {
  vi.mocked(Date.now).mockRestore?.();
  vi.useRealTimers();
  await env.DB.exec("DROP TRIGGER IF EXISTS poison");
});

const outboxOf = (hostDid: string) => env.HOST_CALENDAR.getByName(hostDid).readOutbox();

describe("a D1 that refuses everything for a minute", () => {
  it("gets it all afterwards, once each, and is asked less and less often meanwhile", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const back = clock.now + MINUTE_MS;
    let refused = 0;
    await giveD1(
      host.did,
      d1WithBatch(async () => {
        refused += Number(clock.now < back);
        if (clock.now < back) throw new Error("D1_ERROR: overloaded");
      }),
    );
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await live(host.did, clock, MINUTE_MS - 1);
    expect(await rowsOf(host.did)).toEqual([]);
    // After 0.1, 1, 2, 4 … seconds, each up to a quarter longer: a batch, and the question whether D1 is there.
    expect(refused).toBeGreaterThanOrEqual(5 * 2);
    expect(refused).toBeLessThanOrEqual(7 * 2);
    await live(host.did, clock, 3 * MINUTE_MS);
    expect(await rowsOf(host.did)).toMatchObject([{ status: "confirmed", sequence: 0 }]);
    expect(await notificationsAbout(host.did)).toHaveLength(1);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });

  it("is not woken by every new booking before its time", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    await giveD1(
      host.did,
      d1WithBatch(() => Promise.reject(new Error("D1_ERROR: overloaded"))),
    );
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await live(host.did, clock, 20_000);
    const next = await alarmOf(host.did);
    given(await booker(host.did, "ben").asksFor(midnightIn(3)));
    expect(await alarmOf(host.did)).toBe(next);
    expect(next).toBeGreaterThan(clock.now + 1_000);
  });
});

describe("a D1 that does not answer", () => {
  it("is waited for ten seconds and not for ever, and parks nothing", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const asked = Promise.withResolvers<void>();
    await giveD1(
      host.did,
      d1WithBatch(() => {
        asked.resolve();
        return new Promise<void>(() => undefined);
      }),
    );
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    clock.moveBy(1_000);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const hasEnded = vi.fn();
    await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), async (instance) => {
      const alarm = instance.alarm().then(hasEnded);
      await asked.promise;
      await vi.advanceTimersByTimeAsync(10_000); // The batch.
      expect(hasEnded).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(10_000); // Whether anybody is there.
      await alarm;
    });
    vi.useRealTimers();
    expect(await outboxOf(host.did)).toMatchObject({
      waiting: 2,
      parked: 0,
      relay: { attempts: 1 },
      effects: [{ attempts: 0 }, { attempts: 0 }],
    });
    await giveD1(host.did, env.DB);
    await live(host.did, clock, MINUTE_MS);
    expect(await rowsOf(host.did)).toHaveLength(1);
  });

  it("may do late what it was asked for, without undoing what came after", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const { uid } = given(await ann.asksFor(midnightIn(2)));
    const late: D1PreparedStatement[] = [];
    await giveD1(
      host.did,
      d1WithBatch(async (statements) => {
        late.push(...statements);
        throw new NoAnswerInTime();
      }),
    );
    await live(host.did, clock, 1_000);
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: ann.did }));
    await giveD1(host.did, env.DB);
    await live(host.did, clock, MINUTE_MS);
    await env.DB.batch(late.slice(0, 2));
    expect(await rowsOf(host.did)).toMatchObject([{ status: "cancelled", sequence: 1 }]);
    const told = await notificationsAbout(host.did);
    expect(told).toHaveLength(2);
    expect(new Set(told).size).toBe(2);
  });
});

describe("an effect that D1 refuses for ever", () => {
  const POISON =
    "CREATE TRIGGER poison BEFORE INSERT ON bookings WHEN NEW.booker_handle = 'poison.test' BEGIN SELECT RAISE(ABORT, 'no'); END";

  it("is parked by itself, while others go on and those of its own booking wait in order", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    await env.DB.exec(POISON);
    const poison = booker(host.did, "poison");
    const { uid } = given(await poison.asksFor(midnightIn(2)));
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: poison.did }));
    await live(host.did, clock, 1_000);
    given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    // Not even the back-off of the refused one is waited for.
    await live(host.did, clock, 200);
    expect((await rowsOf(host.did)).map((row) => row.booker_handle)).toEqual(["ann.test"]);
    const { effects } = await outboxOf(host.did);
    expect(effects.map(({ id }) => id.replace(uid, ""))).toEqual([
      "/0/history",
      "/0/booking.confirmed/host",
      "/1/history",
      "/1/booking.cancelled/host",
    ]);
    expect(effects.slice(1).every(({ attempts }) => attempts === 0)).toBe(true);
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await outboxOf(host.did)).toMatchObject({
      waiting: 0,
      parked: 2,
      effects: [
        { id: `${uid}/0/history`, attempts: 8, lastError: "SQLITE_CONSTRAINT" },
        { id: `${uid}/1/history`, attempts: 8 },
      ],
    });
  });

  it("is refused eight times before it is parked, over more than two minutes", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    await env.DB.exec(POISON);
    given(await booker(host.did, "poison").asksFor(midnightIn(2)));
    await live(host.did, clock, 2 * MINUTE_MS);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 2, parked: 0 });
    await live(host.did, clock, 2 * MINUTE_MS);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 1 });
  });

  it("comes back in its order when the operator says so, and arrives when D1 takes it", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    await env.DB.exec(POISON);
    const poison = booker(host.did, "poison");
    const { uid } = given(await poison.asksFor(midnightIn(2)));
    await live(host.did, clock, 20 * MINUTE_MS);
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: poison.did }));
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await env.HOST_CALENDAR.getByName(host.did).retryParked()).toBe(2);
    expect((await outboxOf(host.did)).effects).toMatchObject([
      { id: `${uid}/0/history`, attempts: 0 },
      { id: `${uid}/1/history`, attempts: 0 },
    ]);
    await env.DB.exec("DROP TRIGGER poison");
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toMatchObject([{ id: uid, status: "cancelled", sequence: 1 }]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });
});

it("a reconciliation that D1 does not answer leaves everything as it is and comes again", async () => {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  given(await booker(host.did, "ann").asksFor(midnightIn(2)));
  await live(host.did, clock, 1_000);
  await env.DB.exec("ALTER TABLE bookings RENAME TO bookings_away");
  await inStorage(host.did, ({ sql }) => sql.exec("UPDATE timers SET due_at = 0 WHERE kind = 'reconcile'"));
  await ring(host.did);
  await env.DB.exec("ALTER TABLE bookings_away RENAME TO bookings");
  expect(
    await inStorage(host.did, ({ sql }) =>
      sql.exec("SELECT attempts FROM timers WHERE kind = 'reconcile'").one(),
    ),
  ).toEqual({ attempts: 1 });
  await live(host.did, clock, 5_000);
  expect(
    await inStorage(host.did, ({ sql }) =>
      sql.exec("SELECT attempts FROM timers WHERE kind = 'reconcile'").one(),
    ),
  ).toEqual({ attempts: 0 });
});
