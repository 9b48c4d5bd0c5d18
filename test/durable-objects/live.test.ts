import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LiveJson } from "../../worker/wire.ts";
import { Visitor } from "../worker/support/visitor.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { booker, calendarOf, given, midnightIn } from "./support/booker.ts";
import { calendarWith } from "./support/feed.ts";
import { feedOnTheNetwork, type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";

const HALF_HOUR_MS = 30 * 60_000;
const sockets: WebSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A viewer who has seen everything up to `after`. */
async function watch(host: HostOnTheNetwork, after?: number) {
  const query = after === undefined ? "" : `?after=${after}`;
  const answer = await Visitor.nobody().call(`/api/hosts/${host.did}/live${query}`, {
    headers: { upgrade: "websocket" },
  });
  expect(answer.status).toBe(101);
  const socket = answer.webSocket;
  if (!socket) throw new Error("no socket");
  const texts: string[] = [];
  socket.addEventListener("message", ({ data }) => texts.push(String(data)));
  socket.accept();
  sockets.push(socket);
  return {
    socket,
    texts,
    /** The messages so far, as soon as there are `count`. */
    async hears(count: number): Promise<LiveJson[]> {
      await vi.waitFor(() => expect(texts.length).toBeGreaterThanOrEqual(count));
      return texts.map((text) => JSON.parse(text) as LiveJson);
    },
  };
}

function period(start: number, state: "taken" | "freed") {
  return { start: rfc3339(start), end: rfc3339(start + HALF_HOUR_MS), state };
}

describe("a viewer", () => {
  it("hears what is taken and freed, by whatever way, and nothing about anybody", async () => {
    const host = hostOnTheNetwork();
    const viewer = await watch(host);
    const ann = booker(host.did, "ann");
    const [one, two] = [midnightIn(2), midnightIn(3)];
    const hold = given(await ann.holds(one));
    const { uid } = given(await ann.asksFor(one, { holdId: hold.id, note: "secret-7319" }));
    given(await ann.movesTo(uid, two));
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }));
    const [hello, ...told] = await viewer.hears(5);
    expect(hello?.changes).toEqual([]);
    expect(told.flatMap(({ changes }) => changes)).toEqual([
      period(one, "taken"),
      period(one, "taken"),
      period(one, "freed"),
      period(two, "taken"),
      period(two, "freed"),
    ]);
    const seqs = [hello, ...told].map((message) => message?.seq ?? 0);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(viewer.texts.join("")).not.toMatch(/ann|secret|did:/);
  });

  it("hears nothing of what was refused or rolled back", async () => {
    const host = hostOnTheNetwork();
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    const viewer = await watch(host);
    await booker(host.did, "ben").asksFor(midnightIn(2));
    given(await booker(host.did, "ben").asksFor(midnightIn(3)));
    const messages = await viewer.hears(2);
    expect(messages.flatMap(({ changes }) => changes)).toEqual([period(midnightIn(3), "taken")]);
  });

  it("who comes back hears what they missed", async () => {
    const host = hostOnTheNetwork();
    const [hello] = await (await watch(host)).hears(1);
    given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    given(await booker(host.did, "ann").asksFor(midnightIn(3)));
    const [missed] = await (await watch(host, hello?.seq)).hears(1);
    expect(missed).toEqual({
      seq: (hello?.seq ?? 0) + 2,
      changes: [period(midnightIn(2), "taken"), period(midnightIn(3), "taken")],
    });
    const [nothing] = await (await watch(host, missed?.seq)).hears(1);
    expect(nothing).toEqual({ seq: missed?.seq, changes: [] });
  });

  it("who missed too much, or comes with a number of another life, is told to ask for everything", async () => {
    const host = hostOnTheNetwork();
    const [hello] = await (await watch(host)).hears(1);
    const ann = booker(host.did, "ann");
    for (let turn = 0; turn < 101; turn += 1) {
      const { id } = given(await ann.holds(midnightIn(2)));
      await calendarOf(host.did).releaseHold(id, ann.did);
    }
    for (const after of [hello?.seq ?? 0, 0, 12, 9_000_000_000_000_000]) {
      expect((await (await watch(host, after)).hears(1))[0]).toMatchObject({ isReset: true, changes: [] });
    }
  });

  // Putting an object to sleep waits for what is under way, eight seconds long.
  it(
    "stays connected while the object sleeps, and hears the next change when it wakes",
    { timeout: 30_000 },
    async () => {
      const host = hostOnTheNetwork();
      const viewer = await watch(host);
      await viewer.hears(1);
      await evictDurableObject(env.HOST_CALENDAR.getByName(host.did), { webSockets: "hibernate" });
      given(await booker(host.did, "ann").asksFor(midnightIn(2)));
      const [hello, woken] = await viewer.hears(2);
      expect(woken?.changes).toEqual([period(midnightIn(2), "taken")]);
      expect(woken?.seq).toBeGreaterThan(hello?.seq ?? 0);
    },
  );

  it("is told to ask for everything when a whole calendar comes, and so is who comes back after that", async () => {
    const host = hostOnTheNetwork();
    const starts = Array.from({ length: 250 }, (_, half) => midnightIn(2) + 4 * half * HALF_HOUR_MS);
    const { url } = feedOnTheNetwork(() => calendarWith(...starts));
    const viewer = await watch(host);
    const [hello] = await viewer.hears(1);
    given(await booker(host.did, "ann").asksFor(midnightIn(2) + HALF_HOUR_MS));
    given(await calendarOf(host.did).connectCalendars({ kind: "feed", label: "Work", access: url }));
    const [, , told] = await viewer.hears(3);
    expect(told).toEqual({ seq: (hello?.seq ?? 0) + 2, isReset: true, changes: [] });
    given(await booker(host.did, "ann").asksFor(midnightIn(2) + 2 * HALF_HOUR_MS));
    const [back] = await (await watch(host, hello?.seq)).hears(1);
    expect(back).toEqual({ ...told, seq: (hello?.seq ?? 0) + 3 });
  });

  it("has nothing to say: a ping is answered, anything else ends it", async () => {
    const host = hostOnTheNetwork();
    const viewer = await watch(host);
    viewer.socket.send("ping");
    await vi.waitFor(() => expect(viewer.texts).toContain("pong"));
    const closed = Promise.withResolvers<number>();
    viewer.socket.addEventListener("close", ({ code }) => closed.resolve(code));
    viewer.socket.send("x".repeat(100_000));
    expect(await closed.promise).toBe(1008);
  });
});

describe("the address of the live view", () => {
  it.each([
    ["", {}, 426],
    ["?after=-1", { upgrade: "websocket" }, 400],
    ["?after=soon", { upgrade: "websocket" }, 400],
    ["?after=1&after=2", { upgrade: "websocket" }, 400],
  ])("%j with %j is %d", async (query, headers, status) => {
    const host = hostOnTheNetwork();
    const answer = await Visitor.nobody().call(`/api/hosts/${host.did}/live${query}`, { headers });
    expect(answer.status).toBe(status);
    expect(Object.keys(await answer.json<object>())).toEqual(["error", "message"]);
  });

  it("of somebody who cannot be booked here is 404", async () => {
    const host = hostOnTheNetwork();
    host.setBroker("did:web:other.example");
    const answer = await Visitor.nobody().call(`/api/hosts/${host.did}/live`, {
      headers: { upgrade: "websocket" },
    });
    expect(answer.status).toBe(404);
  });
});
