import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { upsertBookings } from "../../adapters/d1/booking-rows.ts";
import { insertNotifications } from "../../adapters/d1/notification-rows.ts";
import { verdictOn } from "../../dev/history-verdict.ts";
import { saveBooking } from "../../durable-objects/booking-store.ts";
import { DecisionLog } from "../../durable-objects/decision-log.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { pagesOf, streamJson } from "../../worker/streamed-json.ts";
import type { AccountExportJson } from "../../worker/wire.ts";
import { booker, calendarOf, given, midnightIn, move } from "../durable-objects/support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../durable-objects/support/host-on-the-network.ts";
import { Visitor } from "./support/visitor.ts";

const EXPORT = { path: "/api/account/export", lxm: "social.schedule.exportAccount" };
const HOUR_MS = 60 * 60_000;

let host: HostOnTheNetwork;
let bookerDid: string;

beforeEach(() => {
  host = hostOnTheNetwork();
  host.setMeetingType("intro", { approval: "manual" });
  bookerDid = hostOnTheNetwork().did;
});

const asksFor = async (did: string, start: number, note: string): Promise<Booking> =>
  given(await booker(host.did, did.slice("did:plc:".length)).asksFor(start, { note }));

async function exported(visitor: Visitor): Promise<{ text: string; json: AccountExportJson }> {
  const answer = await visitor.call(EXPORT.path, { lxm: EXPORT.lxm });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  return { text, json: JSON.parse(text) as AccountExportJson };
}

/** Waits until D1 knows so many decisions of the host. */
async function relayed(count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const found = await env.DB.prepare(
        "SELECT sum(sequence + 1) AS decisions FROM bookings WHERE host_did = ?",
      )
        .bind(host.did)
        .first();
      expect(found).toEqual({ decisions: count });
    },
    { timeout: 5_000, interval: 50 },
  );
}

