import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConnectionView } from "../../../durable-objects/calendars/calendar-work.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn, move } from "../support/booker.ts";
import { type CalDavOnTheNetwork, calDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import { d1WithBatch, giveD1, notificationsAbout, rowsOf } from "../support/history.ts";
import { googleOnTheNetwork } from "../support/google-on-the-network.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { inStorage, live, ring, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

const outboxOf = (hostDid: string) => env.HOST_CALENDAR.getByName(hostDid).readOutbox();

async function connects(host: HostOnTheNetwork, server: CalDavOnTheNetwork): Promise<ConnectionView> {
  const access = server.access();
  return given(await calendarOf(host.did).connectCalendars({ kind: "caldav", label: "Work", access }));
}

function calendarId({ calendars }: ConnectionView, name: string): string {
  return calendars.find((calendar) => calendar.name === name)?.id ?? "";
}

/** Bookings go into this one from now on; of the account, this one blocks. */
async function takes(host: HostOnTheNetwork, connection: ConnectionView, name: string): Promise<void> {
  const one = calendarId(connection, name);
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [one], takesBookings: one }));
}

/** A host whose calendar `a` blocks and takes bookings; `b` is of the same account. */
async function writingHost() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  const day = midnightIn(3);
  const server = calDavOnTheNetwork("a", "b");
  const connection = await connects(host, server);
  await takes(host, connection, "a");
  const books = async (hour: number, name = "ann"): Promise<Booking> =>
    given(await booker(host.did, name).asksFor(day + hour * HOUR_MS));
  const cancels = async ({ uid }: Booking): Promise<Booking> =>
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }));
  const settles = (ms = 1_000) => live(host.did, clock, ms);
  await settles();
  server.forgets();
  return { clock, host, day, server, connection, books, cancels, settles };
}

const entry = ({ uid, start, sequence }: Booking) => ({ uid, start, sequence });

