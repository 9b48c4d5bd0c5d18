import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn, move, outcome } from "./support/booker.ts";
import { rowsOf } from "./support/history.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { type Clock, inStorage, live, stoppedClock } from "./support/time.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A booking may end a day ahead, and is compared up to a day and a quarter after its ninety days. */
const LONG_MS = 93 * DAY_MS;

let clock: Clock;
let host: HostOnTheNetwork;

beforeEach(() => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
});

afterEach(async () => {
  vi.mocked(Date.now).mockRestore?.();
  await env.DB.exec("DROP TRIGGER IF EXISTS poison");
});

const authority = () => env.HOST_CALENDAR.getByName(host.did);
const held = () =>
  inStorage(host.did, ({ sql }) =>
    sql
      .exec<{ uid: string }>("SELECT uid FROM bookings ORDER BY start_at")
      .toArray()
      .map(({ uid }) => uid),
  );

async function booked(name: string, days: number): Promise<Booking> {
  const booking = given(await booker(host.did, name).asksFor(midnightIn(days)));
  await live(host.did, clock, 1_000);
  return booking;
}

describe("a booking that ended more than ninety days ago", () => {
  it("leaves the authority by itself, and stays in D1 and in the log", async () => {
    const old = await booked("ann", 1);
    await live(host.did, clock, 30 * DAY_MS);
    const young = await booked("ben", 1);
    await live(host.did, clock, 60 * DAY_MS);
    // A minute before the ninety days are over, to the day's run itself.
    clock.moveTo(old.end + 90 * DAY_MS - 1);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 2, pruned: 0 });
    clock.moveBy(1);
    const log = await calendarOf(host.did).readLog(0);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 2, pruned: 1, unexplained: 0 });
    expect(await held()).toEqual([young.uid]);
    expect((await rowsOf(host.did)).map(({ id }) => id)).toEqual([old.uid, young.uid]);
    expect(await calendarOf(host.did).readLog(0)).toEqual(log);
    // What has left is nothing that needs an explanation.
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, mended: 0, unexplained: 0 });
  });

  it("takes everything along that was kept about it", async () => {
    const { uid } = await booked("ann", 1);
    const tables = await inStorage(host.did, ({ sql }) => {
      sql.exec("INSERT INTO written_bookings VALUES (?, 'calendar', 0, 0, 0)", uid);
      sql.exec("INSERT OR REPLACE INTO reminders VALUES (?, 'day', 0, 0)", uid);
      sql.exec("INSERT INTO invited VALUES (?, 'host', 'host@mail.example', 0, 'ACCEPTED', NULL)", uid);
      sql.exec(
        `INSERT INTO webhook_deliveries (id, webhook_id, type, booking_uid, body, state, attempts)
         VALUES ('one', 'webhook', 'ping', ?, '{}', 'delivered', 1)`,
        uid,
      );
      return sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%booking_uid%'",
        )
        .toArray()
        .map(({ name }) => name);
    });
    await live(host.did, clock, LONG_MS);
    expect(tables.length).toBeGreaterThanOrEqual(5);
    for (const name of tables) {
      const { count } = await inStorage(host.did, ({ sql }) =>
        sql.exec(`SELECT count(*) AS count FROM ${name} WHERE booking_uid = ?`, uid).one(),
      );
      expect(count, name).toBe(0);
    }
  });

  it("goes with the daily timer, which ends with the last one", async () => {
    await booked("ann", 1);
    await live(host.did, clock, LONG_MS);
    expect(await held()).toEqual([]);
    const timers = await inStorage(host.did, ({ sql }) => sql.exec("SELECT kind FROM timers").toArray());
    expect(timers).toEqual([]);
  });

  it("is still shown to its two people, and to nobody else", async () => {
    const ann = booker(host.did, "ann");
    const { uid } = given(await ann.asksFor(midnightIn(1), { note: "a note" }));
    await live(host.did, clock, 1_000);
    const before = given(await calendarOf(host.did).getBooking(uid, ann.did));
    await live(host.did, clock, LONG_MS);
    expect(await held()).toEqual([]);
    expect(given(await calendarOf(host.did).getBooking(uid, ann.did))).toEqual(before);
    expect(given(await calendarOf(host.did).getBooking(uid, host.did))).toEqual(before);
    expect(await calendarOf(host.did).getBooking(uid, "did:plc:ben")).toMatchObject({
      refusal: { code: "NotYourBooking" },
    });
  });

  it("has ended for whoever wants to change it", async () => {
    const ann = booker(host.did, "ann");
    const { uid } = await booked("ann", 1);
    await live(host.did, clock, LONG_MS);
    const ended = { refusal: { code: "WrongStatus", status: "ended" } };
    const change = { uid, callerDid: host.did };
    expect(await calendarOf(host.did).cancelBooking({ uid, callerDid: ann.did })).toMatchObject(ended);
    expect(await calendarOf(host.did).confirmBooking(change)).toMatchObject(ended);
    expect(await calendarOf(host.did).declineBooking(change)).toMatchObject(ended);
    expect(await ann.movesTo(uid, midnightIn(2))).toMatchObject(ended);
    const stranger = "did:plc:ben";
    expect(outcome(await calendarOf(host.did).cancelBooking({ uid, callerDid: stranger }))).toBe(
      "NotYourBooking",
    );
    expect(outcome(await move(host.did, stranger, uid, midnightIn(2)))).toBe("NotYourBooking");
    expect(await rowsOf(host.did)).toMatchObject([{ sequence: 0, status: "confirmed" }]);
  });

  it("is not said to be unknown while D1 is away", async () => {
    const { uid } = await booked("ann", 1);
    await live(host.did, clock, LONG_MS);
    await env.DB.exec("ALTER TABLE bookings RENAME TO bookings_away");
    const answer = await calendarOf(host.did).getBooking(uid, host.did);
    await env.DB.exec("ALTER TABLE bookings_away RENAME TO bookings");
    expect(answer).toMatchObject({ refusal: { code: "HostUnreachable" } });
  });

  it.each([
    ["is not in D1", "DELETE FROM bookings WHERE id = ?"],
    ["is in D1 as something else", "UPDATE bookings SET status = 'cancelled' WHERE id = ?"],
    ["is in D1 with a later change than was ever decided", "UPDATE bookings SET sequence = 5 WHERE id = ?"],
  ])("stays while it %s", async (_what, damage) => {
    const { uid, end } = await booked("ann", 1);
    await env.DB.prepare(damage).bind(uid).run();
    clock.moveTo(end + 91 * DAY_MS);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, pruned: 0 });
    expect(await held()).toEqual([uid]);
  });

  it("stays while something about it waits or is parked", async () => {
    const { uid, end } = await booked("ann", 1);
    clock.moveTo(end + 91 * DAY_MS);
    await inStorage(host.did, ({ sql }) =>
      sql.exec(
        `INSERT INTO outbox (effect_id, booking_uid, effect_json, parked_at) VALUES ('x', ?, '{"kind":"notify"}', 1)`,
        uid,
      ),
    );
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, pruned: 0 });
    await inStorage(host.did, ({ sql }) => sql.exec("UPDATE outbox SET parked_at = NULL"));
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 0, pruned: 0 });
    await inStorage(host.did, ({ sql }) => sql.exec("DELETE FROM outbox"));
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, pruned: 1 });
  });

  it("that nobody ever answered expires before it leaves, and both are told", async () => {
    host.setMeetingType("intro", { approval: "manual" });
    const { uid, end } = await booked("ann", 1);
    clock.moveTo(end + 91 * DAY_MS);
    expect(await authority().reconcileHistory()).toMatchObject({ checked: 1, pruned: 0 });
    await live(host.did, clock, 2 * DAY_MS);
    expect(await held()).toEqual([]);
    expect(await rowsOf(host.did)).toMatchObject([{ id: uid, sequence: 1, status: "expired" }]);
    expect(given(await calendarOf(host.did).getBooking(uid, host.did)).status).toBe("expired");
  });
});

