import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import { bookingEffect } from "../../scheduling/effect.ts";
import { booker, calendarOf, given, midnightIn, outcome } from "./support/booker.ts";
import { d1WithBatch, giveD1, notificationsAbout, rowsOf } from "./support/history.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { alarmOf, inStorage, live, ring, stoppedClock } from "./support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

const exec = (host: HostOnTheNetwork, statement: string) =>
  inStorage(host.did, ({ sql }) => void sql.exec(statement));

/** What is in D1 of one booking that was confirmed at once, and of nothing else: its row, and a word to its host. */
async function arrivedOnce(host: HostOnTheNetwork, { uid }: Booking): Promise<void> {
  expect(await rowsOf(host.did)).toMatchObject([{ id: uid, sequence: 0, status: "confirmed" }]);
  expect(await notificationsAbout(host.did)).toEqual([`${uid}/0/booking.confirmed/host`]);
  expect(await env.HOST_CALENDAR.getByName(host.did).readOutbox()).toMatchObject({ waiting: 0, parked: 0 });
}

describe("an alarm whose own storage fails", () => {
  it.each([
    ["when the timer is done with", "BEFORE DELETE ON timers", "takes everything"],
    ["when the next try is written down", "BEFORE INSERT ON timers", "refuses everything"],
    ["when the delivered effects are forgotten", "BEFORE DELETE ON outbox", "takes everything"],
  ])(
    "%s throws nothing, blames no effect, and makes up for it by itself (%s, D1 %s)",
    async (_when, where, d1) => {
      const clock = stoppedClock();
      const host = hostOnTheNetwork();
      const booking = given(await booker(host.did, "ann").asksFor(midnightIn(3)));
      await exec(host, `CREATE TRIGGER fails ${where} BEGIN SELECT RAISE(ABORT, 'disk'); END`);
      if (d1 === "refuses everything") {
        await giveD1(
          host.did,
          d1WithBatch(() => Promise.reject(new Error("away"))),
        );
      }
      for (let round = 0; round < 12; round += 1) {
        clock.moveBy(MINUTE_MS);
        await ring(host.did);
        expect(((await alarmOf(host.did)) ?? Infinity) - clock.now).toBeLessThanOrEqual(6 * MINUTE_MS);
      }
      expect((await env.HOST_CALENDAR.getByName(host.did).readOutbox()).parked).toBe(0);
      await exec(host, "DROP TRIGGER fails");
      await giveD1(host.did, env.DB);
      await live(host.did, clock, 7 * MINUTE_MS);
      await arrivedOnce(host, booking);
    },
  );

  it("does not ring without pause while it cannot write down when to ring again", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    await exec(host, "CREATE TRIGGER fails BEFORE INSERT ON timers BEGIN SELECT RAISE(ABORT, 'disk'); END");
    await exec(
      host,
      "CREATE TRIGGER fails_too BEFORE DELETE ON timers BEGIN SELECT RAISE(ABORT, 'disk'); END",
    );
    expect(await live(host.did, clock, 10 * MINUTE_MS)).toBeLessThanOrEqual(21);
  });
});

it("a transaction that was rolled back does not put off what others wait for", async () => {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  given(await booker(host.did, "ann").asksFor(midnightIn(2)));
  await exec(host, "CREATE TRIGGER fails BEFORE INSERT ON answers BEGIN SELECT RAISE(ABORT, 'disk'); END");
  // Caught inside: an exception that leaves an object counts as a failure of the test run.
  const asked = {
    callerDid: "did:plc:ben",
    requestId: "request-1",
    fingerprint: "the same",
    booker: { did: "did:plc:ben", handle: "ben.test" },
    meetingTypeRkey: "intro",
    start: midnightIn(3),
  };
  await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (calendar) =>
    calendar.requestBooking(asked).catch(() => undefined),
  );
  await exec(host, "DROP TRIGGER fails");
  given(await booker(host.did, "ben").holds(midnightIn(4)));
  expect(await alarmOf(host.did)).toBeLessThanOrEqual(clock.now + 100);
});

