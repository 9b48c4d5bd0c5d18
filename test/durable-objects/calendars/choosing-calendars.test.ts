import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConnectionView } from "../../../durable-objects/calendars/calendar-work.ts";
import { booker, calendarOf, given, midnightIn, outcome } from "../support/booker.ts";
import { type CalDavOnTheNetwork, calDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import { calendarWith } from "../support/feed.ts";
import { feedOnTheNetwork, type HostOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { live, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** A host with one account: `a` blocks, `quiet` does not and takes nothing away at ten and at eleven. */
async function connectedHost() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  const day = midnightIn(2);
  const server = calDavOnTheNetwork("a", "quiet");
  server.putsEvent("a", day + 10 * HOUR_MS);
  server.putsEvent("quiet", day + 11 * HOUR_MS);
  const connection = await connects(host, server);
  return {
    clock,
    host,
    day,
    server,
    id: connection.id,
    idOf: (name: string) => calendarId(connection, name),
  };
}

async function connects(host: HostOnTheNetwork, server: CalDavOnTheNetwork): Promise<ConnectionView> {
  const access = server.access();
  return given(await calendarOf(host.did).connectCalendars({ kind: "caldav", label: "Work", access }));
}

function calendarId({ calendars }: ConnectionView, name: string): string {
  return calendars.find((calendar) => calendar.name === name)?.id ?? "";
}

async function chooses(host: HostOnTheNetwork, id: string, blocking: string[], takesBookings?: string) {
  const choice = { blocking, ...(takesBookings !== undefined && { takesBookings }) };
  return calendarOf(host.did).chooseCalendars(id, choice);
}

async function blockingOf(host: HostOnTheNetwork): Promise<string[]> {
  const connections = await calendarOf(host.did).listCalendars();
  return connections.flatMap(({ calendars }) =>
    calendars.filter(({ blocks }) => blocks).map(({ name }) => name),
  );
}

async function takingOf(host: HostOnTheNetwork): Promise<string[]> {
  const connections = await calendarOf(host.did).listCalendars();
  return connections.flatMap(({ calendars }) =>
    calendars.filter((one) => one.takesBookings).map(({ name }) => name),
  );
}

/** The hours of a day that are not offered. */
async function takenHours(host: HostOnTheNetwork, day: number): Promise<number[]> {
  const range = { from: { at: day }, to: { at: day + DAY_MS } };
  const { slots } = given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range }));
  const starts = new Set(slots.map(({ start }) => (start - day) / HOUR_MS));
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !starts.has(hour));
}

/** Holds up the answer to a request like this, the next one or the one after so many; `reached` settles when it has come. */
function holdUp(server: CalDavOnTheNetwork, method: string, calendar: string, after = 0) {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let left = after;
  server.answers(async (asked, go) => {
    const response = go();
    if (asked.method === method && asked.calendar === calendar && left-- === 0) {
      reached.resolve();
      await released.promise;
    }
    return response;
  });
  return { reached: reached.promise, release: () => released.resolve() };
}

/** Holds up the next secret that is sealed. */
function holdUpSealing() {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const spy = vi.spyOn(crypto.subtle, "encrypt").mockImplementationOnce(async (...sealed) => {
    reached.resolve();
    await released.promise;
    return encrypt(...sealed);
  });
  return {
    reached: reached.promise,
    release() {
      spy.mockRestore();
      released.resolve();
    },
  };
}

