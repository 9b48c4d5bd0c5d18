import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { NewWebhookJson, WebhookJson, WebhookListJson } from "../../worker/messages-wire.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { WebhookReceiver } from "./support/webhook-receiver.ts";

let world: TestNetwork;
let browser: Browser;
let host: TestAccount;
let booker: TestAccount;
let meetingType: string;
let receiver: WebhookReceiver;
let webhook: WebhookJson;

beforeAll(async () => {
  [world, browser, receiver] = await Promise.all([
    startTestNetwork(),
    launchBrowser(),
    WebhookReceiver.start(),
  ]);
  ({ host, meetingType } = await world.host({ meetingType: { approval: "manual" } }));
  booker = await world.person("booker");
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), receiver?.goesAway()]);
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

it("what is decided while nobody listens comes when somebody does", async () => {
  await receiver.goesAway();
  const known = receiver.received.length;
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "12:00") });
  await host.does("confirm", uid);
  const tried = await eventually(current, ({ deliveries }) => deliveries[1]?.attempts === 1);
  expect(tried.deliveries.slice(0, 2)).toMatchObject([
    { type: "booking.confirmed", state: "waiting", attempts: 0 },
    { type: "booking.requested", state: "waiting", attempts: 1, problem: "unreachable" },
  ]);
  await receiver.comesBack();
  await eventually(
    async () => receiver.received.length,
    (count) => count >= known + 2,
    20,
  );
  expect(receiver.received.slice(known).map(({ type, booking }) => [type, booking?.uid])).toEqual([
    ["booking.requested", uid],
    ["booking.confirmed", uid],
  ]);
});

it("what was owed before workerd was killed comes all the same", async () => {
  const known = receiver.messages.length;
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "13:00") });
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

it("what was taken, but not yet known to be when workerd was killed, comes once more with the same id", async () => {
  // A repetition from before, held as well, would be waited for until its time is over.
  await eventually(current, ({ deliveries }) => deliveries.every(({ state }) => state === "delivered"));
  const answers = receiver.holdsItsAnswers();
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "14:00") });
  const triesOfIt = async () => receiver.received.filter(({ booking }) => booking?.uid === uid);
  expect(await eventually(triesOfIt, ({ length }) => length > 0)).toHaveLength(1);
  process.kill(world.broker.workerdPid(), "SIGKILL");
  answers();
  await world.broker.answering();
  // Looking wakes the authority, which goes on at once; by itself it does so half a minute after its alarm was killed.
  await current();
  const tries = await eventually(triesOfIt, ({ length }) => length > 1);
  expect(tries).toHaveLength(2);
  expect(receiver.messages.filter(({ booking }) => booking?.uid === uid)).toEqual([tries[0]]);
  const { deliveries } = await eventually(current, (one) => one.deliveries[0]?.state === "delivered");
  expect(deliveries[0]).toMatchObject({ bookingUid: uid, state: "delivered", status: 204 });
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

it("in the settings: a test and what was sent, letting go, and a secret that is shown once", async () => {
  const page = await newPageInUtc(browser);
  await signIn(page, world.url, host);
  await page.goto(`${world.url}/settings#webhooks-heading`);
  const card = page.locator("section", { has: page.locator("#webhooks-heading") });
  const sent = card.getByRole("listitem").filter({ hasText: "Test" });
  await card.getByRole("button", { name: `Send a test to ${receiver.url}`, exact: true }).click();
  await card.getByText("Delivered: answered 204").first().waitFor();
  expect(await sent.first().isVisible()).toBe(true);
  expect(receiver.messages.at(-1)).toMatchObject({ type: "ping" });
  await picture(page, "70-webhooks");

  for (let left = 5; left > 0; left -= 1) {
    await card
      .getByRole("button", { name: /^Remove / })
      .first()
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  const answer = await host.call("social.schedule.listWebhooks", "/api/webhooks");
  expect(await answer.json()).toEqual({ webhooks: [] });

  await card.getByRole("textbox").fill("https://example.com/hooks");
  await card.getByRole("button", { name: "Add", exact: true }).click();
  const secret = card.getByLabel("The secret it is signed with", { exact: true });
  await secret.waitFor();
  expect(await secret.inputValue()).toMatch(/^whsec_/);
  await picture(page, "71-webhook-added");
  await page.reload();
  await card.getByText("https://example.com/hooks").first().waitFor();
  expect(await secret.count()).toBe(0);
  expect(await page.content()).not.toContain("whsec_");
});
