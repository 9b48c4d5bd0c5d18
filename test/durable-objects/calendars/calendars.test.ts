import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConnectionView } from "../../../durable-objects/calendars/calendar-work.ts";
import { booker, calendarOf, given, midnightIn, outcome } from "../support/booker.ts";
import { feedOnTheNetwork, type HostOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { calendarWith, TITLE } from "../support/feed.ts";
import { alarmOf, inStorage, live, ring, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

async function connected(host: HostOnTheNetwork, url: string): Promise<ConnectionView> {
  return given(await calendarOf(host.did).connectCalendars({ kind: "feed", label: "Work", access: url }));
}

async function refreshed(host: HostOnTheNetwork, id: string): Promise<ConnectionView> {
  return given(await calendarOf(host.did).refreshCalendars(id));
}

async function startsOf(host: HostOnTheNetwork, day: number): Promise<number[]> {
  const range = { from: { at: day }, to: { at: day + DAY_MS } };
  const list = given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range }));
  return list.slots.map(({ start }) => (start - day) / HOUR_MS);
}

describe("a connected calendar", () => {
  it("takes away the times that are busy in it, from the page, from whoever asks, and says so to its host", async () => {
    const host = hostOnTheNetwork();
    const day = midnightIn(2);
    const feed = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
    expect(await startsOf(host, day)).toContain(10);
    expect(await connected(host, feed.url)).toMatchObject({
      label: "Work",
      state: "ok",
      calendars: [{ blocks: true, events: 1 }],
    });
    const starts = await startsOf(host, day);
    expect(starts).not.toContain(10);
    expect(starts).not.toContain(10.5);
    expect(starts).toContain(9.5);
    expect(starts).toContain(11);
    expect(outcome(await booker(host.did, "ann").asksFor(day + 10.5 * HOUR_MS))).toBe("SlotTaken");
    const why = given(
      await calendarOf(host.did).explainSlots({
        meetingTypeRkey: "intro",
        of: { at: day + 10 * HOUR_MS },
        viewerDid: host.did,
      }),
    );
    expect(why.starts[0]?.reasons).toMatchObject([{ code: "busy" }]);
  });

  it("is let go of at once", async () => {
    const host = hostOnTheNetwork();
    const day = midnightIn(2);
    const { url } = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
    const { id } = await connected(host, url);
    await calendarOf(host.did).disconnectCalendars(id);
    expect(await startsOf(host, day)).toContain(10);
    expect(await calendarOf(host.did).listCalendars()).toEqual([]);
    expect(await calendarOf(host.did).refreshCalendars(id)).toMatchObject({
      refusal: { code: "CalendarNotFound" },
    });
  });

  it("is read again by itself, and what is busy then takes the place of what was", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    const day = midnightIn(2);
    const feed = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
    await connected(host, feed.url);
    feed.answers(() => calendarWith(day + 14 * HOUR_MS));
    await live(host.did, clock, 20 * MINUTE_MS);
    const starts = await startsOf(host, day);
    expect(starts).toContain(10);
    expect(starts).not.toContain(14);
  });

  it.each([
    ["an empty calendar", () => calendarWith(), "failing", "emptied"],
    ["a page", () => new Response("<!doctype html><p>Sign in"), "failing", "not-a-calendar"],
    ["a server that fails", () => new Response(null, { status: 500 }), "failing", "server-error"],
    ["nothing any more", () => new Response(null, { status: 410 }), "needs_reauth", "not-found"],
    ["a locked door", () => new Response(null, { status: 401 }), "needs_reauth", "unauthorized"],
  ] as const)(
    "that has become %s frees nothing, and says what is wrong",
    async (_what, answer, state, problem) => {
      const host = hostOnTheNetwork();
      const day = midnightIn(2);
      const feed = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
      const { id, calendars } = await connected(host, feed.url);
      feed.answers(answer);
      const broken = await refreshed(host, id);
      expect(broken).toMatchObject({ state, problem });
      expect(broken.calendars[0]?.asOf).toBe(calendars[0]?.asOf);
      expect(await startsOf(host, day)).not.toContain(10);
      feed.answers(() => calendarWith(day + 11 * HOUR_MS));
      const mended = await refreshed(host, id);
      expect(mended).toMatchObject({ state: "ok" });
      expect(mended).not.toHaveProperty("problem");
      expect(await startsOf(host, day)).toContain(10);
    },
  );

  it("is not put back by a reading that began earlier and ends later", async () => {
    const host = hostOnTheNetwork();
    const day = midnightIn(2);
    const feed = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
    const { id } = await connected(host, feed.url);
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let reads = 0;
    feed.answers(async () => {
      reads += 1;
      if (reads > 1) return calendarWith(day + 14 * HOUR_MS);
      await gate;
      return calendarWith(day + 12 * HOUR_MS);
    });
    const slow = refreshed(host, id);
    await vi.waitFor(() => expect(reads).toBe(1));
    await refreshed(host, id);
    open();
    await slow;
    const starts = await startsOf(host, day);
    expect(starts).toContain(12);
    expect(starts).not.toContain(14);
  });

  it("is not written anew by a reading that finds what was found before", async () => {
    const host = hostOnTheNetwork();
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const { id } = await connected(host, feed.url);
    await inStorage(host.did, ({ sql }) =>
      sql.exec(
        "CREATE TABLE gone (at INTEGER); CREATE TRIGGER tells BEFORE DELETE ON busy BEGIN INSERT INTO gone VALUES (OLD.start_at); END",
      ),
    );
    const gone = () =>
      inStorage(host.did, ({ sql }) => sql.exec("SELECT count(*) AS count FROM gone").one()["count"]);
    expect(await refreshed(host, id)).toMatchObject({ state: "ok" });
    expect(await gone()).toBe(0);
    feed.answers(() => calendarWith(midnightIn(3)));
    await refreshed(host, id);
    expect(await gone()).toBe(1);
  });

  it("is read one for each alarm, so that slow ones hold up nothing else for long", async () => {
    const clock = stoppedClock();
    const host = hostOnTheNetwork();
    let reads = 0;
    const feed = feedOnTheNetwork(() => {
      reads += 1;
      return calendarWith(midnightIn(2));
    });
    for (let count = 0; count < 3; count += 1) await connected(host, feed.url);
    clock.moveBy(20 * MINUTE_MS);
    await ring(host.did);
    expect(reads).toBe(3 + 1);
    expect(await alarmOf(host.did)).toBeLessThanOrEqual(clock.now);
    await live(host.did, clock, MINUTE_MS);
    expect(reads).toBe(3 + 3);
  });

  it("takes away what lies beyond what it was asked about: nobody knows whether that is free", async () => {
    const host = hostOnTheNetwork();
    host.setMeetingType("intro", { horizonDays: 10 });
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    await connected(host, feed.url);
    host.setMeetingType("intro", { horizonDays: 90 });
    await calendarOf(host.did).recordsChanged();
    expect(await startsOf(host, midnightIn(15))).not.toEqual([]);
    expect(await startsOf(host, midnightIn(40))).toEqual([]);
    const [{ id } = { id: "" }] = await calendarOf(host.did).listCalendars();
    await refreshed(host, id);
    expect(await startsOf(host, midnightIn(40))).not.toEqual([]);
  });

  it("leaves neither its address nor anything of its events in the authority's storage", async () => {
    const host = hostOnTheNetwork();
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const { id } = await connected(host, feed.url);
    await refreshed(host, id);
    const stored = await inStorage(host.did, ({ sql }) => {
      const tables = sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
        )
        .toArray();
      return tables
        .flatMap(({ name }) => sql.exec(`SELECT * FROM "${name}"`).toArray())
        .flatMap((row) => Object.values(row))
        .map((value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : String(value)))
        .join("\n");
    });
    expect(stored).toContain("Work");
    for (const secret of [feed.url, "calendars.example.com", TITLE, "@example.com"]) {
      expect(stored).not.toContain(secret);
    }
  });
});

