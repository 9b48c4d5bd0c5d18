import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { calendarOf, given } from "../support/booker.ts";
import { hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { haveKeys, keysInUse } from "../support/sealing-keys.ts";
import { inStorage } from "../support/time.ts";
import { first, receiverOf, webhookHost } from "../support/webhook-host.ts";

const [SECOND_MS, HOUR_MS, DAY_MS] = [1_000, 3_600_000, 86_400_000];

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

describe("a host's webhooks", () => {
  it("are five at most, also when ten are added at once", async () => {
    const { host } = await webhookHost(0);
    const calendar = calendarOf(host.did);
    const added = await Promise.all(
      Array.from({ length: 10 }, (_, index) => calendar.addWebhook(`https://example.com/${index}`)),
    );
    expect(added.filter(({ ok }) => ok)).toHaveLength(5);
    expect(added.find(({ ok }) => !ok)).toMatchObject({ refusal: { code: "TooManyWebhooks", max: 5 } });
    const webhooks = await calendar.listWebhooks();
    expect(webhooks).toHaveLength(5);
    await calendar.removeWebhook(first(webhooks).id);
    expect(await calendar.addWebhook("https://example.com/next")).toMatchObject({ ok: true });
  });

  it("have a secret of their own each, which is given once, and neither it nor the address is stored as it is", async () => {
    const { host } = await webhookHost(0);
    const [one, other] = [
      given(await calendarOf(host.did).addWebhook("https://example.com/hooks?token=unguessable")),
      given(await calendarOf(host.did).addWebhook("https://example.com/hooks?token=unguessable")),
    ];
    expect(one.secret).not.toBe(other.secret);
    expect(one.webhook.url).toBe("https://example.com/hooks?token=unguessable");
    const listed = JSON.stringify(await calendarOf(host.did).listWebhooks());
    expect(listed).not.toContain(one.secret.slice("whsec_".length));
    await inStorage(host.did, ({ sql }) => {
      const stored = sql
        .exec("SELECT * FROM webhooks")
        .toArray()
        .flatMap((row) => Object.values(row))
        .map((value) =>
          value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value),
        );
      expect(stored.join()).not.toMatch(/whsec_|example\.com|unguessable/);
      expect(stored.join()).not.toContain(one.secret.slice("whsec_".length));
    });
  });

  it("are for hosts: who is none gets none, and their authority no storage", async () => {
    const nobody = hostOnTheNetwork();
    nobody.setBroker("did:web:another.example");
    const calendar = calendarOf(nobody.did);
    expect(await calendar.addWebhook("https://example.com/")).toMatchObject({
      refusal: { code: "HostNotFound" },
    });
    expect(await calendar.listWebhooks()).toEqual([]);
    expect(await calendar.pingWebhook("unheard-of")).toMatchObject({ refusal: { code: "WebhookNotFound" } });
    expect(await calendar.enableWebhook("unheard-of")).toMatchObject({
      refusal: { code: "WebhookNotFound" },
    });
    expect(await calendar.replayToWebhook("unheard-of", "msg_1")).toMatchObject({
      refusal: { code: "WebhookNotFound" },
    });
    await calendar.removeWebhook("unheard-of");
    await runInDurableObject(env.HOST_CALENDAR.getByName(nobody.did), (_, { storage: { sql } }) => {
      expect(sql.exec("SELECT name FROM sqlite_master WHERE name = 'webhooks'").toArray()).toEqual([]);
    });
  });

  it("are let go of with all that was sent and is owed to them, and with nothing of another one", async () => {
    const { host, receivers, asks, settles, owed } = await webhookHost(2);
    const [goes, stays] = receivers;
    if (!goes || !stays) throw new Error("there are two");
    receivers.forEach(({ answers }) => answers(() => 500));
    await asks(10);
    await settles();
    await calendarOf(host.did).removeWebhook(goes.id);
    expect((await owed()).effects).toHaveLength(1);
    expect(await calendarOf(host.did).listWebhooks()).toMatchObject([
      { id: stays.id, deliveries: [{ state: "waiting" }] },
    ]);
    await inStorage(host.did, ({ sql }) => {
      expect(sql.exec("SELECT DISTINCT webhook_id FROM webhook_deliveries").toArray()).toEqual([
        { webhook_id: stays.id },
      ]);
    });
    await settles(DAY_MS);
    expect(goes.received).toHaveLength(1);
  });

  it("let go of while they are called, leave nothing behind", async () => {
    const { host, receivers, asks, settles, owed } = await webhookHost();
    const { answers, id } = first(receivers);
    answers(async () => {
      await calendarOf(host.did).removeWebhook(id);
      return 500;
    });
    await asks(10);
    await settles();
    expect(await owed()).toMatchObject({ effects: [], parked: 0 });
    await inStorage(host.did, ({ sql }) => {
      expect(sql.exec("SELECT 1 FROM webhook_deliveries").toArray()).toEqual([]);
    });
  });
});

