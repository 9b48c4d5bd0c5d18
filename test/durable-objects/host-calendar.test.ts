import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { booker, calendarOf, midnightIn, outcome } from "./support/booker.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";

const HOUR_MS = 60 * 60_000;

describe("one slot, one booker", () => {
  it("gives a slot to one of two bookers who both wait for the same records", async () => {
    const host = hostOnTheNetwork();
    const reads = host.holdReads();
    const asking = [
      booker(host.did, "ann").asksFor(midnightIn(2)),
      booker(host.did, "ben").asksFor(midnightIn(2)),
    ];
    await reads.untilWaiting(1);
    reads.release();
    const outcomes = (await Promise.all(asking)).map(outcome);
    expect(outcomes.toSorted()).toEqual(["SlotTaken", "confirmed"]);
  });

  it("gives one slot of fifty contenders who are all past every wait to exactly one", async () => {
    const host = hostOnTheNetwork();
    await calendarOf(host.did).getHost();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => booker(host.did, `b${index}`).asksFor(midnightIn(2))),
    );
    const outcomes = answers.map(outcome);
    expect(outcomes.filter((one) => one === "confirmed")).toHaveLength(1);
    expect(outcomes.filter((one) => one === "SlotTaken")).toHaveLength(49);
  });

  it("refuses a slot of another meeting type that overlaps a booking without equalling it", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("long", { durationMinutes: 90 });
    const start = midnightIn(2);
    expect(outcome(await booker(host.did, "ann").asksFor(start + HOUR_MS))).toBe("confirmed");
    expect(outcome(await booker(host.did, "ben").asksFor(start, { meetingType: "long" }))).toBe("SlotTaken");
  });

  it("refuses a slot in the tail of a booking that began long before it", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("day", { durationMinutes: 1440, bufferAfterMinutes: 1440 });
    const start = midnightIn(2);
    expect(outcome(await booker(host.did, "ann").asksFor(start, { meetingType: "day" }))).toBe("confirmed");
    const lastTaken = start + 48 * HOUR_MS - HOUR_MS / 2;
    expect(outcome(await booker(host.did, "ben").asksFor(lastTaken))).toBe("SlotTaken");
    expect(outcome(await booker(host.did, "ben").asksFor(start + 48 * HOUR_MS))).toBe("confirmed");
  });

  it("has a database that refuses an overlap even if the code above were wrong", async () => {
    const host = hostOnTheNetwork();
    const start = midnightIn(2);
    await booker(host.did, "ann").asksFor(start);
    const insertOverlap = runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
      storage.sql.exec(
        `INSERT INTO bookings SELECT 'another-uid', 0, 'confirmed', start_at + 60000, end_at + 60000, 0, 0, 'did:plc:x', '{}'
         FROM bookings`,
      );
    });
    await expect(insertOverlap).rejects.toThrow("overlapping booking");
  });

  it("has a database that counts buffers as the rules do: the larger of the two, not both", async () => {
    const host = hostOnTheNetwork();
    const start = midnightIn(2);
    await booker(host.did, "ann").asksFor(start);
    const insertAfterMinutes = (minutes: number) =>
      runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
        storage.sql.exec(
          `INSERT INTO bookings SELECT 'uid-' || ?, 0, 'confirmed', end_at + ?, end_at + ? + 60000, 600000, 0, 'did:plc:x', '{}'
           FROM bookings WHERE booker_did = 'did:plc:ann'`,
          minutes,
          minutes * 60_000,
          minutes * 60_000,
        );
      });
    await expect(insertAfterMinutes(9)).rejects.toThrow("overlapping booking");
    await expect(insertAfterMinutes(10)).resolves.toBeUndefined();
  });

  it("frees the slot the moment its booking is cancelled", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const booked = await ann.asksFor(midnightIn(2));
    if (!booked.ok) {
      throw new Error(outcome(booked));
    }
    await calendarOf(host.did).cancelBooking({ uid: booked.value.uid, callerDid: ann.did });
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(2)))).toBe("confirmed");
  });

  it("offers exactly the slots it would give away", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("long", { durationMinutes: 90, slotIntervalMinutes: 30, bufferBeforeMinutes: 20 });
    const start = midnightIn(3);
    await booker(host.did, "ann").asksFor(start + 4 * HOUR_MS);
    const offered = await calendarOf(host.did).listSlots({
      meetingTypeRkey: "long",
      from: { at: start },
      to: { at: start + 8 * HOUR_MS },
    });
    if (!offered.ok) {
      throw new Error("no slots");
    }
    const starts = new Set(offered.value.slots.map((slot) => slot.start));
    for (let at = start; at < start + 8 * HOUR_MS; at += 30 * 60_000) {
      const answer = await booker(host.did, "ben").asksFor(at, { meetingType: "long" });
      expect(answer.ok, new Date(at).toISOString()).toBe(starts.has(at));
      if (answer.ok) {
        await calendarOf(host.did).cancelBooking({ uid: answer.value.uid, callerDid: host.did });
      }
    }
  });
});

