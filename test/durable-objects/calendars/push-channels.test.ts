import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConnectionView } from "../../../durable-objects/calendars/calendar-work.ts";
import { hostOfToken } from "../../../durable-objects/calendars/channel-token.ts";
import { calendarOf, given, midnightIn } from "../support/booker.ts";
import { type GoogleOnTheNetwork, googleOnTheNetwork } from "../support/google-on-the-network.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "../support/host-on-the-network.ts";
import { inStorage, live, ring, stoppedClock } from "../support/time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

/** A host whose calendars at Google, `a` and `b`, block. */
async function watchingHost() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  await calendarOf(host.did).getHost();
  const google = googleOnTheNetwork("a", "b");
  await google.givenTo(host.did);
  const connection = await connects(host, google);
  const idOf = (name: string): string => connection.calendars.find((one) => one.name === name)?.id ?? "";
  const lives = (ms: number) => live(host.did, clock, ms);
  /** The alarm rings seldom in them, as if it were late. */
  const days = async (count: number) => {
    for (let left = count; left > 0; left -= 1) {
      clock.moveBy(Math.min(1, left) * DAY_MS - 1_000);
      await lives(1_000);
    }
  };
  await lives(1_000);
  return { clock, host, google, connection, idOf, lives, days };
}

async function connects(host: HostOnTheNetwork, google: GoogleOnTheNetwork): Promise<ConnectionView> {
  const access = google.access();
  return given(await calendarOf(host.did).connectCalendars({ kind: "google", label: "G", access }));
}

async function chooses(host: HostOnTheNetwork, id: string, blocking: string[]): Promise<void> {
  given(await calendarOf(host.did).chooseCalendars(id, { blocking }));
}

async function nextRefreshAt(host: HostOnTheNetwork): Promise<number> {
  return (await calendarOf(host.did).listCalendars())[0]?.nextRefreshAt ?? 0;
}

const watched = (google: GoogleOnTheNetwork): string[] =>
  google.channels.map(({ calendar }) => calendar).toSorted();

async function rows(host: HostOnTheNetwork): Promise<number> {
  return inStorage(host.did, ({ sql }) => sql.exec("SELECT 1 FROM push_channels").toArray().length);
}

/** Holds up the answer to the next request that has this in its line. */
function holdUp(google: GoogleOnTheNetwork, text: string) {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isHeld = false;
  google.answers(async ({ line }, go) => {
    const answer = go();
    if (!isHeld && line.includes(text)) {
      isHeld = true;
      reached.resolve();
      await released.promise;
    }
    return answer;
  });
  return { reached: reached.promise, release: () => released.resolve() };
}

