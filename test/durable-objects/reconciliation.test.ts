import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn } from "./support/booker.ts";
import { d1WithHeldAnswers, giveD1, rowsOf } from "./support/history.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { alarmOf, type Clock, inStorage, live, ring, stoppedClock } from "./support/time.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let clock: Clock;
let host: HostOnTheNetwork;

beforeEach(() => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
});

afterEach(async () => {
  vi.mocked(Date.now).mockRestore?.();
  vi.restoreAllMocks();
  await env.DB.exec("DROP TRIGGER IF EXISTS poison");
});

const authority = () => env.HOST_CALENDAR.getByName(host.did);

/** So many bookings, each in D1. */
async function booked(count: number): Promise<Booking[]> {
  const bookings: Booking[] = [];
  for (let index = 0; index < count; index += 1) {
    bookings.push(given(await booker(host.did, `b${index}`).asksFor(midnightIn(2 + index))));
  }
  await live(host.did, clock, 1_000);
  expect(await rowsOf(host.did)).toHaveLength(count);
  return bookings;
}

async function d1(statement: string, ...values: (string | number)[]): Promise<void> {
  await env.DB.prepare(statement)
    .bind(...values)
    .run();
}

/** Everything that was ever decided, and everything that decides. */
const decisions = () =>
  inStorage(host.did, ({ sql }) =>
    ["bookings", "log", "answers", "holds", "blocked", "policy"].map((table) =>
      sql.exec(`SELECT * FROM ${table} ORDER BY 1`).toArray(),
    ),
  );

