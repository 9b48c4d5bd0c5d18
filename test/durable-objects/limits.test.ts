import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Booking } from "../../scheduling/booking.ts";
import type { Result } from "../../scheduling/refusal.ts";
import { booker, calendarOf, midnightIn, outcome } from "./support/booker.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Midnight UTC of the first Monday that is at least two days away. */
function monday(): number {
  const days = [2, 3, 4, 5, 6, 7, 8].find((each) => new Date(midnightIn(each)).getUTCDay() === 1);
  return midnightIn(days ?? 2);
}

function booked(result: Result<Booking>): Booking {
  if (!result.ok) throw new Error(outcome(result));
  return result.value;
}

describe("a limit of bookings a day", () => {
  it("holds when as many ask at once as there are slots", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { maxPerDay: 3 });
    await calendarOf(host.did).getHost();
    const answers = await Promise.all(
      Array.from({ length: 48 }, (_, slot) =>
        booker(host.did, `b${slot}`).asksFor(midnightIn(2) + (slot * HOUR_MS) / 2),
      ),
    );
    const outcomes = answers.map(outcome);
    expect(outcomes.filter((one) => one === "confirmed")).toHaveLength(3);
    expect(outcomes.filter((one) => one === "LimitReached")).toHaveLength(45);
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(3)))).toBe("confirmed");
  });

  it("counts pending bookings, has room again when one is called off, and lists what it gives away", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { maxPerDay: 1, approval: "manual" });
    const start = midnightIn(2);
    const first = booked(await booker(host.did, "ann").asksFor(start));
    expect(await booker(host.did, "ben").asksFor(start + HOUR_MS)).toMatchObject({
      refusal: { code: "LimitReached", per: "day", max: 1 },
    });
    const day = { meetingTypeRkey: "intro", from: { at: start }, to: { at: start + 2 * DAY_MS } };
    const listed = await calendarOf(host.did).listSlots(day);
    expect(listed.ok && listed.value.slots.map((slot) => slot.start < start + DAY_MS)).toEqual(
      Array.from({ length: 48 }, () => false),
    );
    await calendarOf(host.did).declineBooking({ uid: first.uid, callerDid: host.did });
    expect(outcome(await booker(host.did, "ben").asksFor(start + HOUR_MS))).toBe("pending");
  });

  it("is the meeting type's own: others do not count for it", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { maxPerDay: 1 });
    host.setMeetingType("other", {});
    const start = midnightIn(2);
    for (const hour of [1, 2, 3]) {
      const asked = booker(host.did, "ann").asksFor(start + hour * HOUR_MS, { meetingType: "other" });
      expect(outcome(await asked)).toBe("confirmed");
    }
    expect(outcome(await booker(host.did, "ann").asksFor(start))).toBe("confirmed");
    expect(outcome(await booker(host.did, "ann").asksFor(start + 5 * HOUR_MS))).toBe("LimitReached");
  });

  it("counts the dates of the host's zone", async () => {
    const host = hostOnTheNetwork();
    host.setAvailability({ timeZone: "Pacific/Kiritimati" }); // UTC+14, no summer time.
    host.setMeetingType("intro", { maxPerDay: 1 });
    const nextDateBegins = midnightIn(2) + 10 * HOUR_MS;
    expect(outcome(await booker(host.did, "ann").asksFor(nextDateBegins - HOUR_MS))).toBe("confirmed");
    expect(outcome(await booker(host.did, "ben").asksFor(nextDateBegins))).toBe("confirmed");
    expect(outcome(await booker(host.did, "cat").asksFor(nextDateBegins + 5 * HOUR_MS))).toBe("LimitReached");
  });
});

describe("a limit of bookings a week", () => {
  it("counts from Monday to Sunday, whichever day is asked for", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { maxPerWeek: 2 });
    const week = monday();
    expect(outcome(await booker(host.did, "ann").asksFor(week))).toBe("confirmed");
    expect(outcome(await booker(host.did, "ann").asksFor(week + 6 * DAY_MS))).toBe("confirmed");
    for (const day of [0, 2, 6]) {
      expect(await booker(host.did, "ben").asksFor(week + day * DAY_MS + HOUR_MS)).toMatchObject({
        refusal: { code: "LimitReached", per: "week", max: 2 },
      });
    }
    expect(outcome(await booker(host.did, "ben").asksFor(week + 7 * DAY_MS))).toBe("confirmed");
  });
});

it("bookings of the version before count for limits too", async () => {
  const host = hostOnTheNetwork();
  const start = midnightIn(2);
  booked(await booker(host.did, "ann").asksFor(start));
  await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
    storage.sql.exec("ALTER TABLE bookings DROP COLUMN meeting_type_rkey");
    storage.sql.exec("DELETE FROM schema_steps WHERE id = 2");
  });
  await abortAllDurableObjects();
  host.setMeetingType("intro", { maxPerDay: 1 });
  await calendarOf(host.did).recordsChanged();
  expect(outcome(await booker(host.did, "ben").asksFor(start + HOUR_MS))).toBe("LimitReached");
});

describe("a meeting of several lengths", () => {
  it("takes the one that was picked, on a grid of that length", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { moreDurations: [60, 15] });
    const start = midnightIn(2);
    const hour = booked(await booker(host.did, "ann").asksFor(start, { durationMinutes: 60 }));
    expect(hour.end - hour.start).toBe(HOUR_MS);
    const quarter = booked(
      await booker(host.did, "ben").asksFor(start + 1.25 * HOUR_MS, { durationMinutes: 15 }),
    );
    expect(quarter.end - quarter.start).toBe(HOUR_MS / 4);
    // Half an hour, its own length, begins at whole and half hours.
    expect(outcome(await booker(host.did, "cat").asksFor(start + 1.75 * HOUR_MS))).toBe(
      "OutsideAvailability",
    );
    expect(outcome(await booker(host.did, "cat").asksFor(start + 1.5 * HOUR_MS))).toBe("confirmed");
  });

  it("has no other than those", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { moreDurations: [60, 15] });
    const refusal = { code: "DurationNotOffered", durations: [15, 30, 60] };
    const range = { from: { at: midnightIn(2) }, to: { at: midnightIn(3) } };
    for (const durationMinutes of [45, 0, 1440]) {
      expect(await booker(host.did, "ann").asksFor(midnightIn(2), { durationMinutes })).toEqual({
        ok: false,
        refusal,
      });
      expect(
        await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", durationMinutes, ...range }),
      ).toEqual({ ok: false, refusal });
    }
  });

  it("lists the slots of the length that is asked for", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { moreDurations: [60] });
    const range = { from: { at: midnightIn(2) }, to: { at: midnightIn(3) } };
    const listed = await calendarOf(host.did).listSlots({
      meetingTypeRkey: "intro",
      durationMinutes: 60,
      ...range,
    });
    expect(listed).toMatchObject({ ok: true, value: { durationMinutes: 60 } });
    expect(listed.ok && listed.value.slots).toHaveLength(24);
  });
});
