import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn } from "./support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { type Clock, live, stoppedClock } from "./support/time.ts";

const HOUR_MS = 60 * 60_000;

let clock: Clock;
let host: HostOnTheNetwork;

beforeEach(() => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
});

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** All that D1 says of the host's bookings. When something was written, and who has read it, is D1's own. */
async function inD1(): Promise<unknown[]> {
  const [rows, told] = await env.DB.batch([
    env.DB.prepare("SELECT * FROM bookings WHERE host_did = ? ORDER BY id").bind(host.did),
    env.DB.prepare(
      "SELECT notifications.* FROM notifications JOIN bookings ON bookings.id = booking_id WHERE host_did = ? ORDER BY 1",
    ).bind(host.did),
  ]);
  return [rows?.results.map((row) => ({ ...Object(row), updated_at: 0 })), told?.results];
}

/** Requests that were declined, moved, confirmed, called off and left to expire. */
async function aLife(): Promise<void> {
  host.setMeetingType("intro", { approval: "manual" });
  const [ann, ben] = [booker(host.did, "ann"), booker(host.did, "ben")];
  const one = given(await ann.asksFor(midnightIn(2), { note: "a note" }));
  given(await calendarOf(host.did).declineBooking({ uid: one.uid, callerDid: host.did, reason: "away" }));
  const two = given(await ann.asksFor(midnightIn(2)));
  given(await calendarOf(host.did).confirmBooking({ uid: two.uid, callerDid: host.did }));
  given(await ann.movesTo(two.uid, midnightIn(5)));
  given(await calendarOf(host.did).cancelBooking({ uid: two.uid, callerDid: ann.did }));
  given(await ben.asksFor(midnightIn(3)));
  await live(host.did, clock, 49 * HOUR_MS);
}

describe("a D1 that was lost", () => {
  it("is written anew by a rebuild, notifications included, exactly as it was", async () => {
    await aLife();
    const before = await inD1();
    expect(before).toMatchObject([{ length: 3 }, { length: 9 }]);
    await env.DB.exec("DELETE FROM notifications");
    await env.DB.exec("DELETE FROM bookings");
    expect(await env.HOST_CALENDAR.getByName(host.did).rebuildHistory()).toEqual({
      bookings: 3,
      notifications: 9,
    });
    await live(host.did, clock, 10_000);
    expect(await inD1()).toEqual(before);
  });

  it("is written anew by an authority of which only the object's id is known", async () => {
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await live(host.did, clock, 1_000);
    const before = await inD1();
    await env.DB.exec("DELETE FROM notifications");
    await env.DB.exec("DELETE FROM bookings");
    const id = env.HOST_CALENDAR.idFromName(host.did).toString();
    await abortAllDurableObjects();
    const byId = env.HOST_CALENDAR.get(env.HOST_CALENDAR.idFromString(id));
    expect(await byId.rebuildHistory()).toEqual({ bookings: 1, notifications: 1 });
    await live(host.did, clock, 1_000);
    expect(await inD1()).toEqual(before);
    // Woken without its name, it is the same authority.
    expect(given(await calendarOf(host.did).getHost()).did).toBe(host.did);
  });
});

describe("a rebuild", () => {
  it("changes nothing in a D1 that has everything, and leaves what was read as read", async () => {
    await aLife();
    await env.DB.exec("UPDATE notifications SET read_at = 1");
    const before = await inD1();
    await env.HOST_CALENDAR.getByName(host.did).rebuildHistory();
    await live(host.did, clock, 10_000);
    expect(await inD1()).toEqual(before);
  });

  it("asked for twice owes everything once", async () => {
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    const authority = env.HOST_CALENDAR.getByName(host.did);
    await authority.rebuildHistory();
    await authority.rebuildHistory();
    expect(await authority.readOutbox()).toMatchObject({ waiting: 2, parked: 0 });
  });

  it("of somebody who is no host owes nothing", async () => {
    const nobody = env.HOST_CALENDAR.getByName(`did:plc:${crypto.randomUUID()}`);
    expect(await nobody.rebuildHistory()).toEqual({ bookings: 0, notifications: 0 });
    expect(await nobody.retryParked()).toBe(0);
    expect(await nobody.readOutbox()).toEqual({ waiting: 0, parked: 0, effects: [] });
  });
});
