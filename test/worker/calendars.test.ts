import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { BookingJson, ConnectionJson, ConnectionListJson } from "../../worker/wire.ts";
import { channelToken } from "../../durable-objects/calendars/channel-token.ts";
import { booker, calendarOf, midnightIn } from "../durable-objects/support/booker.ts";
import { calendarWith } from "../durable-objects/support/feed.ts";
import {
  feedOnTheNetwork,
  type HostOnTheNetwork,
  hostOnTheNetwork,
} from "../durable-objects/support/host-on-the-network.ts";
import { inStorage } from "../durable-objects/support/time.ts";
import { Visitor } from "./support/visitor.ts";

const HOUR_MS = 60 * 60_000;
const PATH = "/api/calendar/connections";

let host: HostOnTheNetwork;
let page: Visitor;

beforeEach(async () => {
  host = hostOnTheNetwork();
  page = await Visitor.signedIn(host.did);
});

async function connected(url: string): Promise<ConnectionJson> {
  const answer = await page.call(PATH, { body: { kind: "feed", label: "Work", url } });
  expect(answer.status).toBe(201);
  return (await answer.json<{ connection: ConnectionJson }>()).connection;
}

function choose(id: string, body: object): Promise<Response> {
  return page.call(`${PATH}/${id}`, { method: "PUT", body });
}