describe("channels", () => {
  it("are made for what blocks at Google, each with a token of ours, and nothing is asked of them that is there", async () => {
    const { host, google, days } = await watchingHost();
    expect(watched(google)).toEqual(["a", "b"]);
    for (const { id, token } of google.channels) expect(await hostOfToken(env, token, id)).toBe(host.did);
    const [watch] = google.asked.filter(({ line }) => line.includes("/events/watch"));
    expect(JSON.parse(watch?.body ?? "")).toMatchObject({
      type: "web_hook",
      address: `${env.PUBLIC_URL}/api/calendar/google/push`,
    });
    await days(5);
    expect(google.linesWith("/events/watch")).toHaveLength(2);
  });

  it("are made anew a day before they end, the new one first, and the old one is stopped", async () => {
    const { google, days } = await watchingHost();
    const before = google.channels.map(({ id }) => id);
    await days(5.9);
    expect(google.channels.map(({ id }) => id)).toEqual(before);
    await days(0.2);
    expect(watched(google)).toEqual(["a", "b"]);
    expect(google.channels.map(({ id }) => id)).not.toEqual(expect.arrayContaining(before));
    const changes = google.asked.map(({ line }) => line).filter((line) => /watch|stop/.test(line));
    expect(changes.slice(2).map((line) => line.split("/").at(-1))).toEqual([
      "watch",
      "stop",
      "watch",
      "stop",
    ]);
  });

  it("that live for less than a day are made anew, and not without end", async () => {
    const { google, days, lives } = await watchingHost();
    google.channelLifeMs = 2 * HOUR_MS;
    await days(6.1);
    const before = google.linesWith("/events/watch").length;
    await lives(DAY_MS);
    expect(watched(google)).toEqual(["a", "b"]);
    expect(google.linesWith("/events/watch").length - before).toBeLessThanOrEqual(2 * 25);
  });

  it("that cannot be made are tried again a day later, and the calendars are read every quarter of an hour", async () => {
    const { clock, host, google, days, lives } = await watchingHost();
    google.answers(({ line }, go) => (line.includes("/watch") ? new Response(null, { status: 400 }) : go()));
    await days(6);
    const tries = google.linesWith("/events/watch").length;
    expect(tries).toBeLessThanOrEqual(2 + 2 * 2);
    await days(8);
    const reads = google.linesWith("/freeBusy").length;
    await lives(4 * HOUR_MS);
    expect(google.linesWith("/freeBusy").length - reads).toBeGreaterThanOrEqual(12);
    expect((await nextRefreshAt(host)) - clock.now).toBeLessThan(20 * MINUTE_MS);
    google.answers((_asked, go) => go());
    await lives(DAY_MS);
    expect(watched(google)).toEqual(["a", "b"]);
  });

  it("are forgotten with what they are about: a calendar that does not block, an account that goes", async () => {
    const { host, google, connection, idOf, days, lives } = await watchingHost();
    await chooses(host, connection.id, [idOf("a")]);
    await lives(1_000);
    expect(await rows(host)).toBe(1);
    await calendarOf(host.did).disconnectCalendars(connection.id);
    await lives(1_000);
    expect(await rows(host)).toBe(0);
    expect(google.linesWith("POST /revoke")).toHaveLength(1);
    await days(10);
    expect(google.linesWith("/events/watch")).toHaveLength(2);
  });

  it("are made for a calendar chosen while others are being made", async () => {
    const { clock, host, google, connection, idOf, lives } = await watchingHost();
    await chooses(host, connection.id, [idOf("a")]);
    await lives(1_000);
    clock.moveBy(6 * DAY_MS + HOUR_MS);
    const held = holdUp(google, "/events/watch");
    const ringing = ring(host.did);
    await held.reached;
    await chooses(host, connection.id, [idOf("a"), idOf("b")]);
    held.release();
    await ringing;
    await lives(MINUTE_MS);
    expect(await rows(host)).toBe(2);
  });

  it("are not kept for an account that goes while they are being made", async () => {
    const { clock, host, google, connection, lives } = await watchingHost();
    clock.moveBy(6 * DAY_MS + HOUR_MS);
    const held = holdUp(google, "/events/watch");
    const ringing = ring(host.did);
    await held.reached;
    await calendarOf(host.did).disconnectCalendars(connection.id);
    held.release();
    await ringing;
    await lives(MINUTE_MS);
    expect(await rows(host)).toBe(0);
  });

  it("are made anew with a new access, since those of a grant end with it", async () => {
    const { host, google, connection, lives } = await watchingHost();
    google.revokes();
    await lives(2 * DAY_MS);
    expect(await calendarOf(host.did).listCalendars()).toMatchObject([{ state: "needs_reauth" }]);
    expect(await rows(host)).toBe(0);
    const access = google.access();
    given(await calendarOf(host.did).giveCalendarAccess(connection.id, { kind: "google", access }));
    await lives(1_000);
    expect(watched(google)).toEqual(["a", "b"]);
  });

  it("are made anew with a new access too where nobody noticed that the old one had ended", async () => {
    const { host, google, connection, lives } = await watchingHost();
    google.revokes();
    const access = google.access();
    given(await calendarOf(host.did).giveCalendarAccess(connection.id, { kind: "google", access }));
    await lives(1_000);
    expect(watched(google)).toEqual(["a", "b"]);
  });
});