describe.each(["cookie", "token"])("with a %s, the export", (kind) => {
  const visitor = async (did: string): Promise<Visitor> =>
    kind === "cookie" ? Visitor.signedIn(did) : Visitor.withTokens(did);

  it("is a file that no cache keeps", async () => {
    const answer = await (await visitor(host.did)).call(EXPORT.path, { lxm: EXPORT.lxm });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="atproto-cal-export.json"',
      "cache-control": "no-store",
    });
    await answer.body?.cancel();
  });

  it("has all of a host: settings, bookings, notifications, who is blocked, and a history that can be checked", async () => {
    const stranger = hostOnTheNetwork();
    const kept = await asksFor(bookerDid, midnightIn(2), "first note");
    given(await move(host.did, bookerDid, kept.uid, midnightIn(3)));
    given(await calendarOf(host.did).confirmBooking({ uid: kept.uid, callerDid: host.did }));
    const declined = await asksFor(bookerDid, midnightIn(4), "second note");
    const reason = "not then";
    given(await calendarOf(host.did).declineBooking({ uid: declined.uid, callerDid: host.did, reason }));
    const page = await Visitor.signedIn(host.did);
    await page.call("/api/blocks", { body: { actor: stranger.did } });
    const settings = { timeZone: "Europe/Berlin", pendingHours: 3 };
    await page.call("/api/settings", { method: "PUT", body: settings });
    await relayed(5);

    const { text, json } = await exported(await visitor(host.did));
    expect(json).toMatchObject({
      account: { did: host.did },
      settings,
      bookings: {
        asHost: [
          { uid: kept.uid, sequence: 2, status: "confirmed", note: "first note" },
          { uid: declined.uid, sequence: 1, status: "declined", note: "second note", reason },
        ],
        asBooker: [],
      },
      blocked: [{ did: stranger.did }],
      decisions: { logSeqBefore: 5 },
    });
    expect(json.notifications.map((one) => one.kind)).toEqual(
      expect.arrayContaining(["booking.requested", "booking.rescheduled"]),
    );
    expect(json.decisions.log).toEqual(await calendarOf(host.did).readLog(0));
    const stored = json.decisions.bookings.map((each) => JSON.parse(each) as Booking);
    expect(stored).toContainEqual(given(await calendarOf(host.did).getBooking(kept.uid, bookerDid)));
    expect(stored.map(({ uid }) => uid)).toEqual([kept.uid, declined.uid].toSorted());
    const lastHash = json.decisions.log.at(-1)?.hash;
    expect(verdictOn(text)).toEqual({ findings: [], rows: 5, bookings: 2, otherBookings: 0, lastHash });
    expect(json.decisions.log.map(({ entry }) => entry).join()).not.toMatch(/note|not then/);
  });

  it("has a booker's bookings and notifications, and nobody's history", async () => {
    const asked = await asksFor(bookerDid, midnightIn(2), "of the booker");
    const other = await asksFor(hostOnTheNetwork().did, midnightIn(3), "of somebody else");
    given(await calendarOf(host.did).confirmBooking({ uid: asked.uid, callerDid: host.did }));
    given(await calendarOf(host.did).confirmBooking({ uid: other.uid, callerDid: host.did }));
    await relayed(4);

    const { text, json } = await exported(await visitor(bookerDid));
    expect(json).toMatchObject({
      account: { did: bookerDid },
      bookings: { asHost: [], asBooker: [{ uid: asked.uid, status: "confirmed", note: "of the booker" }] },
      notifications: [{ kind: "booking.confirmed", bookingUid: asked.uid }],
      blocked: [],
      calendars: [],
      webhooks: [],
      decisions: { logSeqBefore: 0, bookings: [], log: [] },
    });
    expect(text).not.toContain("of somebody else");
    expect(text).not.toContain(other.uid);
    expect(verdictOn(text)).toMatchObject({ findings: [], rows: 0 });
  });

  it("of somebody with nothing has nothing, and makes their authority no storage", async () => {
    await asksFor(bookerDid, midnightIn(2), "not theirs");
    const nobody = hostOnTheNetwork();
    const { json } = await exported(await visitor(nobody.did));
    expect(json).toEqual({
      exportedAt: expect.any(String),
      account: { did: nobody.did, handle: expect.any(String) },
      settings: {},
      email: { offered: false, reminders: true },
      bookings: { asHost: [], asBooker: [] },
      notifications: [],
      blocked: [],
      calendars: [],
      webhooks: [],
      decisions: { logSeqBefore: 0, bookings: [], log: [] },
    });
    await runInDurableObject(env.HOST_CALENDAR.getByName(nobody.did), (_, { storage }) => {
      const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'bookings'");
      expect(tables.toArray()).toEqual([]);
    });
  });
});

it("is nothing for who is not signed in", async () => {
  const answer = await Visitor.nobody().call(EXPORT.path);
  expect([answer.status, await answer.json()]).toMatchObject([401, { error: "SignInRequired" }]);
});

it("shows nothing that somebody could sign in with", async () => {
  await asksFor(bookerDid, midnightIn(2), "here");
  const { secret: webhookSecret } = given(await calendarOf(host.did).addWebhook("https://example.com/hooks"));
  const page = await Visitor.signedIn(host.did);
  const { text, json } = await exported(page);
  const { keys } = await env.WEB_SESSIONS.list();
  const ids = keys.map(({ name }) => name.slice(name.lastIndexOf(":") + 1));
  expect(ids.length).toBeGreaterThan(0);
  expect(json.webhooks).toMatchObject([{ url: "https://example.com/hooks", state: "on", deliveries: [] }]);
  const secrets = [...ids, env.WEB_SESSION_KEY, webhookSecret.slice("whsec_".length), "whsec_"];
  for (const secret of [...secrets, "__Host-session", "Bearer", "requestId"]) {
    expect(text).not.toContain(secret);
  }
  expect(Object.keys(json)).toEqual(
    "exportedAt account settings email bookings notifications blocked calendars webhooks decisions".split(
      " ",
    ),
  );
});

