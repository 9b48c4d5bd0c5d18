import { afterAll, beforeAll, expect, it } from "vitest";
import { CalendarHost } from "../journeys/support/calendar-host.ts";
import { startFeedServer } from "../journeys/support/feed-server.ts";
import type { FeedServer } from "../journeys/support/feed-server.ts";
import { startTestNetwork } from "../journeys/support/test-network.ts";
import type { TestNetwork } from "../journeys/support/test-network.ts";
import type { CalDavServer } from "../support/caldav-server.ts";
import { canRunCyrus, startCyrus } from "../support/cyrus.ts";
import { startRadicale } from "../support/radicale.ts";
import { SAME_EVENTS, sameCalendar, ZONE } from "../support/same-calendar.ts";

let world: TestNetwork;
let feed: FeedServer;
let servers: CalDavServer[];

beforeAll(async () => {
  if (!canRunCyrus()) return;
  [world, feed] = await Promise.all([startTestNetwork(), startFeedServer()]);
  servers = [await startRadicale(["alice"]), await startCyrus()];
  for (const server of servers) {
    const calendar = await server.makeCalendar("work");
    for (const event of SAME_EVENTS) {
      expect(await server.put(calendar, event.uid, sameCalendar([event]))).toBe(201);
    }
  }
  feed.publishes({ status: 200, body: sameCalendar(SAME_EVENTS) });
});
afterAll(async () => {
  await Promise.all([world?.stop(), feed?.stop(), ...(servers ?? []).map((server) => server.stop())]);
});

// Without root or the packages that test/support/cyrus.ts names there is no Cyrus to ask.
it.runIf(canRunCyrus())(
  "the same busy calendar gives the same slots through Cyrus, Radicale and a feed",
  async () => {
    const newHost = async () =>
      new CalendarHost(
        world,
        await world.host({
          availability: { timeZone: ZONE },
          meetingType: { durationMinutes: 15, horizonDays: 60 },
        }),
      );
    const hosts = await Promise.all([newHost(), newHost(), newHost(), newHost()]);
    const [, fed, ...asked] = hosts;
    await fed?.connects({ kind: "feed", label: "Feed", url: feed.url });
    for (const [index, host] of asked.entries()) {
      const { url, username, password } = servers[index] ?? { url: "", username: "", password: "" };
      await host.connects({ kind: "caldav", label: "Server", url, username, password });
    }
    const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const [all, expected, ...others] = await Promise.all(hosts.map((host) => host.slots(date(1), date(60))));
    expect(all?.length ?? 0).toBeGreaterThan((expected?.length ?? 0) + 400);
    for (const slots of others) expect(slots).toEqual(expected);
  },
);