describe("a test", () => {
  it("is a signed message that says nothing", async () => {
    const { host, receivers, settles } = await webhookHost();
    const { id, received, seen } = first(receivers);
    given(await calendarOf(host.did).pingWebhook(id));
    await settles();
    expect(received).toMatchObject([{ type: "ping", data: {} }]);
    expect(await seen()).toMatchObject({ deliveries: [{ type: "ping", state: "delivered", status: 204 }] });
  });

  it("that waits is tried again by the next one, so that nobody is called by a host's hand more than once at a time", async () => {
    const { host, receivers, settles, owed } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    answers(() => 500);
    for (let count = 0; count < 20; count += 1) given(await calendarOf(host.did).pingWebhook(id));
    expect((await owed()).effects).toHaveLength(1);
    await settles();
    expect(received).toHaveLength(1);
    await settles(HOUR_MS);
    answers(() => 204);
    const before = received.length;
    given(await calendarOf(host.did).pingWebhook(id));
    await settles();
    expect(received).toHaveLength(before + 1);
    expect(new Set(received.map((each) => each.id)).size).toBe(1);
    expect(await seen()).toMatchObject({ deliveries: [{ state: "delivered", attempts: 1 }] });
    expect((await seen()).deliveries).toHaveLength(1);
  });
});

describe("sending again", () => {
  it("sends the same message, with its own id and a new signature", async () => {
    const { host, receivers, asks, settles } = await webhookHost();
    const { id, received, seen } = first(receivers);
    await asks(10);
    await settles();
    await settles(2 * SECOND_MS);
    const [sent] = (await seen()).deliveries;
    expect(given(await calendarOf(host.did).replayToWebhook(id, sent?.id ?? ""))).toMatchObject({
      deliveries: [{ state: "waiting", attempts: 0 }],
    });
    await settles();
    expect(received).toHaveLength(2);
    const [before, again] = received;
    expect([again?.id, again?.body]).toEqual([before?.id, before?.body]);
    expect(again?.signature).not.toBe(before?.signature);
    expect(await seen()).toMatchObject({ deliveries: [{ state: "delivered", attempts: 1 }] });
  });

  it("does not wait where the message backs off, nor what stands before it, and has ten tries again", async () => {
    const { host, receivers, asks, confirms, settles, owed } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    answers(() => 500);
    const booking = await asks(10);
    await settles();
    await confirms(booking);
    await settles(8 * HOUR_MS);
    expect((await owed()).effects).toMatchObject([{ attempts: expect.any(Number) }, { attempts: 0 }]);
    answers(() => 204);
    const before = received.length;
    const [confirmed] = (await seen()).deliveries;
    given(await calendarOf(host.did).replayToWebhook(id, confirmed?.id ?? ""));
    await settles();
    expect(received.slice(before).map(({ type }) => type)).toEqual([
      "booking.requested",
      "booking.confirmed",
    ]);
  });

  it("of one that failed for good is tried ten times more", async () => {
    const { host, receivers, settles } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    answers(() => 500);
    given(await calendarOf(host.did).pingWebhook(id));
    await settles(4 * DAY_MS);
    expect(await seen()).toMatchObject({ deliveries: [{ state: "failed", attempts: 10 }] });
    given(await calendarOf(host.did).replayToWebhook(id, first((await seen()).deliveries).id));
    await settles(HOUR_MS);
    expect(received).toHaveLength(10 + 4);
    expect(await seen()).toMatchObject({ deliveries: [{ state: "waiting", attempts: 4 }] });
  });

  it("of one that waits begins its tries anew, so that it never becomes the operator's", async () => {
    const { host, receivers, settles, owed } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    answers(() => 500);
    given(await calendarOf(host.did).pingWebhook(id));
    await settles(HOUR_MS);
    given(await calendarOf(host.did).replayToWebhook(id, first((await seen()).deliveries).id));
    await settles(4 * DAY_MS);
    expect(received).toHaveLength(4 + 10);
    expect(await seen()).toMatchObject({ deliveries: [{ state: "failed", attempts: 10 }] });
    expect(await owed()).toMatchObject({ effects: [], parked: 0 });
  });

  it("after it was off for a while does not wait for a try of long ago", async () => {
    const { host, receivers, asks, settles, owed } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    answers(() => 500);
    await asks(10);
    await settles(8 * HOUR_MS);
    answers(() => 410);
    given(await calendarOf(host.did).pingWebhook(id));
    await settles();
    expect((await owed()).effects).toEqual([]);
    expect(await seen()).toMatchObject({ isOn: false });
    answers(() => 204);
    given(await calendarOf(host.did).enableWebhook(id));
    const before = received.length;
    const requested = first((await seen()).deliveries.filter(({ type }) => type === "booking.requested"));
    given(await calendarOf(host.did).replayToWebhook(id, requested.id));
    await settles();
    expect(received.slice(before).map(({ type }) => type)).toEqual(["booking.requested"]);
  });

  it("is refused for what was never sent, and to what is off", async () => {
    const { host, receivers, asks, settles } = await webhookHost(2);
    const [one, other] = receivers;
    const calendar = calendarOf(host.did);
    await asks(10);
    await settles();
    const sent = first((await one?.seen())?.deliveries ?? []).id;
    expect(await calendar.replayToWebhook(one?.id ?? "", "msg_0")).toMatchObject({
      refusal: { code: "WebhookNotFound" },
    });
    expect(await calendar.replayToWebhook("unheard-of", sent)).toMatchObject({
      refusal: { code: "WebhookNotFound" },
    });
    other?.answers(() => 410);
    given(await calendar.pingWebhook(other?.id ?? ""));
    await settles();
    expect(await calendar.replayToWebhook(other?.id ?? "", sent)).toMatchObject({
      refusal: { code: "WebhookOff" },
    });
  });
});

