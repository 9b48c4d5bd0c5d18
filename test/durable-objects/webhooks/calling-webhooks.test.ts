import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bookingJson } from "../../../worker/booking-json.ts";
import { calendarOf, given, midnightIn, move } from "../support/booker.ts";
import { calendarWith } from "../support/feed.ts";
import { feedOnTheNetwork } from "../support/host-on-the-network.ts";
import { inStorage } from "../support/time.ts";
import { first, receiverOf, webhookHost } from "../support/webhook-host.ts";
import type { Delivery } from "../../../durable-objects/webhooks/webhook-store.ts";

const [SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS] = [1_000, 60_000, 3_600_000, 86_400_000];

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

const stateOf = ({
  state,
  attempts,
  status,
  problem,
}: Pick<Delivery, "state" | "attempts" | "status" | "problem">) => ({
  state,
  attempts,
  ...(status !== undefined && { status }),
  ...(problem !== undefined && { problem }),
});

describe("a decision", () => {
  it("comes to each webhook that is on, signed, in order, with the booking as its host sees it", async () => {
    const { host, receivers, asks, confirms, cancels, settles, day } = await webhookHost(2);
    const asked = await asks(10);
    const confirmed = await confirms(asked);
    const moved = given(await move(host.did, host.did, asked.uid, day + 15 * HOUR_MS));
    const cancelled = await cancels(moved);
    await settles();
    for (const { received } of receivers) {
      expect(received.map(({ type }) => type)).toEqual(
        ["requested", "confirmed", "rescheduled", "cancelled"].map((event) => `booking.${event}`),
      );
      expect(received.map(({ data }) => data.booking)).toEqual(
        [asked, confirmed, moved, cancelled].map((booking) => bookingJson(booking, host.did)),
      );
      expect(first(received).data.booking).toMatchObject({ note: "about the bridge" });
      expect(new Set(received.map(({ id }) => id)).size).toBe(4);
    }
    const [one, other] = receivers;
    expect(one?.received.map(({ id }) => id)).toEqual(other?.received.map(({ id }) => id));
  });

  it("shows what only its host may see", async () => {
    const { host, receivers, asks, settles } = await webhookHost();
    const access = feedOnTheNetwork(() => calendarWith(midnightIn(2))).url;
    given(await calendarOf(host.did).connectCalendars({ kind: "feed", label: "Work", access }));
    await asks(10);
    await settles();
    expect(first(first(receivers).received).data.booking).toMatchObject({
      calendarsSeen: { isCurrent: true },
    });
  });

  it("of every other kind comes as well, and says when it was made", async () => {
    const { clock, host, receivers, asks, settles } = await webhookHost();
    const [declined] = [await asks(10, "ann"), await asks(11, "bob")];
    const decidedAt = clock.now;
    given(await calendarOf(host.did).declineBooking({ uid: declined.uid, callerDid: host.did }));
    const { received } = first(receivers);
    await settles(4 * DAY_MS);
    expect(received.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["booking.declined", "booking.expired"]),
    );
    const { timestamp } = first(received.filter(({ type }) => type === "booking.declined"));
    expect(Date.parse(timestamp)).toBe(decidedAt);
  });

  it("before a webhook was added is not owed to it", async () => {
    const { host, asks, confirms, settles } = await webhookHost(0);
    const booking = await asks(10);
    const late = await receiverOf(host);
    await confirms(booking);
    await settles();
    expect(late.received.map(({ type }) => type)).toEqual(["booking.confirmed"]);
  });

  it("has an id without full stops, and what the operator sees names no address", async () => {
    const { receivers, asks, settles, owed } = await webhookHost();
    const receiver = first(receivers);
    receiver.answers(() => 500);
    await asks(10);
    await settles();
    expect(first(receiver.received).id).toMatch(/^msg_[0-9a-f]{32}$/);
    const { effects } = await owed();
    expect(effects).toMatchObject([{ kind: "call-webhook", attempts: 1, lastError: "WebhookNotTaken" }]);
    expect(JSON.stringify(effects)).not.toMatch(/example\.com|unguessable|bridge|ann/);
  });

  it("that cannot be written down with what it owes is not made", async () => {
    const { host, asks, owed, receivers, settles } = await webhookHost();
    const fails =
      "CREATE TRIGGER fails BEFORE INSERT ON webhook_deliveries BEGIN SELECT RAISE(ABORT, 'disk'); END";
    await inStorage(host.did, ({ sql }) => sql.exec(fails));
    const failure = await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (calendar) =>
      calendar
        .requestBooking({
          callerDid: "did:plc:ann",
          requestId: "request-1",
          fingerprint: "the same",
          booker: { did: "did:plc:ann", handle: "ann.test" },
          meetingTypeRkey: "intro",
          start: Math.floor(Date.now() / DAY_MS) * DAY_MS + 3 * DAY_MS,
        })
        .catch((error: Error) => error.message),
    );
    expect(failure).toContain("disk");
    expect(await owed()).toMatchObject({ waiting: 0, effects: [] });
    await inStorage(host.did, ({ sql }) => {
      expect(sql.exec("SELECT count(*) AS n FROM bookings").one()).toEqual({ n: 0 });
      sql.exec("DROP TRIGGER fails");
    });
    await asks(10);
    await settles();
    expect(first(receivers).received).toHaveLength(1);
  });
});

