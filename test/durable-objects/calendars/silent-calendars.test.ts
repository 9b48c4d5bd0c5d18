import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Booking } from "../../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn, move, outcome } from "../support/booker.ts";
import { feedOnTheNetwork, type HostOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { calendarWith } from "../support/feed.ts";
import { type Clock, live, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** A host with a feed that counts its readings. */
async function hostWithFeed() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  const day = midnightIn(2);
  let reads = 0;
  const feed = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
  const answers = (next: () => Response | Promise<Response>): void =>
    feed.answers(() => {
      reads += 1;
      return next();
    });
  const { id } = given(
    await calendarOf(host.did).connectCalendars({ kind: "feed", label: "Work", access: feed.url }),
  );
  answers(() => calendarWith(day + 10 * HOUR_MS));
  return { clock, host, day, id, answers, reads: () => reads };
}

async function policy(host: HostOnTheNetwork, onSilent: "refuse" | "ask" | "trust"): Promise<void> {
  given(await calendarOf(host.did).changePolicy({ kind: "silent-calendar", onSilent }));
}

async function told(host: HostOnTheNetwork, clock: Clock): Promise<string[]> {
  await live(host.did, clock, 1_000);
  const { results } = await env.DB.prepare(
    "SELECT kind FROM notifications WHERE recipient_did = ? ORDER BY id",
  )
    .bind(host.did)
    .all<{ kind: string }>();
  return results.map(({ kind }) => kind);
}

describe("a request", () => {
  it("is judged by calendars read less than two minutes ago without asking them again", async () => {
    const { clock, host, day, reads } = await hostWithFeed();
    clock.moveBy(2 * MINUTE_MS);
    const booking = given(await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS));
    expect(booking).toMatchObject({
      status: "confirmed",
      calendarsSeen: { asOf: clock.now - 2 * MINUTE_MS, isCurrent: true },
    });
    expect(reads()).toBe(0);
  });

  it("is judged by what the calendars say now where they were read longer ago", async () => {
    const { clock, host, day, answers, reads } = await hostWithFeed();
    clock.moveBy(2 * MINUTE_MS + 1);
    answers(() => calendarWith(day + 12 * HOUR_MS));
    expect(outcome(await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS))).toBe("SlotTaken");
    expect(reads()).toBe(1);
    expect(given(await booker(host.did, "bob").asksFor(day + 10 * HOUR_MS))).toMatchObject({
      status: "confirmed",
      calendarsSeen: { asOf: clock.now, isCurrent: true },
    });
    expect(reads()).toBe(1);
  });

  it("is judged by what the calendars say now where they were read by a clock that has been set back since", async () => {
    const { clock, host, day, reads } = await hostWithFeed();
    clock.moveBy(-HOUR_MS);
    expect(given(await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS))).toMatchObject({
      calendarsSeen: { asOf: clock.now, isCurrent: true },
    });
    expect(reads()).toBe(1);
  });

  it("shares one reading with all who ask at the same time", async () => {
    const { clock, host, day, answers, reads } = await hostWithFeed();
    clock.moveBy(HOUR_MS);
    answers(() => calendarWith(day + 10 * HOUR_MS));
    const answered = await Promise.all(
      Array.from({ length: 8 }, (_, index) => booker(host.did, `b${index}`).asksFor(day + 12 * HOUR_MS)),
    );
    expect(answered.map(outcome).toSorted()).toEqual([
      "SlotTaken",
      "SlotTaken",
      "SlotTaken",
      "SlotTaken",
      "SlotTaken",
      "SlotTaken",
      "SlotTaken",
      "confirmed",
    ]);
    expect(reads()).toBe(1);
  });

  it("does not wait for ever for a calendar that does not answer", async () => {
    const { clock, host, day, answers } = await hostWithFeed();
    clock.moveBy(HOUR_MS);
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    answers(async () => {
      await gate;
      return calendarWith();
    });
    const began = performance.now();
    expect(given(await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS))).toMatchObject({
      status: "pending",
    });
    expect(performance.now() - began).toBeLessThan(9_000);
    open();
  }, 20_000);

  it.each([
    ["ask", "pending"],
    ["refuse", "CalendarsSilent"],
    ["trust", "confirmed"],
  ] as const)(
    "is dealt with as the host said (%s) while a calendar cannot be read",
    async (onSilent, expected) => {
      const { clock, host, day, answers } = await hostWithFeed();
      await policy(host, onSilent);
      const asOf = clock.now;
      clock.moveBy(HOUR_MS);
      answers(() => new Response(null, { status: 500 }));
      const answer = await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS);
      expect(outcome(answer)).toBe(expected);
      expect(answer.ok ? answer.value.calendarsSeen : undefined).toEqual(
        answer.ok ? { asOf, isCurrent: false } : undefined,
      );
      // What was last read holds, be the policy what it may.
      expect(outcome(await booker(host.did, "bob").asksFor(day + 10 * HOUR_MS))).toBe("SlotTaken");
    },
  );

  it("leaves a calendar that failed alone until it is due again", async () => {
    const { clock, host, day, answers, reads } = await hostWithFeed();
    clock.moveBy(HOUR_MS);
    answers(() => new Response(null, { status: 429, headers: { "retry-after": "600" } }));
    await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS);
    clock.moveBy(5 * MINUTE_MS);
    expect(outcome(await booker(host.did, "bob").asksFor(day + 13 * HOUR_MS))).toBe("pending");
    expect(reads()).toBe(1);
    clock.moveBy(10 * MINUTE_MS);
    answers(() => calendarWith(day + 10 * HOUR_MS));
    expect(outcome(await booker(host.did, "cat").asksFor(day + 14 * HOUR_MS))).toBe("confirmed");
  });

  it("that was refused because nobody could tell is decided anew when it is repeated", async () => {
    const { clock, host, day, answers } = await hostWithFeed();
    await policy(host, "refuse");
    clock.moveBy(HOUR_MS);
    answers(() => new Response(null, { status: 500 }));
    const ask = () => booker(host.did, "ann").asksFor(day + 12 * HOUR_MS, { requestId: "the same one" });
    expect(outcome(await ask())).toBe("CalendarsSilent");
    clock.moveBy(HOUR_MS);
    answers(() => calendarWith(day + 10 * HOUR_MS));
    expect(outcome(await ask())).toBe("confirmed");
    expect(outcome(await ask())).toBe("confirmed");
  });

  it("of a host without calendars says nothing of them", async () => {
    const host = hostOnTheNetwork();
    const booking = given(await booker(host.did, "ann").asksFor(midnightIn(2)));
    expect(booking).not.toHaveProperty("calendarsSeen");
  });
});