describe("the log", () => {
  it("has the newest fifty, and all that waits for its turn", async () => {
    const { host, receivers, asks, confirms, settles } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    const isWaiting = await asks(1, "first");
    answers(({ data }) => (data.booking?.uid === isWaiting.uid ? 500 : 204));
    await settles();
    for (let count = 0; count < 60; count += 1) {
      given(await calendarOf(host.did).pingWebhook(id));
      await settles();
    }
    const { deliveries } = await seen();
    expect(deliveries).toHaveLength(50);
    expect(deliveries.every(({ type, state }) => type === "ping" && state === "delivered")).toBe(true);
    const kept = () =>
      inStorage(host.did, ({ sql }) => sql.exec("SELECT count(*) AS n FROM webhook_deliveries").one()["n"]);
    expect(await kept()).toBe(51);
    await confirms(isWaiting);
    answers(() => 204);
    await settles(HOUR_MS);
    expect(received.slice(-2).map(({ type }) => type)).toEqual(["booking.requested", "booking.confirmed"]);
    expect(await kept()).toBe(50);
  });

  it("of a webhook that was turned off with much waiting is cut as well", async () => {
    const { host, receivers, asks, settles } = await webhookHost();
    const { answers, id } = first(receivers);
    answers(() => 500);
    for (let count = 0; count < 55; count += 1) await asks(24 * count, `booker${count}`);
    answers(() => 410);
    given(await calendarOf(host.did).pingWebhook(id));
    await settles(10 * SECOND_MS);
    await inStorage(host.did, ({ sql }) => {
      expect(
        sql.exec("SELECT state, count(*) AS n FROM webhook_deliveries GROUP BY state").toArray(),
      ).toEqual([{ state: "failed", n: 50 }]);
    });
  });
});

describe("when the sealing key was rotated", () => {
  it("the operator's reseal moves webhooks, and what they are sent is signed with the same secret", async () => {
    const { host, receivers, asks, settles } = await webhookHost(2);
    const object = env.HOST_CALENDAR.getByName(host.did);
    await haveKeys("both", object);
    expect(await object.resealConnections()).toEqual({ hostDid: host.did, resealed: 2, current: 0, lost: 0 });
    expect(await keysInUse(object)).toEqual(["next"]);
    expect(await object.resealConnections()).toMatchObject({ resealed: 0, current: 2, lost: 0 });
    await haveKeys("next", object);
    await asks(10);
    await settles();
    receivers.forEach(({ received }) => expect(received).toHaveLength(1));
  });

  it("one whose key is gone is counted as lost, has no address to show, calls nobody, and can be let go of", async () => {
    const { host, receivers, asks, settles } = await webhookHost();
    const object = env.HOST_CALENDAR.getByName(host.did);
    const { id, received, seen } = first(receivers);
    await haveKeys("next", object);
    expect(await object.resealConnections()).toMatchObject({ resealed: 0, current: 0, lost: 1 });
    await asks(10);
    await settles();
    expect(received).toEqual([]);
    expect(await seen()).toMatchObject({ url: "", deliveries: [{ state: "waiting", attempts: 1 }] });
    await calendarOf(host.did).removeWebhook(id);
    expect(await calendarOf(host.did).listWebhooks()).toEqual([]);
  });
});

it("webhooks of two hosts have nothing to do with each other", async () => {
  const one = await webhookHost();
  const other = hostOnTheNetwork();
  const theirs = await receiverOf(other);
  await one.asks(10);
  await one.settles();
  expect(first(one.receivers).received).toHaveLength(1);
  expect(theirs.received).toEqual([]);
  expect(await calendarOf(one.host.did).pingWebhook(theirs.id)).toMatchObject({
    refusal: { code: "WebhookNotFound" },
  });
});