describe("what a webhook does not take", () => {
  it("is tried again for three days, with the same id and a new signature, and then it is its host's, not the operator's", async () => {
    const { receivers, asks, settles, owed, told } = await webhookHost();
    const { answers, received, seen } = first(receivers);
    answers(() => 500);
    await asks(10);
    await settles();
    expect((await seen()).deliveries.map(stateOf)).toEqual([{ state: "waiting", attempts: 1, status: 500 }]);
    await settles(4 * DAY_MS);
    const tries = received.filter(({ type }) => type === "booking.requested");
    expect(tries).toHaveLength(10);
    expect(new Set(tries.map(({ id, body }) => id + body)).size).toBe(1);
    expect(new Set(tries.map(({ signature }) => signature)).size).toBe(10);
    const waits = tries.slice(1).map(({ at }, index) => at - (tries[index]?.at ?? 0));
    const suggested = [
      5 * SECOND_MS,
      5 * MINUTE_MS,
      30 * MINUTE_MS,
      ...[2, 5, 10, 14, 20, 24].map((h) => h * HOUR_MS),
    ];
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(suggested[index] ?? 0);
      expect(wait).toBeLessThanOrEqual((suggested[index] ?? 0) * 1.25 + 2 * SECOND_MS);
    });
    const { deliveries, isOn } = await seen();
    const requested = deliveries.filter(({ type }) => type === "booking.requested");
    expect(requested.map(stateOf)).toEqual([{ state: "failed", attempts: 10, status: 500 }]);
    expect(isOn).toBe(true);
    expect((await owed()).effects.filter(({ id }) => id.includes(first(tries).id))).toEqual([]);
    expect(await owed()).toMatchObject({ parked: 0 });
    expect(await told()).toEqual([]);
  });

  it("holds up what is decided later about its booking, and nothing else: in order, when it is taken", async () => {
    const { receivers, asks, confirms, settles } = await webhookHost(2);
    const [failing, other] = receivers;
    if (!failing || !other) throw new Error("there are two");
    const [bad, good] = [await asks(10, "ann"), await asks(11, "bob")];
    failing.answers(({ data }) => (data.booking?.uid === bad.uid ? 503 : 204));
    await settles();
    await confirms(bad);
    await confirms(good);
    await settles();
    const of = (uid: string, { received }: typeof failing) =>
      received.filter(({ data }) => data.booking?.uid === uid).map(({ type }) => type);
    expect(of(bad.uid, failing)).toEqual(["booking.requested"]);
    expect(of(good.uid, failing)).toEqual(["booking.requested", "booking.confirmed"]);
    expect(of(bad.uid, other)).toEqual(["booking.requested", "booking.confirmed"]);
    failing.answers(() => 204);
    await settles(7 * SECOND_MS);
    expect(of(bad.uid, failing)).toEqual(["booking.requested", "booking.requested", "booking.confirmed"]);
  });

  it("at once holds up no other: all are called at the same time", async () => {
    const { receivers, asks, settles } = await webhookHost(5);
    const allCalled = Promise.withResolvers<void>();
    let calls = 0;
    for (const { answers } of receivers) {
      answers(async () => {
        calls += 1;
        if (calls === 5) allCalled.resolve();
        await allCalled.promise;
        return 204;
      });
    }
    await asks(10);
    await settles();
    for (const { seen } of receivers) {
      expect((await seen()).deliveries.map(stateOf)).toEqual([
        { state: "delivered", attempts: 1, status: 204 },
      ]);
    }
  });

  it.each([
    ["a redirect", (): number => 302, { status: 302 }],
    [
      "nobody there",
      (): Promise<number> => Promise.reject(new TypeError("refused")),
      { problem: "unreachable" },
    ],
    ["success of another kind", (): number => 304, { status: 304 }],
  ] as const)("(%s) is told to its host as it was", async (_what, answer, outcomeOfIt) => {
    const { receivers, asks, settles } = await webhookHost();
    first(receivers).answers(answer);
    await asks(10);
    await settles();
    const { deliveries } = await first(receivers).seen();
    expect(deliveries).toMatchObject([{ state: "waiting", attempts: 1, ...outcomeOfIt }]);
    first(receivers).answers(() => 200);
    await settles(7 * SECOND_MS);
    expect((await first(receivers).seen()).deliveries.map(stateOf)).toEqual([
      { state: "delivered", attempts: 2, status: 200 },
    ]);
  });

  it("at an internal address is never called", async () => {
    const { host, asks, settles } = await webhookHost(0);
    given(await calendarOf(host.did).addWebhook("https://10.0.0.1/hooks"));
    await asks(10);
    const before = vi.mocked(globalThis.fetch).mock.calls.length;
    await settles();
    expect(vi.mocked(globalThis.fetch).mock.calls.slice(before)).toEqual([]);
    expect(await calendarOf(host.did).listWebhooks()).toMatchObject([
      { deliveries: [{ state: "waiting", attempts: 1, problem: "refused-address" }] },
    ]);
  });

  it("is not what it took, also where that could not be forgotten at once", async () => {
    const { host, receivers, asks, settles, owed } = await webhookHost();
    await inStorage(host.did, ({ sql }) =>
      sql.exec(
        "CREATE TRIGGER fails BEFORE DELETE ON outbox WHEN OLD.channel = 'webhook' BEGIN SELECT RAISE(ABORT, 'disk'); END",
      ),
    );
    await asks(10);
    await settles();
    expect((await owed()).effects).toHaveLength(1);
    await inStorage(host.did, ({ sql }) => sql.exec("DROP TRIGGER fails"));
    await settles(10 * SECOND_MS);
    expect((await owed()).effects).toEqual([]);
    expect(first(receivers).received).toHaveLength(1);
  });

  it("as far as is known, because its answer could not be written down, comes once more with the same id", async () => {
    const { host, receivers, asks, settles, owed } = await webhookHost();
    const { received, seen } = first(receivers);
    await inStorage(host.did, ({ sql }) =>
      sql.exec(
        "CREATE TRIGGER fails BEFORE UPDATE ON webhook_deliveries BEGIN SELECT RAISE(ABORT, 'disk'); END",
      ),
    );
    await asks(10);
    await settles();
    await inStorage(host.did, ({ sql }) => sql.exec("DROP TRIGGER fails"));
    await settles(7 * SECOND_MS);
    expect(received.map(({ id }) => id)).toEqual([received[0]?.id, received[0]?.id]);
    expect((await seen()).deliveries.map(stateOf)).toEqual([
      { state: "delivered", attempts: 1, status: 204 },
    ]);
    expect(await owed()).toMatchObject({ waiting: 0, parked: 0 });
  });
});