describe("a calendar of several", () => {
  it("is read by itself, and those that make nobody busy are known and not read", async () => {
    const { host, day, server } = await connectedHost();
    expect(await blockingOf(host)).toEqual(["a"]);
    expect(await takenHours(host, day)).toEqual([10]);
    expect(
      server.asked.filter(({ method, calendar }) => method === "REPORT" && calendar === "quiet"),
    ).toEqual([]);
  });

  it("takes time away from when it is chosen until it is not, without the others", async () => {
    const { host, day, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    expect(await takenHours(host, day)).toEqual([10, 11]);
    given(await chooses(host, id, [idOf("quiet")]));
    expect(await takenHours(host, day)).toEqual([11]);
    given(await chooses(host, id, []));
    expect(await takenHours(host, day)).toEqual([]);
  });

  it("that fails leaves the others as current as they are, keeps its own time, and says so of itself alone", async () => {
    const { clock, host, day, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    server.putsEvent("quiet", day + 14 * HOUR_MS);
    server.answers(({ calendar }, go) => (calendar === "a" ? new Response(null, { status: 500 }) : go()));
    clock.moveBy(MINUTE_MS);
    const view = given(await calendarOf(host.did).refreshCalendars(id));
    expect(view).toMatchObject({ state: "failing", problem: "server-error" });
    const [a, quiet] = view.calendars;
    expect(a).toMatchObject({ name: "a", problem: "server-error", asOf: clock.now - MINUTE_MS });
    expect(quiet).toMatchObject({ name: "quiet", asOf: clock.now });
    expect(quiet).not.toHaveProperty("problem");
    expect(await takenHours(host, day)).toEqual([10, 11, 14]);
  });

  it("is not chosen while another one that is chosen with it cannot be read", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, []));
    server.answers(({ calendar }, go) => (calendar === "quiet" ? new Response(null, { status: 500 }) : go()));
    expect(await chooses(host, id, [idOf("a"), idOf("quiet")])).toMatchObject({
      refusal: { code: "CalendarUnreadable", problem: "server-error" },
    });
    expect(await blockingOf(host)).toEqual([]);
    expect(await takenHours(host, day)).toEqual([]);
  });

  it("is read again by itself after it was let go of for hours", async () => {
    const { clock, host, day, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, []));
    // Nobody is woken for it meanwhile.
    expect(await live(host.did, clock, 3 * HOUR_MS)).toBeLessThanOrEqual(2);
    given(await chooses(host, id, [idOf("a")]));
    server.putsEvent("a", day + 15 * HOUR_MS);
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await takenHours(host, day)).toEqual([10, 15]);
  });

  it("is not well because another one is chosen beside it", async () => {
    const { host, server, id, idOf } = await connectedHost();
    server.answers(({ calendar }, go) => (calendar === "a" ? new Response(null, { status: 500 }) : go()));
    given(await calendarOf(host.did).refreshCalendars(id));
    const view = given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    expect(view).toMatchObject({ state: "failing", problem: "server-error" });
  });

  it("that was the only one, and failed, is no trouble once it is not chosen any more", async () => {
    const { host, server, id } = await connectedHost();
    server.answers(() => new Response(null, { status: 500 }));
    expect(given(await calendarOf(host.did).refreshCalendars(id)).state).toBe("failing");
    const view = given(await chooses(host, id, []));
    expect(view.state).toBe("ok");
    expect(view).not.toHaveProperty("problem");
  });

  it("that was found to fail and is not chosen any more is no trouble any more", async () => {
    const { clock, host, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    server.answers(({ calendar }, go) => (calendar === "quiet" ? new Response(null, { status: 500 }) : go()));
    expect(given(await calendarOf(host.did).refreshCalendars(id)).state).toBe("failing");
    given(await chooses(host, id, [idOf("a")]));
    await live(host.did, clock, 2 * MINUTE_MS);
    expect(await calendarOf(host.did).listCalendars()).toMatchObject([{ state: "ok" }]);
  });
});

describe("a choice made while a reading is under way", () => {
  it("holds: what the reading brings of a calendar that blocks no more is not taken", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    server.putsEvent("a", day + 14 * HOUR_MS);
    const held = holdUp(server, "REPORT", "a");
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    given(await chooses(host, id, [idOf("quiet")]));
    held.release();
    await reading;
    expect(await blockingOf(host)).toEqual(["quiet"]);
    expect(await takenHours(host, day)).toEqual([11]);
  });

  it("holds: a calendar that blocks since then is not freed by what the reading does not say of it", async () => {
    const { clock, host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "PROPFIND", "a");
    const reading = calendarOf(host.did).refreshCalendars(id);
    await held.reached;
    given(await chooses(host, id, [idOf("a"), idOf("quiet")]));
    held.release();
    const view = given(await reading);
    expect(view.state).toBe("ok");
    expect(await takenHours(host, day)).toEqual([10, 11]);
    // And what was due is due: the reading that brought nothing is done again.
    server.putsEvent("a", day + 16 * HOUR_MS);
    await live(host.did, clock, 20 * MINUTE_MS);
    expect(await takenHours(host, day)).toEqual([10, 11, 16]);
  });

  it("keeps what a reading brought that began and ended while the choice waited for its own", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "REPORT", "quiet");
    const choice = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    server.putsEvent("a", day + 14 * HOUR_MS);
    given(await calendarOf(host.did).refreshCalendars(id));
    held.release();
    given(await choice);
    expect(await takenHours(host, day)).toEqual([10, 11, 14]);
  });

  it("is not undone by an earlier one that comes to its end later", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    given(await chooses(host, id, []));
    held.release();
    const view = given(await slow);
    // Who was answered last has what they asked for.
    expect(view.calendars.map(({ blocks }) => blocks)).toEqual([true, true]);
    expect(await takenHours(host, day)).toEqual([10, 11]);
  });

  it("holds, be it made while what was found in the account is sealed", async () => {
    const { host, server, id, idOf } = await connectedHost();
    server.removesCalendar("quiet");
    const sealing = holdUpSealing();
    const reading = calendarOf(host.did).refreshCalendars(id);
    await sealing.reached;
    given(await chooses(host, id, [], idOf("quiet")));
    sealing.release();
    given(await reading);
    expect([await blockingOf(host), await takingOf(host)]).toEqual([[], ["quiet"]]);
  });

  it("leaves one calendar that takes bookings, be two chosen at the same time", async () => {
    const { host, server, id, idOf } = await connectedHost();
    const other = calDavOnTheNetwork("b");
    const second = await connects(host, other);
    given(await chooses(host, id, [idOf("a")], idOf("quiet")));
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")], idOf("quiet"));
    await held.reached;
    given(await chooses(host, second.id, [calendarId(second, "b")], calendarId(second, "b")));
    held.release();
    given(await slow);
    expect(await takingOf(host)).toEqual(["quiet"]);
  });

  it("does not bring back that a calendar takes bookings where another one does by then", async () => {
    const { host, server, id, idOf } = await connectedHost();
    const second = await connects(host, calDavOnTheNetwork("b"));
    given(await chooses(host, id, [idOf("a")], idOf("quiet")));
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    given(await chooses(host, second.id, [], calendarId(second, "b")));
    held.release();
    given(await slow);
    expect(await takingOf(host)).toEqual(["b"]);
  });

  it("does not bring back an account that was let go of meanwhile", async () => {
    const { host, day, server, id, idOf } = await connectedHost();
    const held = holdUp(server, "REPORT", "quiet");
    const slow = chooses(host, id, [idOf("a"), idOf("quiet")]);
    await held.reached;
    await calendarOf(host.did).disconnectCalendars(id);
    held.release();
    expect(await slow).toMatchObject({ refusal: { code: "CalendarNotFound" } });
    expect(await calendarOf(host.did).listCalendars()).toEqual([]);
    expect(await takenHours(host, day)).toEqual([]);
  });
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