describe("a repeated requestId", () => {
  it("gets the first answer again, also when both arrive at once", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const both = await Promise.all([
      ann.asksFor(midnightIn(2), { requestId: "request-1" }),
      ann.asksFor(midnightIn(2), { requestId: "request-1" }),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0].ok).toBe(true);
    expect(await ann.asksFor(midnightIn(2), { requestId: "request-1" })).toEqual(both[0]);
  });

  it("gets the first answer again after the object crashed and while the host's PDS is down", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const first = await ann.asksFor(midnightIn(2), { requestId: "request-1" });
    await abortAllDurableObjects();
    host.breakPds(() => new Response("garbage", { status: 500 }));
    expect(await ann.asksFor(midnightIn(2), { requestId: "request-1" })).toEqual(first);
  });

  it("gets the first answer again even when the host has been unreachable for hours", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const [start, other] = [midnightIn(2), midnightIn(3)];
    const first = await ann.asksFor(start, { requestId: "request-1" });
    host.breakPds(() => new Response("garbage", { status: 500 }));
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * HOUR_MS);
    const [again, another] = [
      await ann.asksFor(start, { requestId: "request-1" }),
      await ann.asksFor(other, { requestId: "request-2" }),
    ];
    vi.mocked(Date.now).mockRestore();
    expect(again).toEqual(first);
    expect(outcome(another)).toBe("HostUnreachable");
  });

  it("gets its refusal again, even when the slot has become free", async () => {
    const host = hostOnTheNetwork();
    const winner = await booker(host.did, "ann").asksFor(midnightIn(2));
    const ben = booker(host.did, "ben");
    expect(outcome(await ben.asksFor(midnightIn(2), { requestId: "request-1" }))).toBe("SlotTaken");
    if (winner.ok) {
      await calendarOf(host.did).cancelBooking({ uid: winner.value.uid, callerDid: host.did });
    }
    expect(outcome(await ben.asksFor(midnightIn(2), { requestId: "request-1" }))).toBe("SlotTaken");
    expect(outcome(await ben.asksFor(midnightIn(2), { requestId: "request-2" }))).toBe("confirmed");
  });

  it("is refused for another question, and is each caller's own", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    await ann.asksFor(midnightIn(2), { requestId: "request-1" });
    expect(outcome(await ann.asksFor(midnightIn(3), { requestId: "request-1" }))).toBe("RequestIdReused");
    const ben = booker(host.did, "ben");
    expect(outcome(await ben.asksFor(midnightIn(3), { requestId: "request-1" }))).toBe("confirmed");
  });
});

describe("the host's records", () => {
  it("cost a made-up host no storage", async () => {
    const stub = env.HOST_CALENDAR.getByName("did:plc:nobodynobodynobodynobody");
    hostOnTheNetwork();
    expect(await calendarOf("did:plc:nobodynobodynobodynobody").getHost()).toMatchObject({
      ok: false,
      refusal: { code: "HostNotFound" },
    });
    await runInDurableObject(stub, (_, { storage }) => {
      expect(storage.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
    });
  });

  it("cost somebody who is booked elsewhere no storage, and make them nobody's host here", async () => {
    const host = hostOnTheNetwork();
    host.setBroker("did:web:other.example");
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(2)))).toBe("HostNotFound");
    await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
      expect(storage.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
    });
  });

  it("take a host away at once who has moved to another broker", async () => {
    const host = hostOnTheNetwork();
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(2)))).toBe("confirmed");
    host.setBroker("did:web:other.example");
    await calendarOf(host.did).recordsChanged();
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(3)))).toBe("HostNotFound");
  });

  it("are read once for many who ask at the same time", async () => {
    const host = hostOnTheNetwork();
    await Promise.all(Array.from({ length: 20 }, () => calendarOf(host.did).getHost()));
    expect(host.reads).toBe(4);
  });

  it("are used for a while when the PDS stops answering, and make the host unreachable when there are none", async () => {
    const known = hostOnTheNetwork();
    await calendarOf(known.did).getHost();
    await calendarOf(known.did).recordsChanged();
    known.breakPds(() => new Response("<html>", { status: 502 }));
    expect(outcome(await booker(known.did, "ann").asksFor(midnightIn(2)))).toBe("confirmed");

    const unknown = hostOnTheNetwork();
    unknown.breakPds(() => new Response("<html>", { status: 502 }));
    expect(outcome(await booker(unknown.did, "ann").asksFor(midnightIn(2)))).toBe("HostUnreachable");
  });

  it("count at once after the host changed them here", async () => {
    const host = hostOnTheNetwork();
    await calendarOf(host.did).getHost();
    host.setMeetingType("intro", { active: false });
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(2)))).toBe("confirmed");
    await calendarOf(host.did).recordsChanged();
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(3)))).toBe("MeetingTypeInactive");
  });
});

describe("bookings of others", () => {
  it("can be seen and changed by their two people only", async () => {
    const host = hostOnTheNetwork();
    const booked = await booker(host.did, "ann").asksFor(midnightIn(2));
    if (!booked.ok) {
      throw new Error(outcome(booked));
    }
    const change = { uid: booked.value.uid, callerDid: "did:plc:eve" };
    const calendar = calendarOf(host.did);
    expect(outcome(await calendar.getBooking(booked.value.uid, "did:plc:eve"))).toBe("NotYourBooking");
    expect(outcome(await calendar.cancelBooking(change))).toBe("NotYourBooking");
    expect(outcome(await calendar.confirmBooking(change))).toBe("NotYourBooking");
    expect(outcome(await calendar.getBooking("no-such-uid", "did:plc:eve"))).toBe("BookingNotFound");
  });
});