describe("a row of D1 that the authority does not know", () => {
  it("is shown to nobody while it is too young to have left the authority", async () => {
    const { uid } = await booked("ann", 1);
    await inStorage(host.did, ({ sql }) => sql.exec("DELETE FROM bookings"));
    expect(outcome(await calendarOf(host.did).getBooking(uid, host.did))).toBe("BookingNotFound");
    expect(outcome(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }))).toBe(
      "BookingNotFound",
    );
  });
});

it("a booking costs the authority less than 3 KB, the log's part of it less than 1 KB, and that alone stays", async () => {
  const count = 1000;
  const empty = await size();
  const sizes = { "at once": 0, "after its week of answers": 0, "after ninety days": 0 };
  for (let index = 0; index < count; index += 1) {
    const name = String(index).padStart(24, "ewvi7nxzyoun6zhxrhs64oiz");
    given(await booker(host.did, name).asksFor(midnightIn(1) + index * 30 * MINUTE_MS));
  }
  await live(host.did, clock, MINUTE_MS);
  sizes["at once"] = ((await size()) - empty) / count;
  await live(host.did, clock, 8 * DAY_MS);
  sizes["after its week of answers"] = ((await size()) - empty) / count;
  await live(host.did, clock, 30 * DAY_MS + LONG_MS);
  expect(await held()).toEqual([]);
  sizes["after ninety days"] = ((await size()) - empty) / count;
  console.log("bytes per booking", JSON.stringify(sizes));
  expect(sizes["at once"]).toBeLessThan(3 * 1024);
  expect(sizes["after ninety days"]).toBeLessThan(1024);
  // The log is as long as it was.
  expect(await calendarOf(host.did).readLog(count - 1)).toHaveLength(1);
}, 60_000);

/** What is in use of the authority's database, bytes. */
async function size(): Promise<number> {
  await calendarOf(host.did).getHost();
  return inStorage(host.did, ({ sql }) => sql.databaseSize);
}
