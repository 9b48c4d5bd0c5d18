import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { booker, calendarOf, midnightIn, outcome } from "./support/booker.ts";
import { hostOnTheNetwork } from "./support/host-on-the-network.ts";

const HOUR_MS = 60 * 60_000;
const APPVIEW = "https://appview.example";

/** An AppView that says everybody follows everybody, once `release` is called. */
async function heldAppview(hostDid: string) {
  const network = vi.mocked(globalThis.fetch).getMockImplementation();
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  vi.mocked(globalThis.fetch).mockImplementation(async (input, init) => {
    const url = new URL(new Request(input, init).url);
    if (url.origin !== APPVIEW) {
      if (!network) {
        throw new Error("no network");
      }
      return network(input, init);
    }
    asked.resolve();
    await gate.promise;
    const did = url.searchParams.get("others");
    return Response.json({ actor: hostDid, relationships: [{ did, followedBy: "at://x/y/z" }] });
  });
  await runInDurableObject(env.HOST_CALENDAR.getByName(hostDid), (instance) => {
    Object.assign(instance, { env: { ...env, APPVIEW_URL: APPVIEW } });
  });
  return { untilAsked: asked.promise, release: gate.resolve };
}

describe("a repeated requestId", () => {
  it("gets the first answer again after its meeting type was switched off and the host moved away", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    const first = await ann.asksFor(midnightIn(2), { requestId: "request-1" });
    expect(outcome(first)).toBe("confirmed");
    for (const change of [
      () => host.setMeetingType("intro", { active: false }),
      () => host.setMeetingType("intro", { bookableBy: "mutuals" }),
      () => host.setBroker("did:web:elsewhere.example"),
    ]) {
      change();
      await calendarOf(host.did).recordsChanged();
      await calendarOf(host.did).ownRecords();
      // Now the copy is fresh, and nothing has to be waited for.
      expect(await ann.asksFor(midnightIn(2), { requestId: "request-1" })).toEqual(first);
    }
  });

  it("gets its refusal again after the meeting type was switched on", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { active: false });
    const ann = booker(host.did, "ann");
    const first = await ann.asksFor(midnightIn(2), { requestId: "request-1" });
    expect(outcome(first)).toBe("MeetingTypeInactive");
    host.setMeetingType("intro", {});
    await calendarOf(host.did).recordsChanged();
    expect(await ann.asksFor(midnightIn(2), { requestId: "request-1" })).toEqual(first);
    expect(outcome(await ann.asksFor(midnightIn(2), { requestId: "request-2" }))).toBe("confirmed");
  });

  it("is decided anew after an outage, which decides nothing", async () => {
    const host = hostOnTheNetwork();
    const ann = booker(host.did, "ann");
    host.breakPds(() => new Response("<html>", { status: 502 }));
    expect(outcome(await ann.asksFor(midnightIn(2), { requestId: "request-1" }))).toBe("HostUnreachable");
    host.mendPds();
    await calendarOf(host.did).recordsChanged();
    expect(outcome(await ann.asksFor(midnightIn(2), { requestId: "request-1" }))).toBe("confirmed");
  });
});

