import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NewWebhookJson, WebhookAnswerJson, WebhookListJson } from "../../worker/messages-wire.ts";
import { booker, given, midnightIn } from "../durable-objects/support/booker.ts";
import {
  type HostOnTheNetwork,
  hostOnTheNetwork,
  serverOnTheNetwork,
} from "../durable-objects/support/host-on-the-network.ts";
import { type Clock, live, stoppedClock } from "../durable-objects/support/time.ts";
import { Visitor } from "./support/visitor.ts";

const PATH = "/api/webhooks";
const SOMEWHERE = "https://hooks.example.com/bookings";
const NOTE = "about-the-bridge-4711";

let clock: Clock;
let host: HostOnTheNetwork;
let page: Visitor;

beforeEach(async () => {
  clock = stoppedClock();
  host = hostOnTheNetwork();
  page = await Visitor.signedIn(host.did);
});
afterEach(() => {
  vi.mocked(Date.now).mockRestore?.();
});

const post = (path: string) => page.call(`${PATH}/${path}`, { method: "POST" });
const refusal = async (answer: Response) =>
  `${answer.status} ${(await answer.json<{ error: string }>()).error}`;

async function added(url = SOMEWHERE): Promise<NewWebhookJson> {
  const answer = await page.call(PATH, { body: { url } });
  expect(answer.status).toBe(201);
  return answer.json();
}

async function list(visitor = page): Promise<WebhookListJson> {
  return (await visitor.call(PATH)).json();
}

/** A webhook to which one booking was told, and which answered so. */
async function tried(status = 204): Promise<NewWebhookJson> {
  const made = await added(`${serverOnTheNetwork(() => new Response(null, { status })).origin}/token-8823`);
  given(await booker(host.did, "ann").asksFor(midnightIn(2), { note: NOTE }));
  await live(host.did, clock, 1_000);
  return made;
}