describe("a clock", () => {
  it("that stands still holds nothing up", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const booking = given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    for (let rings = 0; rings < 3; rings += 1) await ring(host.did);
    expect(await rowsOf(host.did)).toEqual([]);
    clock.moveBy(100);
    await ring(host.did);
    await arrivedOnce(host, booking);
  });

  it.each([
    ["forward", 7 * HOUR_MS, -7 * HOUR_MS],
    ["back", -7 * HOUR_MS, 7 * HOUR_MS],
  ])("that jumps %s by hours and returns loses nothing and doubles nothing", async (_where, away, home) => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const [ann, ben] = [booker(host.did, "ann"), booker(host.did, "ben")];
    const [early, late] = [midnightIn(3), midnightIn(4)];
    const first = given(await ann.asksFor(early));
    clock.moveBy(away);
    const second = given(await ben.asksFor(late));
    given(await calendarOf(host.did).cancelBooking({ uid: first.uid, callerDid: ann.did }));
    clock.moveBy(home);
    // The object wakes for whatever reason.
    await abortAllDurableObjects();
    await calendarOf(host.did).readPolicy();
    expect(await alarmOf(host.did)).toBeLessThanOrEqual(clock.now + 1_000);
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toMatchObject([
      { id: first.uid, sequence: 1, status: "cancelled" },
      { id: second.uid, sequence: 0, status: "confirmed" },
    ]);
    const told = await notificationsAbout(host.did);
    expect(told).toHaveLength(3);
    expect(new Set(told).size).toBe(3);
    expect(outcome(await ben.asksFor(early))).toBe("confirmed");
    expect(outcome(await ann.asksFor(late))).toBe("SlotTaken");
  });

  it("that was hours ahead while D1 was away does not make it wait for hours afterwards", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const booking = given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    await env.DB.exec("ALTER TABLE bookings RENAME TO bookings_away");
    clock.moveBy(5 * HOUR_MS);
    await ring(host.did);
    await ring(host.did);
    await env.DB.exec("ALTER TABLE bookings_away RENAME TO bookings");
    clock.moveBy(-5 * HOUR_MS);
    given(await booker(host.did, "ben").holds(midnightIn(4)));
    given(await calendarOf(host.did).getBooking(booking.uid, host.did));
    await ring(host.did);
    await live(host.did, clock, 1_000);
    await arrivedOnce(host, booking);
  });
});

describe("a deploy in the middle", () => {
  /** As step 3 of the schema left an object. */
  async function asTheVersionBefore(host: HostOnTheNetwork): Promise<void> {
    await inStorage(host.did, ({ sql }) => {
      for (const column of ["owed_at", "last_error", "not_before"]) {
        sql.exec(`ALTER TABLE outbox DROP COLUMN ${column}`);
      }
      sql.exec("DELETE FROM timers WHERE kind = 'reconcile'");
      sql.exec("DELETE FROM schema_steps WHERE id = 4");
    });
  }

  it("delivers what the version before owed, and rings for what it was to ring for", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const booking = given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    await asTheVersionBefore(host);
    await abortAllDurableObjects();
    await live(host.did, clock, 1_000);
    await arrivedOnce(host, booking);
    const kinds = await inStorage(host.did, ({ sql }) =>
      sql
        .exec("SELECT kind FROM timers ORDER BY kind")
        .toArray()
        .map(({ kind }) => kind),
    );
    expect(kinds).toEqual(["forget-answers", "reconcile", "remind"]);
  });

  it("takes what the version before writes into the tables of this one", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const booking = given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    await live(host.did, clock, 1_000);
    const { id, ...later } = bookingEffect({ ...booking, sequence: 1, status: "cancelled" });
    await inStorage(host.did, ({ sql }) => {
      sql.exec(
        "INSERT INTO outbox (effect_id, booking_uid, effect_json) VALUES (?, ?, ?)",
        id,
        booking.uid,
        JSON.stringify({ id, ...later }),
      );
      sql.exec("INSERT INTO timers (kind, due_at) VALUES ('relay-outbox', ?)", clock.now);
    });
    await abortAllDurableObjects();
    expect((await env.HOST_CALENDAR.getByName(host.did).readOutbox()).effects).toEqual([
      { id, kind: "project-booking", attempts: 0 },
    ]);
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toMatchObject([{ sequence: 1, status: "cancelled" }]);
  });

  it("lets a timer sleep that only a later version knows, instead of ringing for it without end", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    await exec(host, "INSERT INTO timers (kind, due_at) VALUES ('of-a-later-version', 0)");
    await abortAllDurableObjects();
    expect(await live(host.did, clock, HOUR_MS)).toBe(1);
    expect(
      await inStorage(host.did, ({ sql }) =>
        sql.exec("SELECT due_at FROM timers WHERE kind = 'of-a-later-version'").one(),
      ),
    ).toEqual({ due_at: 0 });
  });
});