describe("records that change while somebody asks", () => {
  it("are not answered with a reading that began before the change", async () => {
    const host = hostOnTheNetwork();
    const reads = host.holdReads();
    const early = calendarOf(host.did).getHost();
    await reads.untilWaiting(4);
    host.setMeetingType("intro", { active: false });
    await calendarOf(host.did).recordsChanged();
    const asking = booker(host.did, "ann").asksFor(midnightIn(2));
    await reads.untilWaiting(8);
    reads.release();
    expect(outcome(await asking)).toBe("MeetingTypeInactive");
    await early;
    // The early reading came to its end too, and must not have put the old records back.
    expect(outcome(await booker(host.did, "ben").asksFor(midnightIn(3)))).toBe("MeetingTypeInactive");
  });

  it.each([
    [
      "HostNotFound",
      "another broker is named",
      (host: ReturnType<typeof hostOnTheNetwork>) => host.setBroker("did:web:elsewhere.example"),
    ],
    [
      "MeetingTypeInactive",
      "the meeting type is switched off",
      (host: ReturnType<typeof hostOnTheNetwork>) =>
        host.setMeetingType("intro", { active: false, bookableBy: "followers" }),
    ],
    [
      "NotAllowed",
      "fewer people may book",
      (host: ReturnType<typeof hostOnTheNetwork>) => host.setMeetingType("intro", { bookableBy: "mutuals" }),
    ],
  ])(
    "are what decides: %s when %s while the booker's permission is looked up",
    async (refusal, _what, change) => {
      const host = hostOnTheNetwork();
      host.setMeetingType("intro", { bookableBy: "followers" });
      await calendarOf(host.did).getHost();
      const appview = await heldAppview(host.did);
      const asking = booker(host.did, "ann").asksFor(midnightIn(2));
      await appview.untilAsked;
      change(host);
      await calendarOf(host.did).recordsChanged();
      appview.release();
      expect(outcome(await asking)).toBe(refusal);
    },
  );

  it("do not change who gets a slot that is free for all of them", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { bookableBy: "followers" });
    await calendarOf(host.did).getHost();
    const appview = await heldAppview(host.did);
    const asking = ["ann", "ben", "cat"].map((name) => booker(host.did, name).asksFor(midnightIn(2)));
    await appview.untilAsked;
    await calendarOf(host.did).recordsChanged();
    appview.release();
    const outcomes = (await Promise.all(asking)).map(outcome);
    expect(outcomes.toSorted()).toEqual(["SlotTaken", "SlotTaken", "confirmed"]);
  });
});

describe("the copy of a host's records", () => {
  it("is not taken for fresh for hours after the clock was set back", async () => {
    const host = hostOnTheNetwork();
    const real = Date.now();
    const clock = vi.spyOn(Date, "now").mockReturnValue(real + HOUR_MS);
    await calendarOf(host.did).getHost();
    clock.mockReturnValue(real);
    host.setMeetingType("intro", { active: false });
    const answer = await booker(host.did, "ann").asksFor(midnightIn(2));
    clock.mockRestore();
    expect(outcome(answer)).toBe("MeetingTypeInactive");
  });

  it("may be larger than a row of the database", async () => {
    const host = hostOnTheNetwork();
    await calendarOf(host.did).getHost();
    const windows = Array.from({ length: 24 }, (_, hour) => ({
      start: `${String(hour).padStart(2, "0")}:00`,
      end: `${String(hour).padStart(2, "0")}:30`,
    }));
    const overrides = Array.from({ length: 365 }, (_, day) => ({
      date: new Date(Date.UTC(2030, 0, 1 + day)).toISOString().slice(0, 10),
      windows,
    }));
    host.setAvailability({ overrides }, 7);
    await calendarOf(host.did).recordsChanged();
    const read = await calendarOf(host.did).getHost();
    expect(read.ok && read.value.availability.length).toBe(7);
    // The limit is production's; a local workerd would store it.
    await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
      expect(storage.sql.exec("SELECT only_row FROM records_snapshot").toArray()).toEqual([]);
    });
    expect(outcome(await booker(host.did, "ann").asksFor(midnightIn(2)))).toBe("confirmed");
  });
});

describe("a pending booking that nobody answered", () => {
  it("no longer hides the slots it would have taken, before any alarm has rung", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { approval: "manual", durationMinutes: 240, slotIntervalMinutes: 30 });
    const start = midnightIn(2);
    expect(outcome(await booker(host.did, "ann").asksFor(start))).toBe("pending");
    const clock = vi.spyOn(Date, "now").mockReturnValue(start + 60_000);
    const offered = await calendarOf(host.did).listSlots({
      meetingTypeRkey: "intro",
      from: { at: start },
      to: { at: start + HOUR_MS },
    });
    const answer = await booker(host.did, "ben").asksFor(start + HOUR_MS / 2);
    clock.mockRestore();
    expect(outcome(answer)).toBe("pending");
    expect(offered).toMatchObject({ value: { slots: [{ start: start + HOUR_MS / 2 }] } });
  });
});
