import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn, move, outcome } from "./support/booker.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./support/host-on-the-network.ts";

const HOUR_MS = 60 * 60_000;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

async function booked(host: HostOnTheNetwork, name = "ann", start = midnightIn(2)): Promise<Booking> {
  return given(await booker(host.did, name).asksFor(start));
}

describe("a move", () => {
  it("frees the old slot and takes the new one, with the same uid and the next sequence", async () => {
    const host = hostOnTheNetwork();
    const before = await booked(host);
    const after = given(await booker(host.did, "ann").movesTo(before.uid, midnightIn(3)));
    expect(after).toMatchObject({
      uid: before.uid,
      sequence: 1,
      status: "confirmed",
      start: midnightIn(3),
      previousStart: midnightIn(2),
      rescheduledBy: "booker",
    });
    const ben = booker(host.did, "ben");
    expect(outcome(await ben.asksFor(midnightIn(3)))).toBe("SlotTaken");
    expect(outcome(await ben.asksFor(midnightIn(2)))).toBe("confirmed");
  });

  it("to a slot that is taken changes nothing", async () => {
    const host = hostOnTheNetwork();
    const before = await booked(host);
    await booked(host, "ben", midnightIn(3));
    expect(outcome(await booker(host.did, "ann").movesTo(before.uid, midnightIn(3)))).toBe("SlotTaken");
    expect(given(await calendarOf(host.did).getBooking(before.uid, host.did))).toEqual(before);
    expect(outcome(await booker(host.did, "cat").asksFor(midnightIn(2)))).toBe("SlotTaken");
  });

  it("of two bookings to one slot at once has one winner, and the loser stays where it was", async () => {
    const host = hostOnTheNetwork();
    const [one, two] = [await booked(host), await booked(host, "ben", midnightIn(3))];
    const outcomes = await Promise.all([
      booker(host.did, "ann").movesTo(one.uid, midnightIn(4)),
      booker(host.did, "ben").movesTo(two.uid, midnightIn(4)),
      booker(host.did, "cat").asksFor(midnightIn(4)),
    ]);
    expect(outcomes.map(outcome).toSorted()).toEqual(["SlotTaken", "SlotTaken", "confirmed"]);
  });

  it("by the booker waits for the host again where the meeting type asks for it, by the host it does not", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { approval: "manual" });
    const asked = await booked(host);
    const calendar = calendarOf(host.did);
    await calendar.confirmBooking({ uid: asked.uid, callerDid: host.did });
    const byBooker = given(await booker(host.did, "ann").movesTo(asked.uid, midnightIn(3)));
    expect(byBooker).toMatchObject({ status: "pending", sequence: 2 });
    const byHost = given(await move(host.did, host.did, asked.uid, midnightIn(4)));
    expect(byHost).toMatchObject({ status: "confirmed", sequence: 3, rescheduledBy: "host" });
  });

  it("by nobody else, of nothing, or of what is called off is refused", async () => {
    const host = hostOnTheNetwork();
    const { uid } = await booked(host);
    expect(outcome(await booker(host.did, "eve").movesTo(uid, midnightIn(3)))).toBe("NotYourBooking");
    expect(outcome(await booker(host.did, "ann").movesTo("nothing", midnightIn(3)))).toBe("BookingNotFound");
    await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did });
    expect(outcome(await booker(host.did, "ann").movesTo(uid, midnightIn(3)))).toBe("WrongStatus");
  });

  it("is answered again for a repeated requestId, also after it was moved on", async () => {
    const host = hostOnTheNetwork();
    const { uid } = await booked(host);
    const ann = booker(host.did, "ann");
    const first = await ann.movesTo(uid, midnightIn(3), "request-1");
    given(await ann.movesTo(uid, midnightIn(4)));
    host.breakPds(() => new Response("garbage", { status: 500 }));
    expect(await ann.movesTo(uid, midnightIn(3), "request-1")).toEqual(first);
    expect(outcome(await ann.movesTo(uid, midnightIn(5), "request-1"))).toBe("RequestIdReused");
  });

  it("keeps the length that was agreed, also when it is no longer on offer, and leaves its own limits aside", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { moreDurations: [60], maxPerDay: 1 });
    const long = given(await booker(host.did, "ann").asksFor(midnightIn(2), { durationMinutes: 60 }));
    host.setMeetingType("intro", { maxPerDay: 1 });
    await calendarOf(host.did).recordsChanged();
    const moved = given(await booker(host.did, "ann").movesTo(long.uid, midnightIn(2) + 5 * HOUR_MS));
    expect(moved.end - moved.start).toBe(HOUR_MS);
  });

  it("is offered what it would be given: within its own full day, over its own time, at a length no longer on offer", async () => {
    const host = hostOnTheNetwork();
    const rules = { slotIntervalMinutes: 30, maxPerDay: 1 };
    host.setMeetingType("intro", { ...rules, moreDurations: [60] });
    const day = midnightIn(2);
    const { uid } = given(await booker(host.did, "ann").asksFor(day + 10 * HOUR_MS, { durationMinutes: 60 }));
    await booked(host, "ben", midnightIn(3) + 12 * HOUR_MS);
    host.setMeetingType("intro", rules);
    await calendarOf(host.did).recordsChanged();
    const moves = (callerDid: string) =>
      calendarOf(host.did).listMoves({ uid, callerDid, from: { at: day }, to: { at: day + 48 * HOUR_MS } });
    for (const did of ["did:plc:ann", host.did]) {
      const { durationMinutes, slots } = given(await moves(did));
      expect(durationMinutes).toBe(60);
      const hours = slots.map(({ start }) => (start - day) / HOUR_MS);
      // Every half hour of its own day but the one it starts at, and none of the day that is full.
      const halves = Array.from({ length: 48 }, (_, half) => half / 2);
      expect(hours).toEqual(halves.filter((hour) => hour !== 10));
    }
    expect(await moves("did:plc:ben")).toMatchObject({ refusal: { code: "NotYourBooking" } });
    const next = given(await booker(host.did, "ann").movesTo(uid, day + 10.5 * HOUR_MS));
    expect(next.start).toBe(day + 10.5 * HOUR_MS);
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }));
    expect(await moves("did:plc:ann")).toMatchObject({ refusal: { code: "WrongStatus" } });
  });

  it("and a cancellation at the same instant: whichever comes first decides what is left to do", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { approval: "manual" });
    const { uid } = await booked(host);
    const calendar = calendarOf(host.did);
    const outcomes = await Promise.all([
      calendar.confirmBooking({ uid, callerDid: host.did }),
      calendar.declineBooking({ uid, callerDid: host.did }),
      calendar.cancelBooking({ uid, callerDid: "did:plc:ann" }),
    ]);
    const done = outcomes.filter((one) => one.ok).map((one) => given(one).sequence);
    // Confirming leaves room to cancel; declining and cancelling leave nothing.
    expect(done).toEqual(done.map((_, index) => index + 1));
    expect(outcomes.filter((one) => !one.ok).map(outcome)).toEqual(
      Array.from({ length: 3 - done.length }, () => "WrongStatus"),
    );
  });
});