describe("a booking", () => {
  it("comes into the calendar when it is confirmed, moves there, and goes, and is never read as busy", async () => {
    const { host, day, server, connection, books, cancels, settles } = await writingHost();
    const booking = await books(10);
    await settles();
    expect(server.entries("a")).toEqual([entry(booking)]);
    const moved = given(await move(host.did, host.did, booking.uid, day + 12 * HOUR_MS));
    await settles();
    expect(server.entries("a")).toEqual([entry(moved)]);
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    expect(await calendarOf(host.did).listConflicts()).toEqual([]);
    const half = given(await booker(host.did, "ann").movesTo(booking.uid, day + 12.5 * HOUR_MS));
    await settles();
    expect(server.entries("a")).toEqual([entry(half)]);
    await cancels(booking);
    await settles();
    expect(server.entries("a")).toEqual([]);
    expect(server.entries("b")).toEqual([]);
  });

  it("that waits for its host is not there, before it is confirmed and after its booker moved it", async () => {
    const { host, day, server, settles } = await writingHost();
    host.setMeetingType("intro", { approval: "manual" });
    await calendarOf(host.did).recordsChanged();
    const ann = booker(host.did, "ann");
    const booking = given(await ann.asksFor(day + 10 * HOUR_MS));
    expect((await outboxOf(host.did)).effects.map(({ kind }) => kind)).not.toContain("write-calendar");
    await settles();
    expect(server.writes()).toEqual([]);
    const change = { uid: booking.uid, callerDid: host.did };
    const confirmed = given(await calendarOf(host.did).confirmBooking(change));
    await settles();
    expect(server.entries("a")).toEqual([entry(confirmed)]);
    expect(given(await ann.movesTo(booking.uid, day + 11 * HOUR_MS)).status).toBe("pending");
    await settles();
    expect(server.entries("a")).toEqual([]);
    const again = given(await calendarOf(host.did).confirmBooking(change));
    await settles();
    expect(server.entries("a")).toEqual([entry(again)]);
  });

  it("of a host who chose no calendar for it is written nowhere, and costs no asking", async () => {
    const { host, server, connection, books, cancels, settles } = await writingHost();
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
    await cancels(await books(10));
    await settles();
    expect(server.writes()).toEqual([]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });

  it("confirmed before the calendar was chosen comes into it then, what is over or called off does not", async () => {
    const { clock, host, server, connection, books, cancels, settles } = await writingHost();
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
    await books(1);
    await cancels(await books(11));
    const [running, ahead] = [await books(9), await books(12)];
    await live(host.did, clock, running.start + MINUTE_MS - clock.now);
    await takes(host, connection, "b");
    await settles();
    expect(server.entries("b")).toEqual([running, ahead].map(entry));
  });
});

it("bookings are written five for each alarm, so that slow calendars hold up nothing else for long", async () => {
  const { host, server, connection, books, settles } = await writingHost();
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
  for (let hour = 8; hour < 20; hour += 1) await books(hour);
  await settles();
  await takes(host, connection, "b");
  await ring(host.did);
  expect(server.entries("b")).toHaveLength(5);
  await settles();
  expect(server.entries("b")).toHaveLength(12);
});

describe("an entry whose answer was lost", () => {
  it("is written once", async () => {
    const { host, server, books, settles } = await writingHost();
    let lost = 0;
    server.answers(({ method }, go) => {
      const answer = go();
      if (method !== "PUT" || lost > 2) return answer;
      lost += 1;
      throw new TypeError("connection reset");
    });
    const booking = await books(10);
    await settles(MINUTE_MS);
    expect(lost).toBe(3);
    expect(server.entries("a")).toEqual([entry(booking)]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });

  it("is gone when its booking was called off before it was asked for again", async () => {
    const { server, books, cancels, settles } = await writingHost();
    let isLost = false;
    server.answers(({ method }, go) => {
      const answer = go();
      if (method !== "PUT" || isLost) return answer;
      isLost = true;
      throw new TypeError("connection reset");
    });
    const booking = await books(10);
    await settles(500);
    expect(server.entries("a")).toEqual([entry(booking)]);
    await cancels(booking);
    await settles(MINUTE_MS);
    expect(server.entries("a")).toEqual([]);
  });
});

describe("a calendar that takes nothing just then", () => {
  it.each([
    ["fails", () => new Response(null, { status: 500 })],
    ["asks for rest", () => new Response(null, { status: 429, headers: { "retry-after": "1" } })],
    ["is away", () => Promise.reject(new TypeError("connection refused"))],
  ] as const)(
    "(%s) holds up neither D1 nor the bell, and gets each in order, as it is, when it is back",
    async (_how, answer) => {
      const { host, day, server, books, cancels, settles } = await writingHost();
      server.answers(answer);
      const [first, second, third] = [await books(10), await books(11), await books(12)];
      const moved = given(await move(host.did, host.did, first.uid, day + 14 * HOUR_MS));
      await cancels(second);
      await settles();
      expect((await rowsOf(host.did)).map(({ status }) => status).toSorted()).toEqual([
        "cancelled",
        "confirmed",
        "confirmed",
      ]);
      expect(await notificationsAbout(host.did)).toHaveLength(3 + 2);
      expect(await outboxOf(host.did)).toMatchObject({ waiting: 5, parked: 0 });
      await settles(20 * MINUTE_MS);
      expect(await outboxOf(host.did)).toMatchObject({
        waiting: 5,
        parked: 0,
        effects: Array.from({ length: 5 }, () => ({ attempts: 0 })),
      });
      server.answers((_asked, go) => go());
      await settles(7 * MINUTE_MS);
      expect(server.entries("a")).toEqual([third, moved].map(entry));
      expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
    },
  );

  it("is asked less and less often, and not once for each of a hundred bookings", async () => {
    const { server, books, settles } = await writingHost();
    server.answers(() => new Response(null, { status: 500 }));
    for (let hour = 0; hour < 10; hour += 1) await books(hour);
    await settles(10 * MINUTE_MS);
    // After 0, 1, 2, 4 … seconds up to five minutes, three at a time.
    expect(server.writes().length).toBeLessThan(3 * 12);
    expect(server.writes().length).toBeGreaterThan(3 * 6);
  });

  it("for some bookings alone, however often, is gone on with for all others, the new ones too", async () => {
    const { host, server, books, settles } = await writingHost();
    const bad = [await books(8), await books(9), await books(10), await books(11)];
    const isBad = (body: string) => bad.some(({ uid }) => body.replaceAll("\r\n ", "").includes(uid));
    server.answers(({ method, body }, go) =>
      method === "PUT" && isBad(body) ? new Response(null, { status: 500 }) : go(),
    );
    const good = [await books(12), await books(13)];
    await settles(3 * HOUR_MS);
    expect(server.entries("a")).toEqual(good.map(entry));
    const another = await books(14);
    await settles(3 * HOUR_MS);
    expect(server.entries("a")).toEqual([...good, another].map(entry));
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 4, parked: 0 });
  });

  it("for one booking alone is gone on with for the others, and keeps the order of that one", async () => {
    const { host, day, server, books, settles } = await writingHost();
    const bad = await books(10);
    server.answers(({ method, body }, go) =>
      method === "PUT" && body.includes("SEQUENCE:0") && body.replaceAll("\r\n ", "").includes(bad.uid)
        ? new Response(null, { status: 507 })
        : go(),
    );
    const moved = given(await move(host.did, host.did, bad.uid, day + 14 * HOUR_MS));
    const good = await books(11);
    await settles();
    expect(server.entries("a")).toEqual([entry(good)]);
    server.answers((_asked, go) => go());
    await settles(7 * MINUTE_MS);
    expect(server.entries("a")).toEqual([good, moved].map(entry));
  });
});