describe("an export of many pages", () => {
  const COUNT = 1_203;
  const uids = Array.from({ length: COUNT }, () => crypto.randomUUID());

  /** Cancelled bookings: nothing of theirs is owed or in each other's way. */
  const many = (): Booking[] =>
    uids.map((uid, index) => ({
      uid,
      sequence: 0,
      status: "cancelled",
      host: { did: host.did, handle: "host.test" },
      booker: { did: bookerDid, handle: "booker.test" },
      meetingType: { rkey: "intro", title: "Introduction" },
      availabilityRkey: "always",
      start: Math.floor(index / 3) * HOUR_MS,
      end: Math.floor(index / 3) * HOUR_MS + HOUR_MS,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      timeZone: "UTC",
      createdAt: 0,
    }));

  beforeEach(async () => {
    await calendarOf(host.did).getHost();
    await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
      const log = new DecisionLog(storage.sql);
      for (const booking of many()) {
        log.append(booking, saveBooking(storage.sql, booking), "cancelled", bookerDid, 0);
      }
    });
    const told = uids.map((uid, index) => ({
      id: uid,
      recipientDid: host.did,
      kind: "booking.cancelled" as const,
      bookingUid: uid,
      otherHandle: "booker.test",
      meetingTitle: "Introduction",
      start: 0,
      createdAt: Math.floor(index / 5),
    }));
    await env.DB.batch([upsertBookings(env.DB, many(), 0), insertNotifications(env.DB, told)]);
  });

  it("has everything once", async () => {
    const { text, json } = await exported(await Visitor.signedIn(host.did));
    expect(verdictOn(text)).toMatchObject({ findings: [], rows: COUNT, bookings: COUNT });
    expect(json.bookings.asHost.map(({ uid }) => uid).toSorted()).toEqual(uids.toSorted());
    expect(json.notifications.map(({ id }) => id).toSorted()).toEqual(uids.toSorted());
    const theirs = await exported(await Visitor.signedIn(bookerDid));
    expect(theirs.json.bookings.asBooker).toHaveLength(COUNT);
  });

  it("can be checked also when bookings are made and changed while it is written", async () => {
    const asked = await asksFor(bookerDid, midnightIn(2), "before");
    const answer = await (await Visitor.signedIn(host.did)).call(EXPORT.path);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += piece.value;
      if (text.endsWith('"asHost":')) {
        given(await move(host.did, bookerDid, asked.uid, midnightIn(3)));
        await asksFor(bookerDid, midnightIn(4), "meanwhile");
      }
    }
    expect(verdictOn(text)).toMatchObject({ findings: [], rows: COUNT + 3 });
    const { decisions } = JSON.parse(text) as AccountExportJson;
    expect(decisions.logSeqBefore).toBe(COUNT + 1);
  });
});

describe("a list that is being sent", () => {
  it("is not read before somebody takes it, and breaks off where it cannot be read to its end", async () => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const read = vi.fn(async (count: number) => {
      if (count > 0) throw new TypeError("a secret");
      return [1, 2];
    });
    const stream = streamJson({ list: pagesOf<number>(2, read) });
    expect(read).not.toHaveBeenCalled();
    await expect(new Response(stream).text()).rejects.toThrow();
    expect(read).toHaveBeenCalledTimes(2);
    expect(logged.mock.calls).toEqual([["an answer broke off", "TypeError"]]);
  });

  it("is the JSON of the same value", async () => {
    const list = [1, 2, 3, 4, 5];
    for (const size of [1, 2, 4, 5, 6]) {
      const pages = pagesOf<number>(size, async (count) => list.slice(count, count + size));
      const value = (items: unknown) => ({
        a: "é\ud800",
        empty: [],
        list: items,
        deep: { list: items, z: null },
      });
      const stream = streamJson({ ...value(pages), deep: { list: [...list], z: null } });
      expect(await new Response(stream).text()).toBe(JSON.stringify(value(list)));
    }
  });
});
