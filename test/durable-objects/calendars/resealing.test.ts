import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type CalendarWork,
  keepAccess,
  openedSecretOf,
} from "../../../durable-objects/calendars/calendar-work.ts";
import { openSecret, sealSecret } from "../../../durable-objects/calendars/connection-secret.ts";
import { Desk } from "../../../durable-objects/desk.ts";
import { resealConnections } from "../../../durable-objects/calendars/resealing.ts";
import { calendarOf, given, midnightIn } from "../support/booker.ts";
import { calendarWith } from "../support/feed.ts";
import { feedOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { haveKeys, keysInUse, sealerWith } from "../support/sealing-keys.ts";
import { live, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** A host with connected feeds, whose object has the old key. */
async function hostWithFeeds(count = 1) {
  const { did } = hostOnTheNetwork();
  const object = env.HOST_CALENDAR.getByName(did);
  const feeds = Array.from({ length: count }, () => feedOnTheNetwork(() => calendarWith(midnightIn(2))));
  const ids: string[] = [];
  for (const { url } of feeds) {
    const connected = await calendarOf(did).connectCalendars({ kind: "feed", label: "Work", access: url });
    ids.push(given(connected).id);
  }
  return { did, object, feeds, ids };
}

describe("when the sealing key was rotated", () => {
  it("a connection leaves the old key by being read, and is read without that key from then on", async () => {
    const clock = stoppedClock();
    const host = await hostWithFeeds(2);
    await haveKeys("both", host.object);
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await keysInUse(host.object)).toEqual(["next"]);
    await haveKeys("next", host.object);
    host.feeds.forEach((feed) => feed.answers(() => calendarWith(midnightIn(3), midnightIn(4))));
    await live(host.did, clock, 20 * MINUTE_MS);
    const asRead = { state: "ok", calendars: [{ events: 2 }] };
    expect(await calendarOf(host.did).listCalendars()).toMatchObject([asRead, asRead]);
  });

  it("resealing moves connections that nobody reads, and counts them", async () => {
    const host = await hostWithFeeds(2);
    host.feeds[0]?.answers(() => new Response(null, { status: 401 }));
    given(await calendarOf(host.did).refreshCalendars(host.ids[0] ?? ""));
    await haveKeys("both", host.object);
    expect(await host.object.resealConnections()).toEqual({
      hostDid: host.did,
      resealed: 2,
      current: 0,
      lost: 0,
    });
    expect(await keysInUse(host.object)).toEqual(["next"]);
    expect(await host.object.resealConnections()).toMatchObject({ resealed: 0, current: 2, lost: 0 });
    await haveKeys("next", host.object);
    host.feeds[0]?.answers(() => calendarWith(midnightIn(3)));
    expect(given(await calendarOf(host.did).refreshCalendars(host.ids[0] ?? ""))).toMatchObject({
      state: "ok",
    });
  });

  it("what a key sealed that is gone is counted as lost, and opens when the key is back", async () => {
    const host = await hostWithFeeds();
    await haveKeys("next", host.object);
    expect(await host.object.resealConnections()).toMatchObject({ resealed: 0, current: 0, lost: 1 });
    await haveKeys("both", host.object);
    expect(await host.object.resealConnections()).toMatchObject({ resealed: 1, lost: 0 });
  });

  it("nothing is stored for somebody who has nothing", async () => {
    const { did } = hostOnTheNetwork();
    const object = env.HOST_CALENDAR.getByName(did);
    expect(await object.resealConnections()).toEqual({ hostDid: did, resealed: 0, current: 0, lost: 0 });
    const tables = await runInDurableObject(object, (_instance, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'calendar_connections'").toArray(),
    );
    expect(tables).toEqual([]);
  });
});

describe("while a connection is sealed anew", () => {
  it("an access that comes meanwhile is the one that is kept", async () => {
    const host = await hostWithFeeds();
    const [id = ""] = host.ids;
    await runInDurableObject(host.object, async (_instance, { storage }) => {
      const gate = closedGate();
      const work = workOn(host.did, storage, gate.passes);
      const resealing = resealConnections(work);
      await gate.waiting();
      const secret = { access: "https://calendars.example.com/newer.ics", calendars: {} };
      const newer = await sealSecret(sealerWith("both"), host.did, id, secret);
      const before = work.desk.connections.secretOf(id);
      expect(before && work.desk.connections.exchangeSecret(id, before, newer)).toBe(true);
      gate.open();
      await resealing;
      const kept = work.desk.connections.secretOf(id);
      expect(kept && (await openSecret(sealerWith("next"), host.did, id, kept))).toEqual(secret);
    });
  });

  it("a connection that goes meanwhile stays away, and is not counted", async () => {
    const host = await hostWithFeeds();
    const [id = ""] = host.ids;
    await runInDurableObject(host.object, async (_instance, { storage }) => {
      const gate = closedGate();
      const work = workOn(host.did, storage, gate.passes);
      const resealing = resealConnections(work);
      await gate.waiting();
      work.desk.connections.remove(id);
      gate.open();
      expect(await resealing).toEqual({ resealed: 0, current: 0, lost: 0 });
      expect(work.desk.connections.all()).toEqual([]);
    });
  });

  it("two who open it go by the same sealing, so that the access of either is kept", async () => {
    const host = await hostWithFeeds();
    const [id = ""] = host.ids;
    await runInDurableObject(host.object, async (_instance, { storage }) => {
      const work = workOn(host.did, storage);
      const [first, second] = await Promise.all([openedSecretOf(work, id), openedSecretOf(work, id)]);
      if (!first || !second) throw new Error("it does not open");
      expect(first.sealed).toEqual(second.sealed);
      await keepAccess(work, id, second, "token-of-the-second");
      await keepAccess(work, id, first, "token-of-the-first");
      expect((await openedSecretOf(work, id))?.secret.access).toBe("token-of-the-second");
    });
  });
});

/** What an authority works with after the rotation. `whenSealing` is waited for before each sealing. */
function workOn(
  hostDid: string,
  storage: DurableObjectStorage,
  whenSealing?: () => Promise<void>,
): CalendarWork {
  const desk = new Desk(storage, () => env);
  return {
    desk,
    hostDid,
    env,
    sealer: sealerWith("both", whenSealing),
    records: undefined,
    transaction: (block) => desk.transaction(block).value,
    underWay: new Map(),
  };
}

/** Who passes waits until it is opened. */
function closedGate() {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    passes: () => {
      arrived.resolve();
      return opened.promise;
    },
    waiting: () => arrived.promise,
    open: () => opened.resolve(),
  };
}