describe("a connected account", () => {
  it("is shown with its calendars and without its address, and Google is offered only where it is set up", async () => {
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const { id } = await connected(feed.url);
    const answer = await page.call(PATH);
    const text = await answer.text();
    expect(text).not.toContain("calendars.example.com");
    expect(JSON.parse(text)).toMatchObject({
      connections: [
        { id, kind: "feed", label: "Work", state: "ok", calendars: [{ name: "Work", blocks: true }] },
      ],
      offersGoogle: false,
    } satisfies Partial<Record<keyof ConnectionListJson, unknown>>);
  });

  it("blocks no more when its host says so, and again when they say that", async () => {
    const day = midnightIn(2);
    const feed = feedOnTheNetwork(() => calendarWith(day));
    const { id, calendars } = await connected(feed.url);
    const ask = () => booker(host.did, crypto.randomUUID().slice(0, 8)).asksFor(day);
    expect((await choose(id, { blocking: [] })).status).toBe(200);
    expect(await ask()).toMatchObject({ ok: true });
    feed.answers(() => calendarWith(day, day + 6 * HOUR_MS));
    const again = await choose(id, { blocking: [calendars[0]?.id] });
    expect(await again.json()).toMatchObject({ connection: { calendars: [{ blocks: true }] } });
    expect(await booker(host.did, "ann").asksFor(day + 6 * HOUR_MS)).toMatchObject({
      refusal: { code: "SlotTaken" },
    });
  });

  it("is not chosen to block while it cannot be read: what is busy in it would not be known", async () => {
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const { id, calendars } = await connected(feed.url);
    await choose(id, { blocking: [] });
    feed.answers(() => new Response(null, { status: 500 }));
    const answer = await choose(id, { blocking: [calendars[0]?.id] });
    expect([answer.status, await answer.json()]).toMatchObject([422, { error: "CalendarUnreadable" }]);
    const { connections } = await (await page.call(PATH)).json<ConnectionListJson>();
    expect(connections[0]?.calendars).toMatchObject([{ blocks: false }]);
  });

  it("takes no bookings where nobody can write", async () => {
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const { id, calendars } = await connected(feed.url);
    const answer = await choose(id, { blocking: [], takesBookings: calendars[0]?.id });
    expect([answer.status, await answer.json()]).toMatchObject([403, { error: "NotAllowed" }]);
  });

  it("gets a new address in the place of one that leads nowhere any more, and keeps what was busy until then", async () => {
    const day = midnightIn(2);
    const old = feedOnTheNetwork(() => calendarWith(day));
    const { id } = await connected(old.url);
    old.answers(() => new Response(null, { status: 404 }));
    await page.call(`${PATH}/${id}/refresh`, { method: "POST" });
    const feed = feedOnTheNetwork(() => calendarWith(day + 6 * HOUR_MS));
    const body = { kind: "feed", url: feed.url };
    const answer = await page.call(`${PATH}/${id}/access`, { method: "PUT", body });
    expect(await answer.json()).toMatchObject({
      connection: { id, state: "ok", calendars: [{ blocks: true }] },
    });
    expect(await booker(host.did, "ann").asksFor(day)).toMatchObject({ ok: true });
  });

  it("that is not there is 404, whatever is asked of it", async () => {
    await calendarOf(host.did).getHost();
    const url = feedOnTheNetwork(() => calendarWith()).url;
    const answers = [
      await choose("none", { blocking: [] }),
      await page.call(`${PATH}/none/refresh`, { method: "POST" }),
      await page.call(`${PATH}/none/access`, { method: "PUT", body: { kind: "feed", url } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it.each([
    [{ kind: "ldap", label: "x", url: "https://example.com" }],
    [{ kind: "caldav", label: "x", url: "https://example.com", username: "a" }],
    [{ kind: "caldav", label: "x", url: "https://example.com", username: "a:b", password: "p" }],
    [{ kind: "caldav", label: "x", url: "https://10.0.0.1", username: "a", password: "p" }],
    [{ kind: "google", label: "x" }],
  ])("is not made of %j", async (body) => {
    const answer = await page.call(PATH, { body });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: "InvalidRequest" }]);
  });
});

describe("what was known of the host's calendars", () => {
  it("is on the booking for its host, and not for its booker", async () => {
    const day = midnightIn(2);
    const feed = feedOnTheNetwork(() => calendarWith(day));
    await connected(feed.url);
    const ann = hostOnTheNetwork();
    const asked = await booker(host.did, ann.did.slice("did:plc:".length)).asksFor(day + 6 * HOUR_MS);
    const uid = asked.ok ? asked.value.uid : "";
    const shown = async (did: string) => {
      const answer = await (await Visitor.signedIn(did)).call(`/api/bookings/${uid}`);
      return (await answer.json<{ booking: BookingJson }>()).booking.calendarsSeen;
    };
    expect(await shown(host.did)).toEqual({ asOf: expect.stringMatching(/Z$/), isCurrent: true });
    expect(await shown(ann.did)).toBeUndefined();
  });
});

describe("what becomes of requests while a calendar is silent", () => {
  it.each(["refuse", "ask", "trust"])("is the host's setting: %s", async (onSilentCalendar) => {
    const put = await page.call("/api/settings", { method: "PUT", body: { onSilentCalendar } });
    expect(put.status).toBe(200);
    expect(await (await page.call("/api/settings")).json()).toEqual({ settings: { onSilentCalendar } });
    await page.call("/api/settings", { method: "PUT", body: {} });
    expect(await (await page.call("/api/settings")).json()).toEqual({ settings: {} });
  });

  it("is nothing else", async () => {
    const put = await page.call("/api/settings", { method: "PUT", body: { onSilentCalendar: "guess" } });
    expect(put.status).toBe(400);
  });
});

describe("Google", () => {
  it("is not there where it is not set up", async () => {
    const answer = await page.call("/api/calendar/google", { body: {} });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: "NotOffered" }]);
  });

  it.each([
    ["nobody is signed in", () => Visitor.nobody(), "?state=s&code=c", "failed"],
    ["the state was not begun here", () => page, "?state=s&code=c", "failed"],
    ["there is no state", () => page, "?code=c", "failed"],
    ["they said no", () => page, "?state=s&error=access_denied", "denied"],
  ] as const)("sends people back to their settings when %s", async (_what, who, query, outcome) => {
    const answer = await who().call(`/api/calendar/google/callback${query}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/settings?calendar=${outcome}`]);
  });

  it("is heard when it names a channel with our token, and reads soon; anybody else is not", async () => {
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const { id, nextRefreshAt } = await connected(feed.url);
    const channelId = crypto.randomUUID();
    await inStorage(host.did, ({ sql }) =>
      sql.exec("INSERT INTO push_channels VALUES (?, 'c', ?, 'r', 9e15)", channelId, id),
    );
    const push = (token: string, state = "exists") =>
      Visitor.nobody().call("/api/calendar/google/push", {
        method: "POST",
        headers: {
          "x-goog-channel-id": channelId,
          "x-goog-channel-token": token,
          "x-goog-resource-state": state,
        },
      });
    const planned = async () =>
      (await (await page.call(PATH)).json<ConnectionListJson>()).connections[0]?.nextRefreshAt;
    const token = (await channelToken(env, host.did, channelId)) ?? "";
    const stranger = (await channelToken(env, host.did, crypto.randomUUID())) ?? "";
    for (const wrong of [
      "",
      `${host.did}.AAAA`,
      stranger,
      `did:plc:aaaaaaaaaaaaaaaaaaaaaaaa${token.slice(32)}`,
    ]) {
      expect((await push(wrong)).status).toBe(204);
    }
    expect((await push(token, "sync")).status).toBe(204);
    expect(await planned()).toBe(nextRefreshAt);
    expect((await push(token)).status).toBe(204);
    expect(Date.parse((await planned()) ?? "")).toBeLessThan(Date.now() + 10_000);
  });
});
