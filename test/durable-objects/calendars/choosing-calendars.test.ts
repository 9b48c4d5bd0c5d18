import { afterEach, describe, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn, outcome } from "../support/booker.ts";
import { calDavOnTheNetwork } from "../support/caldav-on-the-network.ts";
import {
  connectedHost,
  connects,
  chooses,
  blockingOf,
  takingOf,
  takenHours,
} from "../support/calendar-host.ts";
import { calendarWith } from "../support/feed.ts";
import { feedOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { live } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

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