describe("a push", () => {
  it("has the calendars read two seconds later, once for many", async () => {
    const { clock, host, google, lives } = await watchingHost();
    await lives(HOUR_MS);
    const [channel] = google.channels;
    const reads = google.linesWith("/freeBusy").length;
    for (let count = 0; count < 15; count += 1) {
      await calendarOf(host.did).calendarPushed(channel?.id ?? "");
      await lives(100);
    }
    expect((await nextRefreshAt(host)) - clock.now).toBeLessThan(2_000);
    await lives(2_000);
    const each = google.linesWith("/freeBusy").length - reads;
    await lives(10 * MINUTE_MS);
    expect(google.linesWith("/freeBusy")).toHaveLength(reads + each);
    expect(each).toBe(1);
  });

  it("about a channel nobody knows, or an account that fails, has nothing read", async () => {
    const { host, google, lives } = await watchingHost();
    const planned = await nextRefreshAt(host);
    await calendarOf(host.did).calendarPushed(crypto.randomUUID());
    expect(await nextRefreshAt(host)).toBe(planned);
    google.answers(({ line }, go) =>
      line.includes("/freeBusy") ? new Response(null, { status: 500 }) : go(),
    );
    await lives(2 * HOUR_MS);
    const later = await nextRefreshAt(host);
    await calendarOf(host.did).calendarPushed(google.channels[0]?.id ?? "");
    expect(await nextRefreshAt(host)).toBe(later);
  });

  it("does not hasten an account that fails while it is being read", async () => {
    const { clock, host, google, connection } = await watchingHost();
    google.answers(async ({ line }, go) => {
      if (!line.includes("/freeBusy")) return go();
      await calendarOf(host.did).calendarPushed(google.channels[0]?.id ?? "");
      return new Response(null, { status: 500 });
    });
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    expect((await nextRefreshAt(host)) - clock.now).toBeGreaterThanOrEqual(MINUTE_MS);
  });

  it("lets an hour pass between readings, and a quarter where one calendar is not watched", async () => {
    const { clock, host, google, connection, lives } = await watchingHost();
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    const pause = async () => ((await nextRefreshAt(host)) - clock.now) / MINUTE_MS;
    expect(await pause()).toBeGreaterThanOrEqual(60);
    google.answers(({ line }, go) => (line.includes("/watch") ? new Response(null, { status: 400 }) : go()));
    await inStorage(host.did, ({ sql }) => {
      sql.exec("DELETE FROM push_channels WHERE calendar_id = (SELECT min(calendar_id) FROM push_channels)");
    });
    given(await calendarOf(host.did).refreshCalendars(connection.id));
    expect(await pause()).toBeLessThanOrEqual(20);
    await lives(1_000);
  });

  it.each(["by the alarm", "by its host"] as const)(
    "that comes while the calendars are being read %s is not lost",
    async (how) => {
      const { clock, host, google, connection, lives } = await watchingHost();
      const day = midnightIn(3);
      if (how === "by the alarm") clock.moveTo((await nextRefreshAt(host)) + 1_000);
      const held = holdUp(google, "/freeBusy");
      const reading =
        how === "by the alarm" ? ring(host.did) : calendarOf(host.did).refreshCalendars(connection.id);
      await held.reached;
      google.busy.set("a", [day + 10 * HOUR_MS]);
      await calendarOf(host.did).calendarPushed(google.channels[0]?.id ?? "");
      held.release();
      await reading;
      await lives(10_000);
      const range = { from: { at: day + 10 * HOUR_MS }, to: { at: day + 10 * HOUR_MS + 1 } };
      const { slots } = given(await calendarOf(host.did).listSlots({ meetingTypeRkey: "intro", ...range }));
      expect(slots).toEqual([]);
    },
  );
});
