import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn, outcome } from "./support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";
import { type Clock, stoppedClock } from "./support/time.ts";

const HOUR_MS = 60 * 60_000;

// No alarm rings in any of these: what it would do must be true without it.
let clock: Clock;
let host: HostOnTheNetwork;

beforeEach(() => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
});

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

describe("before any alarm has rung, a request that has expired", () => {
  beforeEach(() => {
    host.setMeetingType("intro", { approval: "manual", maxPerDay: 5 });
  });

  it("makes room for another one of the same booker, at the very instant", async () => {
    const ann = booker(host.did, "ann");
    const start = midnightIn(5);
    for (let hour = 0; hour < 5; hour += 1) given(await ann.asksFor(start + hour * HOUR_MS));
    clock.moveBy(48 * HOUR_MS - 1);
    expect(outcome(await ann.asksFor(start + 24 * HOUR_MS))).toBe("TooManyPending");
    clock.moveBy(1);
    expect(outcome(await ann.asksFor(start + 24 * HOUR_MS))).toBe("pending");
  });

  it("no longer counts for a limit of its day", async () => {
    const start = midnightIn(5);
    for (let hour = 0; hour < 5; hour += 1) {
      given(await booker(host.did, `b${hour}`).asksFor(start + hour * HOUR_MS));
    }
    const ann = booker(host.did, "ann");
    const range = { from: { at: start + 6 * HOUR_MS }, to: { at: start + 7 * HOUR_MS } };
    const offered = async () =>
      given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range })).slots.length;
    expect(outcome(await ann.asksFor(start + 6 * HOUR_MS))).toBe("LimitReached");
    expect(await offered()).toBe(0);
    clock.moveBy(48 * HOUR_MS);
    expect(await offered()).toBe(2);
    expect(outcome(await ann.asksFor(start + 6 * HOUR_MS))).toBe("pending");
  });

  it("can be neither answered, moved nor called off, and is in the log as expired from then on", async () => {
    const ann = booker(host.did, "ann");
    const { uid } = given(await ann.asksFor(midnightIn(5)));
    clock.moveBy(48 * HOUR_MS);
    const expired = { refusal: { code: "WrongStatus", status: "expired" } };
    const byHost = { uid, callerDid: host.did };
    expect(await calendarOf(host.did).confirmBooking(byHost)).toMatchObject(expired);
    expect(await calendarOf(host.did).declineBooking(byHost)).toMatchObject(expired);
    expect(await calendarOf(host.did).cancelBooking({ uid, callerDid: ann.did })).toMatchObject(expired);
    expect(await ann.movesTo(uid, midnightIn(6))).toMatchObject(expired);
    const log = await calendarOf(host.did).readLog(0);
    expect(log.map(({ entry }) => JSON.parse(entry))).toMatchObject([
      { event: "requested", sequence: 0 },
      { event: "expired", sequence: 1 },
    ]);
  });
});

describe("before any alarm has rung, a hold that ran out", () => {
  it("no longer counts for a limit, and no longer hides or explains away its slot", async () => {
    host.setMeetingType("intro", { maxPerDay: 1 });
    const start = midnightIn(5);
    const { expiresAt } = given(await booker(host.did, "ann").holds(start));
    const ben = booker(host.did, "ben");
    clock.moveTo(expiresAt - 1);
    expect(outcome(await ben.asksFor(start + HOUR_MS))).toBe("LimitReached");
    clock.moveTo(expiresAt);
    const day = { from: { at: start }, to: { at: start + 24 * HOUR_MS } };
    expect(
      given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...day })).slots,
    ).toHaveLength(48);
    expect(outcome(await ben.asksFor(start + HOUR_MS))).toBe("confirmed");
  });
});
