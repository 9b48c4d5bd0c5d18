import { afterAll, beforeAll, expect, it } from "vitest";
import { startGoogle } from "../google/stand-in.ts";
import type { Google } from "../google/stand-in.ts";
import { startRadicale } from "../support/radicale.ts";
import type { Radicale } from "../support/radicale.ts";
import { SAME_EVENTS, sameCalendar, ZONE } from "../support/same-calendar.ts";
import { CalendarHost } from "./support/calendar-host.ts";
import { startFeedServer } from "./support/feed-server.ts";
import type { FeedServer } from "./support/feed-server.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const CLIENT = { id: "broker.apps.googleusercontent.example", secret: "s" };
const EMAIL = "alice@gmail.example";

let world: TestNetwork;
let google: Google;
let radicale: Radicale;
let feed: FeedServer;

beforeAll(async () => {
  [google, radicale, feed] = await Promise.all([startGoogle(), startRadicale(["alice"]), startFeedServer()]);
  world = await startTestNetwork({
    vars: { GOOGLE_URL: google.url, GOOGLE_CLIENT_ID: CLIENT.id, GOOGLE_CLIENT_SECRET: CLIENT.secret },
  });
  const callback = `${world.url}/api/calendar/google/callback`;
  google.seed({
    clients: [{ ...CLIENT, redirectUris: [callback] }],
    accounts: [{ email: EMAIL, timeZone: ZONE }],
    events: SAME_EVENTS.flatMap(({ uid, google: events }) =>
      events.map((event) => ({ ...event, calendar: EMAIL, ...(event.series === undefined && { uid }) })),
    ),
  });
  const calendar = await radicale.makeCalendar("work");
  for (const event of SAME_EVENTS) await radicale.put(calendar, event.uid, sameCalendar([event]));
  feed.publishes({ status: 200, body: sameCalendar(SAME_EVENTS) });
});
afterAll(async () => {
  await Promise.all([world?.stop(), google?.stop(), radicale?.stop(), feed?.stop()]);
});

/** A host in Berlin who can be booked for half a year, at any time. */
async function newHost(): Promise<CalendarHost> {
  const host = await world.host({
    availability: { timeZone: ZONE },
    meetingType: { durationMinutes: 15, horizonDays: 200 },
  });
  return new CalendarHost(world, host);
}

it("the same busy calendar gives the same slots through CalDAV, a feed and Google", async () => {
  const [without, caldav, feeds, googles] = await Promise.all([newHost(), newHost(), newHost(), newHost()]);
  const { url, username, password } = radicale;
  await caldav.connects({ kind: "caldav", label: "Server", url, username, password });
  await feeds.connects({ kind: "feed", label: "Feed", url: feed.url });
  expect(await googles.connectsGoogle(EMAIL)).toBe("/settings?calendar=connected");

  const date = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  let taken = 0;
  for (const [from, to] of [
    [1, 60],
    [60, 120],
    [120, 180],
  ] as const) {
    const read = (host: CalendarHost) => host.slots(date(from), date(to));
    const [all, ...each] = await Promise.all([without, caldav, feeds, googles].map(read));
    expect(each[0]).toEqual(each[1]);
    expect(each[0]).toEqual(each[2]);
    taken += (all?.length ?? 0) - (each[0]?.length ?? 0);
  }
  // 24 weeks' mornings of two starts an hour and a half each, three whole days and one, a night's three hours, less those that overlap.
  expect(taken).toBeGreaterThan(24 * 6 + 4 * 96);
});
