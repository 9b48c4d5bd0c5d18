import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, it, vi } from "vitest";
import { booker, calendarOf, given, midnightIn } from "../support/booker.ts";
import { hostOnTheNetwork, serverOnTheNetwork } from "../support/host-on-the-network.ts";
import { haveKeys } from "../support/sealing-keys.ts";
import { inStorage, live, stoppedClock } from "../support/time.ts";

afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

it.each([
  [
    "called",
    async (hostDid: string, clock: ReturnType<typeof stoppedClock>) => {
      given(await booker(hostDid, "ann").asksFor(midnightIn(2)));
      await live(hostDid, clock, 1_000);
    },
  ],
  ["looked at", async (hostDid: string) => void (await calendarOf(hostDid).listWebhooks())],
])(
  "a webhook leaves an old sealing key by being %s, and its signatures stay those of its secret",
  async (_, use) => {
    const clock = stoppedClock();
    const { did } = hostOnTheNetwork();
    const object = env.HOST_CALENDAR.getByName(did);
    let key = "";
    const verified: unknown[] = [];
    const { origin } = serverOnTheNetwork(async (request) => {
      verified.push(new Webhook(key).verify(await request.text(), Object.fromEntries(request.headers)));
      return new Response(null, { status: 204 });
    });
    key = given(await calendarOf(did).addWebhook(origin)).secret;
    await haveKeys("both", object);
    await use(did, clock);
    const keyIds = await inStorage(did, ({ sql }) => sql.exec("SELECT key_id FROM webhooks").toArray());
    expect(keyIds).toEqual([{ key_id: "next" }]);
    await haveKeys("next", object);
    given(await booker(did, "ben").asksFor(midnightIn(3)));
    await live(did, clock, 1_000);
    expect(verified.at(-1)).toMatchObject({
      type: "booking.confirmed",
      data: { booking: { booker: { handle: "ben.test" } } },
    });
  },
);