describe("a move", () => {
  async function booked(): Promise<Awaited<ReturnType<typeof hostWithFeed>> & { booking: Booking }> {
    const all = await hostWithFeed();
    const booking = given(await booker(all.host.did, "ann").asksFor(all.day + 12 * HOUR_MS));
    all.clock.moveBy(HOUR_MS);
    all.answers(() => new Response(null, { status: 500 }));
    return { ...all, booking };
  }

  it("by the booker waits for the host while a calendar cannot be read", async () => {
    const { host, day, booking } = await booked();
    const moved = await booker(host.did, "ann").movesTo(booking.uid, day + 15 * HOUR_MS);
    expect(given(moved)).toMatchObject({ status: "pending", calendarsSeen: { isCurrent: false } });
  });

  it("by the host does not: they know whether they are free", async () => {
    const { host, day, booking } = await booked();
    await policy(host, "refuse");
    const moved = await move(host.did, host.did, booking.uid, day + 15 * HOUR_MS);
    expect(given(moved)).toMatchObject({ status: "confirmed", calendarsSeen: { isCurrent: false } });
  });
});

describe("the host", () => {
  it("is told of a booking that something was put upon later, once, and sees it until one of both is gone", async () => {
    const { clock, host, day, answers } = await hostWithFeed();
    const booking = given(await booker(host.did, "ann").asksFor(day + 12 * HOUR_MS));
    const cancelled = given(await booker(host.did, "bob").asksFor(day + 12.5 * HOUR_MS));
    given(await calendarOf(host.did).cancelBooking({ uid: cancelled.uid, callerDid: host.did }));
    expect(await calendarOf(host.did).listConflicts()).toEqual([]);
    answers(() => calendarWith(day + 10 * HOUR_MS, day + 11.75 * HOUR_MS));
    await live(host.did, clock, 20 * MINUTE_MS);
    await live(host.did, clock, 20 * MINUTE_MS);
    expect((await calendarOf(host.did).listConflicts()).map(({ uid }) => uid)).toEqual([booking.uid]);
    expect((await told(host, clock)).filter((kind) => kind === "booking.conflict")).toHaveLength(1);
    answers(() => calendarWith(day + 10 * HOUR_MS));
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await calendarOf(host.did).listConflicts()).toEqual([]);
  });

  it("is told once of a calendar that only they can mend", async () => {
    const { clock, host, id, answers } = await hostWithFeed();
    answers(() => new Response(null, { status: 401 }));
    await live(host.did, clock, 20 * MINUTE_MS);
    await calendarOf(host.did).refreshCalendars(id);
    expect((await told(host, clock)).filter((kind) => kind === "calendar.broken")).toHaveLength(1);
  });

  it("is told once of a calendar that fails again and again, and not of a hiccup", async () => {
    const { clock, host, answers } = await hostWithFeed();
    answers(() => new Response(null, { status: 500 }));
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await told(host, clock)).toEqual([]);
    await live(host.did, clock, 15 * MINUTE_MS);
    expect(await told(host, clock)).toEqual(["calendar.broken"]);
    await live(host.did, clock, 5 * HOUR_MS);
    expect(await told(host, clock)).toEqual(["calendar.broken"]);
  });

  it("has their calendar read soon after somebody looked at their page", async () => {
    const { clock, host, day, reads } = await hostWithFeed();
    clock.moveBy(6 * MINUTE_MS);
    const range = { from: { at: day }, to: { at: day + HOUR_MS } };
    given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range }));
    await live(host.did, clock, 1_000);
    expect(reads()).toBe(1);
  });
});