describe("an entry that a calendar refuses", () => {
  const refusesPut: Parameters<CalDavOnTheNetwork["answers"]>[0] = ({ method }, go) =>
    method === "PUT" ? new Response(null, { status: 403 }) : go();

  it("is offered eight times, and then it is the operator's, who sees why and nothing of what it is", async () => {
    const { host, server, books, settles } = await writingHost();
    server.answers(refusesPut);
    const booking = await books(10);
    await settles(10 * MINUTE_MS);
    expect(server.writes()).toHaveLength(8);
    const state = await outboxOf(host.did);
    expect(state).toMatchObject({
      waiting: 0,
      parked: 1,
      effects: [{ kind: "write-calendar", attempts: 8, lastError: "CalendarRefused read-only" }],
    });
    expect(JSON.stringify(state)).not.toContain("Introduction");
    expect(await rowsOf(host.did)).toMatchObject([{ status: "confirmed" }]);
    server.answers((_asked, go) => go());
    await env.HOST_CALENDAR.getByName(host.did).retryParked();
    await settles();
    expect(server.entries("a")).toEqual([entry(booking)]);
  });

  it("is not the operator's because the calendar goes away after it has refused it seven times", async () => {
    const { host, server, books, settles } = await writingHost();
    let refusals = 0;
    server.answers(({ method }) => {
      refusals += Number(method === "PUT");
      return new Response(null, { status: refusals > 7 ? 500 : 403 });
    });
    const booking = await books(10);
    await settles(3 * HOUR_MS);
    expect(refusals).toBeGreaterThan(10);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 1, parked: 0, effects: [{ attempts: 7 }] });
    server.answers((_asked, go) => go());
    await settles(7 * MINUTE_MS);
    expect(server.entries("a")).toEqual([entry(booking)]);
  });

  it("does not come back over a later one when the operator retries it, nor after its booking was called off", async () => {
    const { host, day, server, books, cancels, settles } = await writingHost();
    server.answers(refusesPut);
    const [moves, goes] = [await books(10), await books(11)];
    await settles(10 * MINUTE_MS);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 2 });
    server.answers((_asked, go) => go());
    server.forgets();
    const moved = given(await move(host.did, host.did, moves.uid, day + 14 * HOUR_MS));
    await cancels(goes);
    await settles();
    expect(server.entries("a")).toEqual([entry(moved)]);
    expect(server.writes()).toEqual(["PUT"]);
    await env.HOST_CALENDAR.getByName(host.did).retryParked();
    await settles(MINUTE_MS);
    expect(server.entries("a")).toEqual([entry(moved)]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });
});

describe("a password that is right no more", () => {
  it("is tried once; what is owed waits, its host is told once, and it goes on with a new one", async () => {
    const { host, server, connection, books, cancels, settles } = await writingHost();
    server.setPassword("new");
    const booking = await books(10);
    await settles();
    const before = server.asked.length;
    expect(await calendarOf(host.did).listCalendars()).toMatchObject([
      { state: "needs_reauth", problem: "unauthorized" },
    ]);
    await cancels(await books(11));
    await settles();
    let batches = 0;
    await giveD1(
      host.did,
      d1WithBatch(async () => void (batches += 1)),
    );
    await settles(3 * HOUR_MS);
    expect(batches).toBe(0);
    expect(server.asked).toHaveLength(before);
    expect(server.entries("a")).toEqual([]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 3, parked: 0 });
    expect(await told(host)).toEqual(["calendar.broken"]);
    const access = server.access("new");
    given(await calendarOf(host.did).giveCalendarAccess(connection.id, { kind: "caldav", access }));
    await settles(7 * MINUTE_MS);
    expect(server.entries("a")).toEqual([entry(booking)]);
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
  });
});

async function told(host: HostOnTheNetwork): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT kind FROM notifications WHERE recipient_did = ? AND kind LIKE 'calendar%'",
  )
    .bind(host.did)
    .all<{ kind: string }>();
  return results.map(({ kind }) => kind);
}

