import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn, outcome } from "./support/booker.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** From now on the clock shows this much more. */
function later(ms: number): void {
  const now = Date.now() + ms;
  vi.spyOn(Date, "now").mockReturnValue(now);
}

async function offered(hostDid: string, start: number): Promise<boolean> {
  const range = { from: { at: start }, to: { at: start + 1 } };
  const list = await calendarOf(hostDid).listSlots({ meetingTypeRkey: "intro", ...range });
  return given(list).slots.length === 1;
}

describe("a hold", () => {
  it("takes its slot from everybody else for five minutes, and is free to whoever has it", async () => {
    const host = hostOnTheNetwork();
    const [ann, ben] = [booker(host.did, "ann"), booker(host.did, "ben")];
    const start = midnightIn(2);
    const before = Date.now();
    const hold = given(await ann.holds(start));
    expect(hold.expiresAt - before).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(hold.expiresAt - before).toBeLessThan(5.5 * MINUTE_MS);
    expect(await offered(host.did, start)).toBe(false);
    expect(outcome(await ben.asksFor(start))).toBe("SlotTaken");
    expect(outcome(await ben.holds(start))).toBe("SlotTaken");
    expect(outcome(await ann.asksFor(start, { holdId: hold.id }))).toBe("confirmed");
  });

  it("of one slot is given to one of fifty who want it at once", async () => {
    const host = hostOnTheNetwork();
    await calendarOf(host.did).getHost();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => booker(host.did, `b${index}`).holds(midnightIn(2))),
    );
    expect(answers.map(outcome).filter((one) => one === "held")).toHaveLength(1);
    expect(answers.map(outcome).filter((one) => one === "SlotTaken")).toHaveLength(49);
  });

  it("is consumed by its booking: what was held is free again when that is called off", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const hold = given(await ann.holds(midnightIn(2)));
    const booking = given(await ann.asksFor(midnightIn(2), { holdId: hold.id }));
    await calendarOf(host.did).cancelBooking({ uid: booking.uid, callerDid: ann.did });
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2)))).toBe("confirmed");
  });

  it("that ran out blocks nobody at the very instant, though no alarm has rung", async () => {
    const host = hostOnTheNetwork();
    const start = midnightIn(2);
    const { expiresAt } = given(await booker(host.did, "ann").holds(start));
    const ben = booker(host.did, "ben");
    vi.spyOn(Date, "now").mockReturnValue(expiresAt - 1);
    expect(outcome(await ben.asksFor(start))).toBe("SlotTaken");
    vi.mocked(Date.now).mockReturnValue(expiresAt);
    expect(await offered(host.did, start)).toBe(true);
    expect(outcome(await ben.asksFor(start))).toBe("confirmed");
  });

  it("that ran out does no harm while the slot is free, and else says that it ran out", async () => {
    const host = hostOnTheNetwork();
    const [ann, ben] = [booker(host.did, "ann"), booker(host.did, "ben")];
    const [first, second] = [midnightIn(2), midnightIn(3)];
    const [one, two] = [given(await ann.holds(first)), given(await ann.holds(second))];
    later(6 * MINUTE_MS);
    expect(outcome(await ann.asksFor(first, { holdId: one.id }))).toBe("confirmed");
    expect(outcome(await ben.asksFor(second))).toBe("confirmed");
    expect(outcome(await ann.asksFor(second, { holdId: two.id }))).toBe("HoldExpired");
    expect(outcome(await ann.asksFor(second))).toBe("SlotTaken");
  });

  it("of somebody else helps nobody", async () => {
    const host = hostOnTheNetwork();
    const { id } = given(await booker(host.did, "ann").holds(midnightIn(2)));
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2), { holdId: id }))).toBe("HoldExpired");
    await calendarOf(host.did).releaseHold(id, "did:plc:ben");
    expect(await offered(host.did, midnightIn(2))).toBe(false);
  });

  it("is one of at most two: a third lets go of the oldest", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    for (const days of [2, 3, 4]) {
      vi.spyOn(Date, "now").mockReturnValue(midnightIn(0) + HOUR_MS + days);
      given(await ann.holds(midnightIn(days)));
    }
    const free: boolean[] = [];
    for (const days of [2, 3, 4]) free.push(await offered(host.did, midnightIn(days)));
    expect(free).toEqual([true, false, false]);
  });

  it("takes the place of the same booker's other hold where both would lie", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    given(await ann.holds(midnightIn(2)));
    given(await ann.holds(midnightIn(2)));
    given(await ann.holds(midnightIn(3)));
    expect(await offered(host.did, midnightIn(2))).toBe(false);
    expect(await offered(host.did, midnightIn(3))).toBe(false);
  });

  it("that is let go of frees its slot at once, and letting go twice is no error", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const { id } = given(await ann.holds(midnightIn(2)));
    await calendarOf(host.did).releaseHold(id, ann.did);
    await calendarOf(host.did).releaseHold(id, ann.did);
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2)))).toBe("confirmed");
  });

  it("is answered again for a repeated requestId, and makes no second one", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const [one, two] = await Promise.all([
      ann.holds(midnightIn(2), { requestId: "request-1" }),
      ann.holds(midnightIn(2), { requestId: "request-1" }),
    ]);
    expect(one).toEqual(two);
    expect(given(one).id).toBe(given(await ann.holds(midnightIn(2), { requestId: "request-1" })).id);
    expect(outcome(await ann.holds(midnightIn(3), { requestId: "request-1" }))).toBe("RequestIdReused");
    expect(outcome(await ann.asksFor(midnightIn(2), { requestId: "request-1" }))).toBe("RequestIdReused");
  });

  it("counts for limits, and is refused as a booking would be", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { maxPerDay: 1 });
    host.setMeetingType("paused", { active: false });
    const [ann, ben] = [booker(host.did, "ann"), booker(host.did, "ben")];
    given(await ann.holds(midnightIn(2)));
    expect(outcome(await ben.asksFor(midnightIn(2) + HOUR_MS))).toBe("LimitReached");
    expect(outcome(await ben.holds(midnightIn(3) + 1))).toBe("OutsideAvailability");
    expect(outcome(await ben.holds(midnightIn(3), { meetingType: "paused" }))).toBe("MeetingTypeInactive");
    expect(outcome(await ben.holds(midnightIn(3), { meetingType: "none" }))).toBe("MeetingTypeNotFound");
  });

  it("leaves no row behind once its alarm has rung", async () => {
    const host = hostOnTheNetwork();
    given(await booker(host.did, "ann").holds(midnightIn(2)));
    later(6 * MINUTE_MS);
    const stub = env.HOST_CALENDAR.getByName(host.did);
    await runDurableObjectAlarm(stub);
    await runInDurableObject(stub, (_, { storage }) => {
      expect(storage.sql.exec("SELECT count(*) AS holds FROM holds").one()).toEqual({ holds: 0 });
    });
  });
});
