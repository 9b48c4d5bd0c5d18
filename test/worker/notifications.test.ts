/** The bell at the door: open pages hear when there is something new, and what is old goes. */

import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { insertNotifications } from "../../adapters/d1/notification-rows.ts";
import { DAY, MINUTE } from "../../scheduling/time-zone.ts";
import worker from "../../worker/index.ts";
import type { LiveJson, NotificationListJson } from "../../worker/wire.ts";
import { booker, given, midnightIn } from "../durable-objects/support/booker.ts";
import { hostOnTheNetwork } from "../durable-objects/support/host-on-the-network.ts";
import { Visitor } from "./support/visitor.ts";

const LIVE = "/api/notifications/live";
const UPGRADE = { upgrade: "websocket" };
const sockets: WebSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** What one of their pages hears; `after` is the last message it knows. */
async function page(visitor: Visitor, after?: number): Promise<LiveJson[]> {
  const query = after === undefined ? "" : `?after=${after}`;
  const answer = await visitor.call(LIVE + query, { headers: UPGRADE });
  expect(answer.status).toBe(101);
  const socket = answer.webSocket;
  if (!socket) throw new Error("no socket");
  const heard: LiveJson[] = [];
  socket.addEventListener("message", ({ data }) => {
    heard.push(JSON.parse(String(data)) as LiveJson);
  });
  socket.accept();
  sockets.push(socket);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  return heard;
}

async function bell(visitor: Visitor): Promise<NotificationListJson> {
  return (await visitor.call("/api/notifications")).json();
}

describe("an open page", () => {
  it("hears that a notification has come once it can be read, and nothing of what it says", async () => {
    const host = hostOnTheNetwork();
    const visitor = await Visitor.signedIn(host.did);
    const stranger = await page(await Visitor.signedIn(hostOnTheNetwork().did));
    const heard = await page(visitor);
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect((await bell(visitor)).unread).toBe(1);
    expect(heard[1]).toEqual({ seq: (heard[0]?.seq ?? 0) + 1, isReset: true, changes: [] });
    expect(stranger).toHaveLength(1);
  });

  it("that comes back hears whether it has missed something", async () => {
    const host = hostOnTheNetwork();
    const visitor = await Visitor.signedIn(host.did);
    const [hello] = await page(visitor);
    expect((await page(visitor, hello?.seq))[0]?.isReset).toBeUndefined();
    const heard = await page(visitor);
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect((await page(visitor, hello?.seq))[0]?.isReset).toBe(true);
  });

  it("is one of this site, and of somebody who is signed in", async () => {
    const visitor = await Visitor.signedIn(hostOnTheNetwork().did);
    const statusOf = async (who: Visitor, headers: Record<string, string>) =>
      (await who.call(LIVE, { headers })).status;
    expect(await statusOf(Visitor.nobody(), UPGRADE)).toBe(401);
    expect(await statusOf(visitor, { ...UPGRADE, origin: "https://elsewhere.example" })).toBe(403);
    expect(await statusOf(visitor, {})).toBe(426);
  });
});

describe("a notification", () => {
  it("is kept for ninety days: shown and counted so long, then deleted by the daily call", async () => {
    const { did } = hostOnTheNetwork();
    const now = Date.now();
    const added = [90 * DAY + MINUTE, 90 * DAY - MINUTE].map((age) => ({
      id: `${did}/${age}`,
      recipientDid: did,
      kind: "booking.confirmed" as const,
      bookingUid: "some-uid",
      otherHandle: "ann.test",
      meetingTitle: "Introduction",
      start: now,
      createdAt: now - age,
    }));
    await insertNotifications(env.DB, added).run();
    const { notifications, unread } = await bell(await Visitor.signedIn(did));
    expect(notifications.map(({ id }) => id)).toEqual([added[1]?.id]);
    expect(unread).toBe(1);

    const scheduledTime = new Date(now);
    await worker.scheduled(createScheduledController({ scheduledTime, cron: "" }), env);
    const { results } = await env.DB.prepare("SELECT id FROM notifications WHERE recipient_did = ?")
      .bind(did)
      .all();
    expect(results).toEqual([{ id: added[1]?.id }]);
  });
});