describe("a request that nobody answers", () => {
  const pendingHost = (): HostOnTheNetwork => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { approval: "manual" });
    return host;
  };

  it("expires after 48 hours or as its host says, even though no alarm has rung", async () => {
    const host = pendingHost();
    const calendar = calendarOf(host.did);
    // Told once: after the clock has moved on, the eighth midnight may be another one.
    const wanted = midnightIn(8);
    const usual = await booked(host, "ann", midnightIn(9));
    expect((usual.expiresAt ?? 0) - usual.createdAt).toBe(48 * HOUR_MS);
    given(await calendar.changePolicy({ kind: "pending-hours", hours: 2 }));
    const short = await booked(host, "ann", wanted);
    expect((short.expiresAt ?? 0) - short.createdAt).toBe(2 * HOUR_MS);

    vi.spyOn(Date, "now").mockReturnValue((short.expiresAt ?? 0) - 1);
    expect(outcome(await booker(host.did, "ben").asksFor(wanted))).toBe("SlotTaken");
    vi.mocked(Date.now).mockReturnValue(short.expiresAt ?? 0);
    expect(given(await calendar.getBooking(short.uid, host.did)).status).toBe("expired");
    expect(await calendar.confirmBooking({ uid: short.uid, callerDid: host.did })).toMatchObject({
      refusal: { code: "WrongStatus", status: "expired" },
    });
    expect(outcome(await booker(host.did, "ben").asksFor(wanted))).toBe("pending");
  });

  it("expires by itself, and both are told", async () => {
    const host = pendingHost();
    const ann = booker(host.did, `ann${host.did.slice(8)}`);
    const { uid, expiresAt = 0 } = given(await ann.asksFor(midnightIn(9)));
    vi.spyOn(Date, "now").mockReturnValue(expiresAt);
    const stub = env.HOST_CALENDAR.getByName(host.did);
    await runDurableObjectAlarm(stub);
    vi.mocked(Date.now).mockReturnValue(expiresAt + 1_000);
    await runDurableObjectAlarm(stub);
    const { results } = await env.DB.prepare(
      "SELECT recipient_did FROM notifications WHERE booking_id = ? AND kind = 'booking.expired'",
    )
      .bind(uid)
      .all<{ recipient_did: string }>();
    expect(results.map((row) => row.recipient_did).toSorted()).toEqual([ann.did, host.did].toSorted());
    const row = await env.DB.prepare("SELECT status, sequence FROM bookings WHERE id = ?").bind(uid).first();
    expect(row).toEqual({ status: "expired", sequence: 1 });
  });

  it("is one of at most five of a booker, at once too; answered ones make room", async () => {
    const host = pendingHost();
    const ann = booker(host.did, "ann");
    await calendarOf(host.did).getHost();
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, slot) => ann.asksFor(midnightIn(2) + slot * HOUR_MS)),
    );
    expect(answers.map(outcome).filter((one) => one === "pending")).toHaveLength(5);
    expect(answers.map(outcome).filter((one) => one === "TooManyPending")).toHaveLength(4);
    expect(outcome(await ann.holds(midnightIn(4)))).toBe("TooManyPending");
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(4)))).toBe("pending");
    const first = answers.find((one) => one.ok);
    await calendarOf(host.did).declineBooking({ uid: first?.ok ? first.value.uid : "", callerDid: host.did });
    expect(outcome(await ann.asksFor(midnightIn(5)))).toBe("pending");
  });
});

