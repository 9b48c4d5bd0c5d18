import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { inDays } from "./support/eventually.ts";
import { startFeedServer } from "./support/feed-server.ts";
import type { FeedServer } from "./support/feed-server.ts";
import { signIn } from "./support/sign-in-pages.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { openDay, timeAt } from "./support/times-page.ts";

let world: TestNetwork;
let browser: Browser;
let feed: FeedServer;

beforeAll(async () => {
  [world, browser, feed] = await Promise.all([startTestNetwork(), launchBrowser(), startFeedServer()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await feed?.stop();
});

it("a host connects the link of a calendar: what is busy in it leaves an open booking page, follows the calendar, and comes back", async () => {
  const { host, meetingType } = await world.host();
  const [ten, two] = [inDays(2, "10:00"), inDays(2, "14:00")];
  const [hostPage, stranger] = await Promise.all([newPageInUtc(browser), newPageInUtc(browser)]);
  await stranger.goto(`${world.url}/book/${host.did}/${meetingType}`);
  await openDay(stranger, ten);
  await timeAt(stranger, ten).waitFor();

  await signIn(hostPage, world.url, host, { returnTo: "/settings" });
  const card = hostPage.getByRole("region", { name: "Your calendars" });
  const link = card.getByLabel("Link to an .ics file");
  await card.getByLabel("Name").fill("Work");
  feed.publishes({ status: 200, body: "<!doctype html><p>Sign in to see this calendar" });
  await link.fill(feed.url);
  await card.getByRole("button", { name: "Connect" }).click();
  await card.getByText("There is no calendar at that address.").waitFor();
  await picture(hostPage, "60-calendar-is-a-page");

  feed.publishes([ten]);
  await card.getByRole("button", { name: "Connect" }).click();
  await card.getByText("As of just now").waitFor();
  expect(await link.inputValue()).toBe("");
  await picture(hostPage, "61-calendar-connected");
  await timeAt(stranger, ten).waitFor({ state: "detached" });
  await timeAt(stranger, two).waitFor();

  feed.publishes([two]);
  await card.getByRole("button", { name: "Refresh Work" }).click();
  await timeAt(stranger, two).waitFor({ state: "detached" });
  await timeAt(stranger, ten).waitFor();

  feed.publishes({ status: 404, body: "gone" });
  await card.getByRole("button", { name: "Refresh Work" }).click();
  await card.locator("li").getByText("There is nothing at its address any more.").waitFor();
  await card.getByText("what was busy then still is").waitFor();
  await picture(hostPage, "62-calendar-vanished");
  expect(await timeAt(stranger, two).count()).toBe(0);

  await card.getByRole("button", { name: "Disconnect Work" }).click();
  await hostPage.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await card.locator("li").waitFor({ state: "detached" });
  await timeAt(stranger, two).waitFor();

  const said = JSON.stringify(world.broker.logs());
  for (const secret of [feed.url, "private-2e1f", "Something private"]) expect(said).not.toContain(secret);
});