describe("a webhook is turned off", () => {
  it("by 410 at once: what waits for it is dropped, nothing more is owed, and its host is told once", async () => {
    const { host, receivers, asks, confirms, settles, owed, told } = await webhookHost(2);
    const [gone, other] = receivers;
    if (!gone || !other) throw new Error("there are two");
    gone.answers(() => 500);
    const bookings = [await asks(10, "ann"), await asks(11, "bob")];
    await settles();
    expect((await owed()).effects).toHaveLength(2);
    gone.answers(() => 410);
    await settles(7 * SECOND_MS);
    const calls = gone.received.length;
    expect(await gone.seen()).toMatchObject({ isOn: false });
    expect((await gone.seen()).deliveries.map(({ state }) => state)).toEqual(["failed", "failed"]);
    expect(await owed()).toMatchObject({ effects: [], parked: 0 });
    await confirms(first(bookings));
    await settles(DAY_MS);
    expect(gone.received).toHaveLength(calls);
    expect((await gone.seen()).deliveries).toHaveLength(2);
    expect(other.received.map(({ type }) => type)).toContain("booking.confirmed");
    expect(await told()).toEqual([gone.host]);
    expect(await calendarOf(host.did).pingWebhook(gone.id)).toMatchObject({
      refusal: { code: "WebhookOff" },
    });
  });

  it("while it is called, and on again: what was dropped waits no more, and can be sent again", async () => {
    const { host, receivers, asks, settles, owed } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    const [slow, gone] = [await asks(10, "ann"), await asks(11, "bob")];
    answers(async ({ data }) => {
      if (data.booking?.uid === gone.uid) return 410;
      while ((await seen()).isOn) await scheduler.wait(5);
      given(await calendarOf(host.did).enableWebhook(id));
      return 500;
    });
    await settles();
    const { deliveries } = await seen();
    expect(deliveries.map(({ state }) => state)).toEqual(["failed", "failed"]);
    expect(await owed()).toMatchObject({ effects: [], parked: 0 });
    answers(() => 204);
    const dropped = first(deliveries.filter(({ bookingUid }) => bookingUid === slow.uid));
    given(await calendarOf(host.did).replayToWebhook(id, dropped.id));
    await settles();
    expect(received.at(-1)).toMatchObject({ id: dropped.id });
    expect(first((await seen()).deliveries.filter((each) => each.id === dropped.id)).state).toBe("delivered");
  });

  it("by five days in which nothing was taken, and not by less", async () => {
    const { receivers, asks, settles, told } = await webhookHost();
    const { answers, seen } = first(receivers);
    answers(() => 500);
    await asks(1, "ann");
    await settles(DAY_MS);
    for (let day = 1; day < 5; day += 1) {
      expect(await seen()).toMatchObject({ isOn: true });
      await asks(24 * 20 + day, `booker${day}`);
      await settles(DAY_MS);
    }
    await settles(DAY_MS);
    expect(await seen()).toMatchObject({ isOn: false });
    expect(await told()).toEqual([first(receivers).host]);
  });

  it("not where one was taken in between", async () => {
    const { receivers, asks, settles, told } = await webhookHost();
    const { answers, seen } = first(receivers);
    for (let day = 0; day < 8; day += 1) {
      answers(() => (day === 3 ? 204 : 500));
      await asks(24 * 20 + day, `booker${day}`);
      await settles(DAY_MS / 2);
    }
    answers(() => 500);
    await settles(2 * DAY_MS);
    expect(await seen()).toMatchObject({ isOn: true });
    expect(await told()).toEqual([]);
  });

  it("until its host turns it on again, and then it has five days again", async () => {
    const { host, receivers, asks, settles } = await webhookHost();
    const { answers, id, received, seen } = first(receivers);
    answers(() => 500);
    await asks(24 * 20, "ann");
    await settles(3 * DAY_MS);
    answers(() => 410);
    given(await calendarOf(host.did).pingWebhook(id));
    await settles();
    expect(await seen()).toMatchObject({ isOn: false });
    answers(() => 500);
    expect(given(await calendarOf(host.did).enableWebhook(id))).toMatchObject({ isOn: true });
    const before = received.length;
    await asks(24 * 21, "bob");
    await settles(4 * DAY_MS);
    expect(received.length).toBeGreaterThan(before + 8);
    expect(await seen()).toMatchObject({ isOn: true });
  });
});