describe("connecting", () => {
  it("keeps nothing of what cannot be read, and says why", async () => {
    const host = hostOnTheNetwork();
    const feed = feedOnTheNetwork(() => new Response("<html>"));
    const answer = await calendarOf(host.did).connectCalendars({
      kind: "feed",
      label: "x",
      access: feed.url,
    });
    expect(answer).toEqual({ ok: false, refusal: { code: "CalendarUnreadable", problem: "not-a-calendar" } });
    expect(await calendarOf(host.did).listCalendars()).toEqual([]);
  });

  it("takes ten calendars and no more", async () => {
    const host = hostOnTheNetwork();
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    await calendarOf(host.did).getHost();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        calendarOf(host.did).connectCalendars({ kind: "feed", label: "x", access: feed.url }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    expect(await calendarOf(host.did).listCalendars()).toHaveLength(10);
  });

  it("is for hosts only", async () => {
    const stranger = hostOnTheNetwork();
    stranger.setBroker("did:web:elsewhere.example");
    const feed = feedOnTheNetwork(() => calendarWith(midnightIn(2)));
    const answer = await calendarOf(stranger.did).connectCalendars({
      kind: "feed",
      label: "x",
      access: feed.url,
    });
    expect(answer).toMatchObject({ refusal: { code: "HostNotFound" } });
  });
});

it("a retired sealing key leaves busy time as it is, and asks for the calendar to be connected again", async () => {
  const host = hostOnTheNetwork();
  const day = midnightIn(2);
  const feed = feedOnTheNetwork(() => calendarWith(day + 10 * HOUR_MS));
  const { id } = await connected(host, feed.url);
  await runInDurableObject(env.HOST_CALENDAR.getByName(host.did), (_, { storage }) => {
    storage.sql.exec("UPDATE calendar_connections SET key_id = 'retired'");
  });
  expect(await refreshed(host, id)).toMatchObject({
    state: "needs_reauth",
    problem: "unauthorized",
  });
  expect(await startsOf(host, day)).not.toContain(10);
});