describe("a host who takes bookings into another calendar", () => {
  it("has the old entries stay where they are, be changed there, and new ones come into the new one", async () => {
    const { host, day, server, connection, books, cancels, settles } = await writingHost();
    const [old, older] = [await books(10), await books(11)];
    await settles();
    server.forgets();
    await takes(host, connection, "b");
    await settles();
    expect(server.writes()).toEqual([]);
    expect(server.entries("a")).toEqual([old, older].map(entry));
    expect(server.entries("b")).toEqual([]);
    const fresh = await books(12);
    const moved = given(await move(host.did, host.did, old.uid, day + 15 * HOUR_MS));
    await cancels(older);
    await settles();
    expect(server.entries("a")).toEqual([entry(moved)]);
    expect(server.entries("b")).toEqual([entry(fresh)]);
    // Into none any more: what stands is still kept right.
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [] }));
    await books(13);
    const again = given(await move(host.did, host.did, moved.uid, day + 16 * HOUR_MS));
    await cancels(fresh);
    await settles();
    expect(server.entries("a")).toEqual([entry(again)]);
    expect(server.entries("b")).toEqual([]);
  });

  it("has what stood in an account that was let go of written into the new one when it changes", async () => {
    const { host, day, server, connection, books, settles } = await writingHost();
    const [stays, changes] = [await books(10), await books(11)];
    await settles();
    await calendarOf(host.did).disconnectCalendars(connection.id);
    const other = calDavOnTheNetwork("c");
    await takes(host, await connects(host, other), "c");
    await settles();
    expect(other.entries("c")).toEqual([stays, changes].map(entry));
    const moved = given(await move(host.did, host.did, changes.uid, day + 15 * HOUR_MS));
    await settles();
    expect(other.entries("c")).toEqual([stays, moved].map(entry));
    expect(server.entries("a")).toEqual([stays, changes].map(entry));
  });

  it("has it so too where the account was let go of while a booking was being written into it", async () => {
    const { host, server, connection, books, settles } = await writingHost();
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    server.answers(async ({ method }, go) => {
      const answer = go();
      if (method === "PUT") {
        reached.resolve();
        await released.promise;
      }
      return answer;
    });
    const booking = await books(10);
    const writing = settles();
    await reached.promise;
    await calendarOf(host.did).disconnectCalendars(connection.id);
    released.resolve();
    await writing;
    expect(await outboxOf(host.did)).toMatchObject({ waiting: 0, parked: 0 });
    const other = calDavOnTheNetwork("c");
    await takes(host, await connects(host, other), "c");
    await settles();
    expect(other.entries("c")).toEqual([entry(booking)]);
  });

  it("has it so too where the old calendar is gone from its account", async () => {
    const { host, day, server, connection, books, settles } = await writingHost();
    const booking = await books(10);
    await settles();
    const b = calendarId(connection, "b");
    given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [b], takesBookings: b }));
    server.removesCalendar("a");
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    const moved = given(await move(host.did, host.did, booking.uid, day + 15 * HOUR_MS));
    await settles();
    expect(server.entries("b")).toEqual([entry(moved)]);
  });
});

it("a calendar at Google that takes bookings is asked for its events, which have names; the others are not", async () => {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  await calendarOf(host.did).getHost();
  const google = googleOnTheNetwork("a", "b");
  await google.givenTo(host.did);
  const access = google.access();
  const connection = given(
    await calendarOf(host.did).connectCalendars({ kind: "google", label: "G", access }),
  );
  const refreshed = async () => {
    const before = google.asked.length;
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    return google.asked.slice(before).filter(({ line }) => /freeBusy|events/.test(line));
  };
  expect((await refreshed()).filter(({ line }) => line.includes("/events"))).toEqual([]);
  const [a = "", b = ""] = ["a", "b"].map((name) => calendarId(connection, name));
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [a, b], takesBookings: a }));
  await live(host.did, clock, 1_000);
  const [first, ...others] = await refreshed();
  expect(first?.line).toContain("GET /calendar/v3/calendars/a/events?");
  for (const { line, body } of others)
    expect([line, body]).toEqual([expect.stringContaining("/freeBusy"), expect.not.stringContaining('"a"')]);
  // Once entries stand in it, it is so, be it chosen or not.
  given(await booker(host.did, "ann").asksFor(midnightIn(3)));
  await live(host.did, clock, 1_000);
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [a, b] }));
  expect((await refreshed())[0]?.line).toContain("/calendars/a/events?");
});

it("what is known of entries goes with their bookings", async () => {
  const { clock, host, books, settles } = await writingHost();
  await books(10);
  await settles();
  const written = () =>
    inStorage(
      host.did,
      ({ sql }) => sql.exec("SELECT count(*) AS count FROM written_bookings").one()["count"],
    );
  expect(await written()).toBe(1);
  clock.moveBy(120 * 24 * HOUR_MS);
  await env.HOST_CALENDAR.getByName(host.did).reconcileHistory();
  expect(await written()).toBe(0);
});
