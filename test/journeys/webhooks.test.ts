import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { NewWebhookJson, WebhookJson, WebhookListJson } from "../../worker/messages-wire.ts";
import type { BookingJson } from "../../worker/wire.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

interface Received {
  readonly id: string;
  readonly type: string;
  readonly booking?: BookingJson;
}

/** A program of a host: it keeps what is signed with its key, by the library that others use, and answers what it is told. */
class Receiver {
  readonly #server: Server;
  key = "";
  status = 204;
  readonly received: Received[] = [];
  readonly refused: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        receiver.#take(Buffer.concat(chunks).toString("utf8"), request.headers as Record<string, string>);
        response.writeHead(receiver.status).end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks?token=secret`;
  }

  /** Without repetitions, as a receiver should. */
  get messages(): Received[] {
    return [...new Map(this.received.map((each) => [each.id, each])).values()];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #take(body: string, headers: Record<string, string>): void {
    try {
      const { type, data } = new Webhook(this.key).verify(body, headers) as {
        type: string;
        data: { booking?: BookingJson };
      };
      this.received.push({
        id: headers["webhook-id"] ?? "",
        type,
        ...(data.booking && { booking: data.booking }),
      });
    } catch (error) {
      this.refused.push(error instanceof Error ? error.message : "unknown");
    }
  }
}

let world: TestNetwork;
let browser: Browser;
let host: TestAccount;
let booker: TestAccount;
let meetingType: string;
let receiver: Receiver;
let webhook: WebhookJson;

beforeAll(async () => {
  [world, browser, receiver] = await Promise.all([startTestNetwork(), launchBrowser(), Receiver.start()]);
  ({ host, meetingType } = await world.host({ meetingType: { approval: "manual" } }));
  booker = await world.person("booker");
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), receiver?.stop()]);
});

async function current(): Promise<WebhookJson> {
  const answer = await host.call("social.schedule.listWebhooks", "/api/webhooks");
  const { webhooks } = (await answer.json()) as WebhookListJson;
  return webhooks.find(({ id }) => id === webhook.id) ?? webhook;
}

const does = (operation: string, path: string) =>
  host.call(`social.schedule.${operation}`, `/api/webhooks/${webhook.id}/${path}`, { body: {} });

it("a host adds an address, sees its key once, and every decision comes to it in order, signed", async () => {
  const added = await host.call("social.schedule.addWebhook", "/api/webhooks", {
    body: { url: receiver.url },
  });
  expect(added.status).toBe(201);
  const { secret, webhook: made } = (await added.json()) as NewWebhookJson;
  webhook = made;
  receiver.key = secret;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(JSON.stringify(await current())).not.toContain(secret);

  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "10:00") });
  await host.does("confirm", uid);
  await booker.does("cancel", uid);
  await eventually(
    async () => receiver.messages,
    (all) => all.length >= 3,
  );
  expect(receiver.refused).toEqual([]);
  expect(receiver.messages.map(({ type, booking }) => [type, booking?.status, booking?.sequence])).toEqual([
    ["booking.requested", "pending", 0],
    ["booking.confirmed", "confirmed", 1],
    ["booking.cancelled", "cancelled", 2],
  ]);
  const { deliveries } = await eventually(current, (one) =>
    one.deliveries.every(({ state }) => state === "delivered"),
  );
  expect(deliveries.map(({ type, status, attempts }) => [type, status, attempts])).toEqual([
    ["booking.cancelled", 204, 1],
    ["booking.confirmed", 204, 1],
    ["booking.requested", 204, 1],
  ]);
});

it("what is not taken is tried again with the same id, and can be sent again by hand", async () => {
  receiver.status = 500;
  const before = receiver.received.length;
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "11:00") });
  await eventually(
    async () => receiver.received.length,
    (count) => count > before,
  );
  receiver.status = 204;
  // Five seconds later.
  const done = await eventually(current, (one) => one.deliveries[0]?.state === "delivered", 20);
  expect(done.deliveries[0]).toMatchObject({
    type: "booking.requested",
    bookingUid: uid,
    status: 204,
    attempts: 2,
  });
  const tries = receiver.received.filter(({ booking }) => booking?.uid === uid);
  expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
  expect(tries).toHaveLength(2);

  expect((await does("replayToWebhook", `deliveries/${done.deliveries[0]?.id}/replay`)).status).toBe(202);
  await eventually(
    async () => receiver.received.length,
    (count) => count > before + 2,
  );
  expect(receiver.received.at(-1)).toEqual(tries[0]);
  expect((await does("replayToWebhook", "deliveries/unheard-of/replay")).status).toBe(404);
});

it("what was owed before workerd was killed comes all the same", async () => {
  const known = receiver.messages.length;
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "12:00") });
  process.kill(world.broker.workerdPid(), "SIGKILL");
  await world.broker.answering();
  await eventually(
    async () => receiver.messages.length,
    (count) => count > known,
    60,
  );
  expect(receiver.messages.slice(known).map(({ type, booking }) => [type, booking?.uid])).toEqual([
    ["booking.requested", uid],
  ]);
});

it("410 turns it off, the host is told, and turning it on again is theirs", async () => {
  receiver.status = 410;
  expect((await does("pingWebhook", "ping")).status).toBe(202);
  expect(await eventually(current, ({ state }) => state === "off")).toMatchObject({ state: "off" });
  const told = await eventually(
    () =>
      world.broker.query(
        "SELECT kind, meeting_title FROM notifications WHERE recipient_did = ? AND kind = 'webhook.off'",
        host.did,
      ),
    (rows) => rows.length > 0,
  );
  expect(told).toEqual([{ kind: "webhook.off", meeting_title: new URL(receiver.url).host }]);
  expect((await does("pingWebhook", "ping")).status).toBe(409);
  receiver.status = 204;
  expect((await does("enableWebhook", "enable")).status).toBe(200);
  const known = receiver.messages.length;
  expect((await does("pingWebhook", "ping")).status).toBe(202);
  await eventually(
    async () => receiver.messages.length,
    (count) => count > known,
  );
  expect(receiver.messages.at(-1)).toMatchObject({ type: "ping" });
});

it("nobody's network is called: internal addresses, other schemes and a sixth webhook are refused with a sentence", async () => {
  const add = (url: string) => host.call("social.schedule.addWebhook", "/api/webhooks", { body: { url } });
  for (const url of [
    "https://10.0.0.1/x",
    "https://[fd00::1]/",
    "https://router.local/",
    "http://example.com/",
    "ftp://example.com",
    "https://user:pw@example.com/",
    "webcal://example.com/",
    "no address",
  ]) {
    const answer = await add(url);
    expect(answer.status, url).toBe(422);
    expect(((await answer.json()) as { message: string }).message).toMatch(/\.$/);
  }
  for (let count = 1; count < 5; count += 1)
    expect((await add(`https://example.com/${count}`)).status).toBe(201);
  expect((await add("https://example.com/6")).status).toBe(422);
  expect(
    (
      await booker.call("social.schedule.addWebhook", "/api/webhooks", {
        body: { url: "https://example.com/" },
      })
    ).status,
  ).toBe(404);
});

it("in the settings: the list, a test, what was sent, and letting go", async () => {
  const page = await newPageInUtc(browser);
  await signIn(page, world.url, host);
  await page.goto(`${world.url}/settings#webhooks-heading`);
  await page.getByText(new URL(receiver.url).host).first().waitFor();
  await picture(page, "70-webhooks");
  const { webhooks } = (await (
    await host.call("social.schedule.listWebhooks", "/api/webhooks")
  ).json()) as WebhookListJson;
  for (const { id } of webhooks) {
    const gone = await host.call("social.schedule.removeWebhook", `/api/webhooks/${id}`, {
      method: "DELETE",
    });
    expect(gone.status).toBe(204);
  }
  await page.reload();
  const card = page.locator("section", { has: page.locator("#webhooks-heading") });
  await card.getByRole("textbox").fill("https://example.com/hooks");
  await card.getByRole("button", { name: "Add", exact: true }).click();
  const key = card.getByLabel("The secret it is signed with", { exact: true });
  await key.waitFor();
  expect(await key.inputValue()).toMatch(/^whsec_/);
  await picture(page, "71-webhook-added");
});