describe("somebody a host has blocked", () => {
  const party = { did: "did:plc:ann", handle: "ann.test" };

  it("can ask for nothing and move nothing, keeps what is booked, and may call it off", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const [kept, other] = [await booked(host), await booked(host, "ann", midnightIn(6))];
    const calendar = calendarOf(host.did);
    const policy = given(await calendar.changePolicy({ kind: "block", party }));
    expect(policy.blocked).toMatchObject([party]);
    expect(outcome(await ann.asksFor(midnightIn(3)))).toBe("NotAllowed");
    expect(outcome(await ann.holds(midnightIn(3)))).toBe("NotAllowed");
    expect(outcome(await ann.movesTo(kept.uid, midnightIn(3)))).toBe("NotAllowed");
    expect(given(await calendar.getBooking(kept.uid, ann.did)).status).toBe("confirmed");
    expect(outcome(await move(host.did, host.did, kept.uid, midnightIn(4)))).toBe("confirmed");
    expect(outcome(await calendar.cancelBooking({ uid: other.uid, callerDid: ann.did }))).toBe("cancelled");
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(3)))).toBe("confirmed");
  });

  it("may ask again once that is taken back", async () => {
    const host = hostOnTheNetwork();
    await calendarOf(host.did).getHost();
    const calendar = calendarOf(host.did);
    given(await calendar.changePolicy({ kind: "block", party }));
    expect(given(await calendar.changePolicy({ kind: "unblock", did: party.did })).blocked).toEqual([]);
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(3)))).toBe("confirmed");
  });
});

describe("the log", () => {
  it("has one row for each decision, each with the hash of the one before, and cannot be changed or cut", async () => {
    const host = hostOnTheNetwork();
    const { uid } = await booked(host);
    await booker(host.did, "ben").asksFor(midnightIn(2));
    given(await booker(host.did, "ann").movesTo(uid, midnightIn(3)));
    await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did });
    const rows = await calendarOf(host.did).readLog(0);
    const entries = rows.map((row) => JSON.parse(row.entry) as Record<string, unknown>);
    expect(entries.map(({ seq, event, by, sequence }) => [seq, event, by, sequence])).toEqual([
      [1, "confirmed", "did:plc:ann", 0],
      [2, "rescheduled", "did:plc:ann", 1],
      [3, "cancelled", host.did, 2],
    ]);
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(3);
    expect(await calendarOf(host.did).readLog(2)).toEqual(rows.slice(2));
    await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
      for (const statement of ["UPDATE log SET hash = ''", "DELETE FROM log WHERE seq = 3"]) {
        expect(() => storage.sql.exec(statement)).toThrow("append-only");
      }
    });
  });
});
