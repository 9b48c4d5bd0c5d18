import { beforeEach, describe, expect, it } from "vitest";
import type { BlockListJson } from "../../worker/wire.ts";
import { booker, calendarOf, given, midnightIn, outcome } from "../durable-objects/support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../durable-objects/support/host-on-the-network.ts";
import { Visitor } from "./support/visitor.ts";

let host: HostOnTheNetwork;
let page: Visitor;

beforeEach(async () => {
  host = hostOnTheNetwork();
  page = await Visitor.signedIn(host.did);
  await calendarOf(host.did).getHost();
});

const put = (who: Visitor, body: object) => who.call("/api/settings", { method: "PUT", body });

describe("how long requests wait", () => {
  it("is the host's setting, beside how they see times", async () => {
    const settings = { timeZone: "Europe/Berlin", hourCycle: "h12", pendingHours: 3 };
    expect((await put(page, settings)).status).toBe(200);
    expect(await (await page.call("/api/settings")).json()).toEqual({ settings });
    host.setMeetingType("intro", { approval: "manual" });
    await calendarOf(host.did).recordsChanged();
    const asked = given(await booker(host.did, "ann").asksFor(midnightIn(9)));
    expect((asked.expiresAt ?? 0) - asked.createdAt).toBe(3 * 60 * 60_000);
    expect((await put(page, { timeZone: "Europe/Berlin" })).status).toBe(200);
    expect(await (await page.call("/api/settings")).json()).toEqual({
      settings: { timeZone: "Europe/Berlin" },
    });
  });

  it.each([0, 337, 1.5, "48", null])("is from 1 to 336 hours, and not %j", async (pendingHours) => {
    expect((await put(page, { pendingHours })).status).toBe(400);
    expect(await calendarOf(host.did).readPolicy()).toEqual({ blocked: [] });
  });

  it("is nothing that somebody who is no host could set; the rest of their settings is", async () => {
    const nobody = hostOnTheNetwork();
    nobody.setBroker("did:web:other.example");
    const visitor = await Visitor.signedIn(nobody.did);
    expect((await put(visitor, { timeZone: "UTC" })).status).toBe(200);
    const answer = await put(visitor, { timeZone: "Europe/Berlin", pendingHours: 3 });
    expect([answer.status, await answer.json()]).toMatchObject([409, { error: "NotAHost" }]);
    expect(await (await visitor.call("/api/settings")).json()).toEqual({ settings: { timeZone: "UTC" } });
  });
});

describe("what somebody is reminded of", () => {
  it("is chosen for each reminder, beside the other settings", async () => {
    const settings = { timeZone: "Europe/Berlin", reminders: { dayBefore: false, hourBefore: true } };
    expect((await put(page, settings)).status).toBe(200);
    expect(await (await page.call("/api/settings")).json()).toEqual({ settings });
    expect((await put(page, { timeZone: "Europe/Berlin" })).status).toBe(200);
    expect(await (await page.call("/api/settings")).json()).toEqual({
      settings: { timeZone: "Europe/Berlin" },
    });
  });

  it.each([true, null, {}, { dayBefore: false }, { dayBefore: 0, hourBefore: "no" }])(
    "is not %j",
    async (reminders) => {
      expect((await put(page, { reminders })).status).toBe(400);
    },
  );
});

describe("blocking somebody", () => {
  it("takes a DID or a handle, lists them, refuses their requests with 403, and can be taken back", async () => {
    const stranger = hostOnTheNetwork();
    const made = await page.call("/api/blocks", { body: { actor: stranger.did } });
    expect([made.status, await made.json()]).toMatchObject([201, { blocked: { did: stranger.did } }]);
    const { blocked } = await (await page.call("/api/blocks")).json<BlockListJson>();
    expect(blocked.map(({ did }) => did)).toEqual([stranger.did]);

    const wish = { host: host.did, meetingType: "intro", start: new Date(midnightIn(2)).toISOString() };
    const theirs = await Visitor.signedIn(stranger.did);
    for (const path of ["/api/bookings", "/api/holds"]) {
      const answer = await theirs.call(path, { body: { ...wish, requestId: crypto.randomUUID() } });
      expect([answer.status, await answer.json()]).toMatchObject([403, { error: "NotAllowed" }]);
    }
    const path = `/api/blocks/${stranger.did}`;
    for (const _turn of [1, 2]) expect((await page.call(path, { method: "DELETE" })).status).toBe(204);
    const again = await theirs.call("/api/bookings", { body: { ...wish, requestId: crypto.randomUUID() } });
    expect(again.status).toBe(201);
  });

  it("is nobody's business but the host's, and not for oneself", async () => {
    const stranger = hostOnTheNetwork();
    await page.call("/api/blocks", { body: { actor: stranger.did } });
    expect(await (await (await Visitor.signedIn(stranger.did)).call("/api/blocks")).json()).toEqual({
      blocked: [],
    });
    for (const actor of [host.did, "", "did:web:127.0.0.1", 7]) {
      expect((await page.call("/api/blocks", { body: { actor } })).status).toBeGreaterThanOrEqual(400);
    }
    expect((await calendarOf(host.did).readPolicy()).blocked).toHaveLength(1);
  });
});

describe("a hold at the door", () => {
  it("is given with when it runs out, consumed by a booking, and let go of", async () => {
    const ann = hostOnTheNetwork();
    const visitor = await Visitor.signedIn(ann.did);
    const wish = { host: host.did, meetingType: "intro", start: new Date(midnightIn(2)).toISOString() };
    const made = await visitor.call("/api/holds", { body: { ...wish, requestId: crypto.randomUUID() } });
    expect(made.status).toBe(201);
    const { hold } = await made.json<{ hold: { id: string; expiresAt: string } }>();
    expect(Date.parse(hold.expiresAt)).toBeGreaterThan(Date.now());
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2)))).toBe("SlotTaken");
    const release = `/api/holds/${hold.id}?host=${host.did}`;
    const stranger = await Visitor.signedIn(hostOnTheNetwork().did);
    expect((await stranger.call(release, { method: "DELETE" })).status).toBe(204);
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2)))).toBe("SlotTaken");
    const booked = await visitor.call("/api/bookings", {
      body: { ...wish, holdId: hold.id, requestId: crypto.randomUUID() },
    });
    expect(booked.status).toBe(201);
    expect((await visitor.call(release, { method: "DELETE" })).status).toBe(204);
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2)))).toBe("SlotTaken");
  });
});