describe("what an account has", () => {
  it("is looked for when its host says so: what went goes, unless it blocks or takes bookings", async () => {
    const { host, day, server, id } = await connectedHost();
    server.removesCalendar("quiet");
    server.makesCalendar("b");
    const view = given(await calendarOf(host.did).refreshCalendars(id));
    expect(view.calendars.map(({ name, blocks }) => [name, blocks])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    server.removesCalendar("a");
    const broken = given(await calendarOf(host.did).refreshCalendars(id));
    expect(broken).toMatchObject({ state: "failing", problem: "not-found" });
    expect(broken.calendars.map(({ name, blocks }) => [name, blocks])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(await takenHours(host, day)).toEqual([10]);
    expect(outcome(await booker(host.did, "ann").asksFor(day + 10 * HOUR_MS))).toBe("SlotTaken");
  });

  it("is looked at again for what can be written into", async () => {
    const { host, server, id, idOf } = await connectedHost();
    server.closes("a");
    const view = given(await calendarOf(host.did).refreshCalendars(id));
    expect(view.calendars.map(({ isWritable }) => isWritable)).toEqual([false, true]);
    expect(await chooses(host, id, [idOf("a")], idOf("a"))).toMatchObject({
      refusal: { code: "NotAllowed" },
    });
    given(await chooses(host, id, [idOf("a")], idOf("quiet")));
  });

  it("is looked for when its host says so: the one that takes bookings stays as well", async () => {
    const { host, server, id, idOf } = await connectedHost();
    given(await chooses(host, id, [idOf("a")], idOf("quiet")));
    server.removesCalendar("quiet");
    given(await calendarOf(host.did).refreshCalendars(id));
    expect(await takingOf(host)).toEqual(["quiet"]);
  });

  it("is not what others have: calendars of one account are not chosen for another", async () => {
    const { host, id, idOf } = await connectedHost();
    const second = await connects(host, calDavOnTheNetwork("b"));
    expect(await chooses(host, second.id, [idOf("quiet")], idOf("a"))).toMatchObject({
      refusal: { code: "NotAllowed" },
    });
    given(await chooses(host, second.id, [idOf("quiet")]));
    expect(await blockingOf(host)).toEqual(["a"]);
    given(await chooses(host, id, [idOf("a")], idOf("a")));
    given(await chooses(host, second.id, []));
    expect(await takingOf(host)).toEqual(["a"]);
  });
});

it("connecting reads those that are their owner's, or all where none is", async () => {
  const host = hostOnTheNetwork();
  await connects(host, calDavOnTheNetwork("quiet", "quieter"));
  expect((await blockingOf(host)).toSorted()).toEqual(["quiet", "quieter"]);
});

it("a feed that was let go of is believed to be empty when it is chosen again", async () => {
  const host = hostOnTheNetwork();
  const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
  const connect = { kind: "feed", label: "F", access: feed.url } as const;
  const { id, calendars } = given(await calendarOf(host.did).connectCalendars(connect));
  const without = given(await chooses(host, id, []));
  expect(without.calendars).toMatchObject([{ asOf: 0, coversUntil: 0, events: 0 }]);
  feed.answers(() => calendarWith());
  const view = given(await chooses(host, id, [calendars[0]?.id ?? ""]));
  expect(view).toMatchObject({ state: "ok", calendars: [{ blocks: true, events: 0 }] });
});

it("a feed is one calendar, and gets no bookings", async () => {
  const host = hostOnTheNetwork();
  const { url } = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
  const view = given(await calendarOf(host.did).connectCalendars({ kind: "feed", label: "F", access: url }));
  expect(view.calendars).toMatchObject([{ blocks: true, isWritable: false, takesBookings: false }]);
  expect(await chooses(host, view.id, [], view.calendars[0]?.id)).toMatchObject({
    refusal: { code: "NotAllowed" },
  });
});