describe("the reconciliation with D1", () => {
  it("comes a day to thirty hours after a host's first decision, and about every day from then on", async () => {
    const began = clock.now;
    await booked(1);
    await live(host.did, clock, 26 * HOUR_MS);
    const dueAt = async () =>
      inStorage(
        host.did,
        ({ sql }) =>
          sql.exec<{ due_at: number }>("SELECT due_at FROM timers WHERE kind = 'reconcile'").one().due_at,
      );
    const first = await dueAt();
    expect(first - began).toBeGreaterThanOrEqual(DAY_MS);
    await live(host.did, clock, 3 * DAY_MS);
    const next = await dueAt();
    expect(next).toBeGreaterThan(clock.now);
    expect(next - clock.now).toBeLessThanOrEqual(30 * HOUR_MS);
    expect(await alarmOf(host.did)).toBe(next);
  });

  it("is not due for a host about whom nothing was ever decided", async () => {
    await calendarOf(host.did).getHost();
    await abortAllDurableObjects();
    expect(await alarmOf(host.did)).toBe(null);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 0, unexplained: 0 });
  });

  it.each([
    ["is missing", "DELETE FROM bookings WHERE id = ?"],
    ["is of an earlier change", "UPDATE bookings SET sequence = 0, status = 'pending' WHERE id = ?"],
    ["has another status at the same change", "UPDATE bookings SET status = 'cancelled' WHERE id = ?"],
    ["has another time", "UPDATE bookings SET start_time = start_time + 60000 WHERE id = ?"],
    ["is said to be another host's", "UPDATE bookings SET host_did = 'did:plc:other' WHERE id = ?"],
    ["holds what is no JSON", "UPDATE bookings SET location_json = '{' WHERE id = ?"],
  ])("mends a row that %s, and says in one line how many it mended", async (_what, damage) => {
    host.setMeetingType("intro", { approval: "manual" });
    const [one, other] = await booked(2);
    given(await calendarOf(host.did).confirmBooking({ uid: one?.uid ?? "", callerDid: host.did }));
    await live(host.did, clock, 1_000);
    const before = await decisions();
    const right = await rowsOf(host.did);
    await d1(damage, one?.uid ?? "");
    const log = vi.spyOn(console, "log");
    await inStorage(host.did, ({ sql }) => sql.exec("UPDATE timers SET due_at = 0 WHERE kind = 'reconcile'"));
    await ring(host.did);
    expect(log.mock.calls).toHaveLength(1);
    expect(JSON.stringify(log.mock.calls)).toContain(String.raw`\"checked\":2,\"mended\":1`);
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toEqual(right);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 2, mended: 0, unexplained: 0 });
    expect(await decisions()).toEqual(before);
    expect(other?.status).toBe("pending");
  });

  it("finds nothing to mend, right after a booking was made, moved, confirmed and called off", async () => {
    host.setMeetingType("intro", {
      approval: "manual",
      location: { $type: "x", uri: "https://meet.example/a" },
    });
    const ann = booker(host.did, "ann");
    const { uid } = given(await ann.asksFor(midnightIn(2), { note: 'a "note"\n\u0000 \u{1F4C5}' }));
    const steps = [
      () => ann.movesTo(uid, midnightIn(3)),
      () => calendarOf(host.did).confirmBooking({ uid, callerDid: host.did }),
      () => calendarOf(host.did).cancelBooking({ uid, callerDid: ann.did, reason: "ill" }),
    ];
    for (const step of steps) {
      await live(host.did, clock, 1_000);
      expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, mended: 0, unexplained: 0 });
      given(await step());
    }
  });

  it("leaves to the outbox what is still under way", async () => {
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 0, mended: 0, unexplained: 0 });
  });

  it.each(["when asked", "when answered"] as const)(
    "does not take for an error what is decided and delivered while it waits for D1, which tells what it has %s",
    async (whatIsThere) => {
      const [one] = await booked(1);
      const uid = one?.uid ?? "";
      const asked = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const held = d1WithHeldAnswers(whatIsThere, () => {
        asked.resolve();
        return gate.promise;
      });
      await giveD1(host.did, held);
      const reconciling = authority().reconcileHistory();
      await asked.promise;
      await giveD1(host.did, env.DB);
      given(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }));
      await live(host.did, clock, 1_000);
      expect(await rowsOf(host.did)).toMatchObject([{ sequence: 1 }]);
      gate.resolve();
      expect(await reconciling).toMatchObject({ checked: 1, mended: 0, unexplained: 0 });
    },
  );

  it("reports what it cannot explain, and deletes none of it", async () => {
    const [one, two] = await booked(2);
    await d1("UPDATE bookings SET sequence = 7 WHERE id = ?", one?.uid ?? "");
    await inStorage(host.did, ({ sql }) => sql.exec("DELETE FROM bookings WHERE uid = ?", two?.uid ?? ""));
    const error = vi.spyOn(console, "error");
    const rows = await rowsOf(host.did);
    expect(await authority().reconcileHistory()).toMatchObject({
      checked: 1,
      mended: 0,
      unexplained: 2,
      unexplainedUids: [one?.uid, two?.uid],
    });
    expect(error).toHaveBeenCalledTimes(1);
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toEqual(rows);
  });

  it("owes nothing again that is parked, and says that it is", async () => {
    await env.DB.exec(
      "CREATE TRIGGER poison BEFORE INSERT ON bookings WHEN NEW.booker_handle = 'poison.test' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    given(await booker(host.did, "poison").asksFor(midnightIn(2)));
    await live(host.did, clock, HOUR_MS);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, mended: 0, parked: 1 });
    expect(await authority().readOutbox()).toMatchObject({ waiting: 0, parked: 1 });
  });

  it("compares more bookings than fit a page", async () => {
    const [one] = await booked(1);
    await runInDurableObject(authority(), (_, { storage: { sql } }) => {
      for (let index = 0; index < 450; index += 1) {
        const uid = `${String(index).padStart(24, "0")}-x`;
        const start = midnightIn(400) + index * HOUR_MS;
        const json = JSON.stringify({ ...one, uid, start, end: start + HOUR_MS / 2 });
        sql.exec(
          "INSERT INTO bookings (uid, sequence, status, start_at, end_at, buffer_before_ms, buffer_after_ms, booker_did, booking_json) VALUES (?, 0, 'confirmed', ?, ?, 0, 0, 'did:plc:x', ?)",
          uid,
          start,
          start + HOUR_MS / 2,
          json,
        );
      }
    });
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 451, mended: 450 });
    await live(host.did, clock, 1_000);
    expect(await rowsOf(host.did)).toHaveLength(451);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 451, mended: 0, unexplained: 0 });
    await inStorage(host.did, ({ sql }) => sql.exec("DELETE FROM bookings WHERE booker_did = 'did:plc:x'"));
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, unexplained: 450 });
  });
});
