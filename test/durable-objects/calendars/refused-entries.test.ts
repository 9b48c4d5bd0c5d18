import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { calendarOf, given, move } from "../support/booker.ts";
import { type CalDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import { d1WithBatch, giveD1, notificationsAbout, rowsOf } from "../support/history.ts";
import { type HostOnTheNetwork } from "../support/host-on-the-network.ts";
import { writingHost, entry, outboxOf } from "../support/writing-host.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
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