describe("a webhook", () => {
  it("is shown to its host as it stands, with a secret that is said once, in no list and in no export", async () => {
    const { webhook, secret } = await tried();
    expect(webhook).toEqual({
      id: expect.any(String),
      url: expect.stringMatching(/token-8823$/),
      createdAt: expect.stringMatching(/Z$/),
      state: "on",
      deliveries: [],
    });
    const { webhooks } = await list();
    expect(webhooks).toEqual([
      {
        ...webhook,
        deliveries: [
          {
            id: expect.any(String),
            type: "booking.confirmed",
            bookingUid: expect.any(String),
            at: expect.stringMatching(/Z$/),
            attempts: 1,
            state: "delivered",
            status: 204,
          },
        ],
      },
    ]);
    const exported = await (await page.call("/api/account/export")).json<{ webhooks: unknown }>();
    expect(exported.webhooks).toEqual(webhooks);
    for (const text of [JSON.stringify(webhooks), JSON.stringify(exported)]) {
      expect(text).not.toContain(secret.slice("whsec_".length));
    }
    // What was sent is kept to be sent again; the list need not repeat it.
    expect(JSON.stringify(webhooks)).not.toContain(NOTE);
  });

  it("is nobody else's: not to see, not to try, not to turn on, not to send again, not to let go of", async () => {
    const { webhook } = await tried();
    const [delivery] = (await list()).webhooks[0]?.deliveries ?? [];
    const other = await Visitor.signedIn(hostOnTheNetwork().did);
    expect(await list(other)).toEqual({ webhooks: [] });
    // Once with nothing of their own, and once with a webhook of theirs.
    for (const own of [undefined, { url: SOMEWHERE }]) {
      if (own) expect((await other.call(PATH, { body: own })).status).toBe(201);
      for (const path of ["ping", "enable", `deliveries/${delivery?.id}/replay`]) {
        const answer = await other.call(`${PATH}/${webhook.id}/${path}`, { method: "POST" });
        expect(await refusal(answer)).toBe("404 WebhookNotFound");
      }
      const gone = await other.call(`${PATH}/${webhook.id}`, { method: "DELETE" });
      expect([gone.status, await gone.text()]).toEqual([204, ""]);
    }
    expect((await list()).webhooks).toHaveLength(1);
  });

  it("is tried, sent to again and let go of, and each answer says how it stands", async () => {
    const { webhook } = await tried();
    const ping = await post(`${webhook.id}/ping`);
    expect([ping.status, await ping.json<WebhookAnswerJson>()]).toMatchObject([
      202,
      { webhook: { deliveries: [{ type: "ping", state: "waiting", attempts: 0 }, { state: "delivered" }] } },
    ]);
    const [, delivery] = (await list()).webhooks[0]?.deliveries ?? [];
    const replay = await post(`${webhook.id}/deliveries/${delivery?.id}/replay`);
    expect([replay.status, await replay.json<WebhookAnswerJson>()]).toMatchObject([
      202,
      { webhook: { deliveries: [{ type: "ping" }, { id: delivery?.id, state: "waiting" }] } },
    ]);
    expect((await page.call(`${PATH}/${webhook.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await list()).toEqual({ webhooks: [] });
    expect(await refusal(await post(`${webhook.id}/ping`))).toBe("404 WebhookNotFound");
  });

  it("that is off is not tried, and is on again when its host says so", async () => {
    const { webhook } = await tried(410);
    expect((await list()).webhooks).toMatchObject([{ state: "off" }]);
    expect(await refusal(await post(`${webhook.id}/ping`))).toBe("409 WebhookOff");
    const on = await post(`${webhook.id}/enable`);
    expect([on.status, await on.json<WebhookAnswerJson>()]).toMatchObject([
      200,
      { webhook: { state: "on" } },
    ]);
    expect((await post(`${webhook.id}/ping`)).status).toBe(202);
  });
});

describe("an address", () => {
  it.each([
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::ffff:10.0.0.1]/",
    "https://0xa.1/",
    "https://printer.lan/",
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "webcal://hooks.example.com/",
    "https://ann:pw-7319@hooks.example.com/",
    "hooks",
    "",
  ])("%j is refused in a sentence that does not repeat it", async (url) => {
    const answer = await page.call(PATH, { body: { url } });
    const { error, message } = await answer.json<{ error: string; message: string }>();
    expect([answer.status, error]).toEqual([422, "AddressNotAllowed"]);
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(message).not.toMatch(/pw-7319|192\.168|169\.254|printer/);
    expect(await list()).toEqual({ webhooks: [] });
  });

  it.each([
    [{}],
    [{ url: 7 }],
    [{ url: null }],
    [[]],
    ["no json"],
    [{ url: `https://a.example/${"x".repeat(2_100)}` }],
  ])("is not made of %j", async (body) => {
    expect((await page.call(PATH, { method: "POST", body })).status).toBe(400);
    expect(await list()).toEqual({ webhooks: [] });
  });

  it("is the sixth only once another one is let go of", async () => {
    const made: NewWebhookJson[] = [];
    for (let count = 0; count < 5; count += 1) {
      clock.moveBy(1);
      made.push(await added(`${SOMEWHERE}/${count}`));
    }
    clock.moveBy(1);
    expect(await refusal(await page.call(PATH, { body: { url: SOMEWHERE } }))).toBe("422 TooManyWebhooks");
    await page.call(`${PATH}/${made[2]?.webhook.id}`, { method: "DELETE" });
    await added();
    expect((await list()).webhooks.map(({ url }) => url)).toEqual([
      ...[0, 1, 3, 4].map((count) => `${SOMEWHERE}/${count}`),
      SOMEWHERE,
    ]);
  });
});

it("who is no host has none, and gets none", async () => {
  const nobody = await Visitor.signedIn("did:plc:zzzzzzzzzzzzzzzzzzzzzzzz");
  expect(await list(nobody)).toEqual({ webhooks: [] });
  expect(await refusal(await nobody.call(PATH, { body: { url: SOMEWHERE } }))).toBe("404 HostNotFound");
});
