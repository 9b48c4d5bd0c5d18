import { afterEach, describe, expect, it, vi } from "vitest";
import { booker, calendarOf, given } from "../support/booker.ts";
import { calDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import {
  connectedHost,
  connects,
  chooses,
  takenHours,
  holdUp,
  holdUpSealing,
} from "../support/calendar-host.ts";
import { calendarWith } from "../support/feed.ts";
import { feedOnTheNetwork } from "../support/host-on-the-network.ts";
import { live } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

describe("one of two accounts", () => {
  it("is not asked because the other one is not current, be there some of it that are never read", async () => {
    const { clock, host, day, server, id } = await connectedHost();
    const other = calDavOnTheNetwork("b");
    await connects(host, other);
    clock.moveBy(3 * MINUTE_MS);
    await calendarOf(host.did).refreshCalendars(id);
    server.forgets();
    other.forgets();
    given(await booker(host.did, "ann").asksFor(day + 14 * HOUR_MS));
    expect([server.asked.length, other.asked.length > 0]).toEqual([0, true]);
  });

  it("takes nothing away any more once it is let go of, and the other one does", async () => {
    const { host, day, id } = await connectedHost();
    const other = calDavOnTheNetwork("b");
    other.putsEvent("b", day + 14 * HOUR_MS);
    await connects(host, other);
    expect(await takenHours(host, day)).toEqual([10, 14]);
    await calendarOf(host.did).disconnectCalendars(id);
    expect(await takenHours(host, day)).toEqual([14]);
  });
});

describe("an account let go of while a reading is under way", () => {
  it("stays gone, with all that the reading brings", async () => {
    const { clock, host, day, server, id } = await connectedHost();
    const held = holdUp(server, "REPORT", "a");
    server.putsEvent("a", day + 14 * HOUR_MS);
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    await calendarOf(host.did).disconnectCalendars(id);
    held.release();
    expect(await reading).toMatchObject({ refusal: { code: "CalendarNotFound" } });
    expect(await takenHours(host, day)).toEqual([]);
    const booking = given(await booker(host.did, "ann").asksFor(day + 14 * HOUR_MS));
    expect(booking).not.toHaveProperty("calendarsSeen");
    const before = server.asked.length;
    await live(host.did, clock, HOUR_MS);
    expect(server.asked).toHaveLength(before);
  });
});

describe("a new access given while a reading is under way", () => {
  it("is not undone by what the reading with the old one says", async () => {
    const { host, day, server, id } = await connectedHost();
    server.putsEvent("a", day + 13 * HOUR_MS);
    const held = holdUp(server, "REPORT", "a");
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    server.setPassword("new");
    server.putsEvent("a", day + 14 * HOUR_MS);
    const access = server.access("new");
    expect(given(await calendarOf(host.did).giveCalendarAccess(id, { kind: "caldav", access })).state).toBe(
      "ok",
    );
    held.release();
    await reading;
    expect(given(await calendarOf(host.did).refreshCalendars(id)).state).toBe("ok");
    expect(await takenHours(host, day)).toEqual([10, 13, 14]);
  });

  it("is kept, be it given while the old one still looks around", async () => {
    const { host, server, id } = await connectedHost();
    const held = holdUp(server, "PROPFIND", "", 1);
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    server.setPassword("new");
    const access = server.access("new");
    given(await calendarOf(host.did).giveCalendarAccess(id, { kind: "caldav", access }));
    held.release();
    await reading;
    expect(given(await calendarOf(host.did).refreshCalendars(id)).state).toBe("ok");
  });

  it.each(["refreshCalendars", "alarm"] as const)(
    "is kept, be it read by the old one (%s) while it is sealed",
    async (how) => {
      const { host, clock, server, id } = await connectedHost();
      server.setPassword("new");
      const access = server.access("new");
      const sealing = holdUpSealing();
      const giving = calendarOf(host.did).giveCalendarAccess(id, { kind: "caldav", access });
      await sealing.reached;
      if (how === "alarm") await live(host.did, clock, 20 * MINUTE_MS);
      else await calendarOf(host.did).refreshCalendars(id);
      sealing.release();
      expect(given(await giving).state).toBe("ok");
      expect(given(await calendarOf(host.did).refreshCalendars(id)).state).toBe("ok");
    },
  );

  it("is of the kind that the account is", async () => {
    const { host, id } = await connectedHost();
    const { url } = feedOnTheNetwork(() => calendarWith());
    expect(await calendarOf(host.did).giveCalendarAccess(id, { kind: "feed", access: url })).toMatchObject({
      refusal: { code: "CalendarNotFound" },
    });
    expect(given(await calendarOf(host.did).refreshCalendars(id)).state).toBe("ok");
  });

  it("keeps what is chosen, and finds what has come", async () => {
    const { host, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("quiet")], idOf("a")));
    server.makesCalendar("new");
    const access = server.access();
    const view = given(await calendarOf(host.did).giveCalendarAccess(id, { kind: "caldav", access }));
    expect(view.calendars.map(({ name, blocks, takesBookings }) => [name, blocks, takesBookings])).toEqual([
      ["a", false, true],
      ["quiet", true, false],
      ["new", false, false],
    ]);
  });
});
