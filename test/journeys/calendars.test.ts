import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { calendarCard, chooseKind, connectionIn, setBlocks } from "./support/calendar-card.ts";
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
  const card = calendarCard(hostPage);
  const work = connectionIn(card, "Work");
  await chooseKind(card, "Published link");
  const link = card.getByLabel("Link to an .ics file");
  await card.getByLabel("Name").fill("Work");
  feed.publishes({ status: 200, body: "<!doctype html><p>Sign in to see this calendar" });
  await link.fill(feed.url);
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await card.getByText("There is no calendar at that address.").waitFor();
  await picture(hostPage, "60-calendar-is-a-page");

  feed.publishes([ten]);
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await work.getByText("As of just now").waitFor();
  expect(await link.count()).toBe(0);
  await picture(hostPage, "61-calendar-connected");
  await timeAt(stranger, ten).waitFor({ state: "detached" });
  await timeAt(stranger, two).waitFor();

  feed.publishes([two]);
  await work.getByRole("button", { name: "Refresh Work" }).click();
  await timeAt(stranger, two).waitFor({ state: "detached" });
  await timeAt(stranger, ten).waitFor();

  await setBlocks(work, "Work", false);
  await work.getByText("Blocks no time").waitFor();
  await timeAt(stranger, two).waitFor();
  await setBlocks(work, "Work", true);
  await timeAt(stranger, two).waitFor({ state: "detached" });

  feed.publishes({ status: 404, body: "gone" });
  await work.getByRole("button", { name: "Refresh Work" }).click();
  await work.getByText("There is nothing at its address any more.").waitFor();
  await work.getByText("what was busy then still is").waitFor();
  await picture(hostPage, "62-calendar-vanished");
  expect(await timeAt(stranger, two).count()).toBe(0);

  await work.getByRole("button", { name: "Give access again" }).click();
  await work.getByText("Paste the link to the .ics file.").waitFor();
  feed.publishes([ten]);
  await work.getByLabel("Link to an .ics file").fill(feed.url);
  await work.getByRole("button", { name: "Give access again" }).click();
  await timeAt(stranger, ten).waitFor({ state: "detached" });
  await timeAt(stranger, two).waitFor();
  expect(await work.getByLabel("Link to an .ics file").count()).toBe(0);

  await work.getByRole("button", { name: "Disconnect Work" }).click();
  await hostPage.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await work.waitFor({ state: "detached" });
  await timeAt(stranger, ten).waitFor();

  const said = JSON.stringify(world.broker.logs());
  for (const secret of [feed.url, "private-2e1f", "Something private"]) expect(said).not.toContain(secret);
});

it("a host sees at once which bookings their calendar has been put upon, and that a tick could not be saved", async () => {
  const { host, meetingType } = await world.host();
  const booker = await world.person("booker");
  const ten = inDays(3, "10:00");
  const page = await newPageInUtc(browser);
  await signIn(page, world.url, host, { returnTo: "/settings" });
  const card = calendarCard(page);
  const team = connectionIn(card, "Team");
  feed.publishes([]);
  await chooseKind(card, "Published link");
  await card.getByLabel("Name").fill("Team");
  await card.getByLabel("Link to an .ics file").fill(feed.url);
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await team.waitFor();
  const { uid } = await booker.books({ host: host.did, meetingType, start: ten });

  await page.goto(`${world.url}/dashboard`);
  const clashes = page.getByRole("region", { name: "Clashes with your calendars" });
  await page.getByRole("heading", { name: "Coming up" }).waitFor();
  expect(await clashes.count()).toBe(0);

  feed.publishes([ten]);
  await page.goto(`${world.url}/settings`);
  await team.getByRole("button", { name: "Refresh Team" }).click();
  await card.getByText("Team is up to date").waitFor();
  await page.goto(`${world.url}/dashboard`);
  await clashes.getByRole("link", { name: "Half an hour" }).waitFor();
  await page.getByRole("button", { name: /^Notifications, / }).click();
  const news = page
    .getByRole("region", { name: "Notifications" })
    .getByRole("link", { name: /clashes with/ });
  await news.waitFor();
  await picture(page, "63-clash");
  await news.click();
  await page.waitForURL(`${world.url}/bookings/${uid}`);
  await page.getByRole("link", { name: "Move booking" }).waitFor();

  // Called off, it clashes no more.
  await host.does("cancel", uid);
  const answered = page.waitForResponse(`${world.url}/api/calendar/conflicts`);
  await page.goto(`${world.url}/dashboard`);
  expect(await (await answered).json()).toEqual({ bookings: [] });
  await page.getByRole("heading", { name: "Coming up" }).waitFor();
  expect(await clashes.count()).toBe(0);

  await page.goto(`${world.url}/settings`);
  await page.route("**/api/calendar/connections/*", (route) => route.abort());
  await team.getByRole("checkbox").click();
  await team.getByText("Not saved, so it is as it was.").waitFor();
  expect(await team.getByRole("checkbox").isChecked()).toBe(true);
  await picture(page, "64-tick-not-saved");
});

it("a host says what happens while a calendar cannot be read, and what they said of requests before stays", async () => {
  const { host } = await world.host();
  const page = await newPageInUtc(browser);
  await signIn(page, world.url, host, { returnTo: "/settings" });
  const silent = page.getByRole("region", { name: "When a calendar cannot be read" });
  const card = calendarCard(page);
  await card.getByRole("radio").first().waitFor();
  expect(await silent.count()).toBe(0);
  feed.publishes([]);
  await chooseKind(card, "Published link");
  await card.getByLabel("Name").fill("Home");
  await card.getByLabel("Link to an .ics file").fill(feed.url);
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await silent.getByRole("radio", { name: "Ask me", checked: true }).waitFor();

  await page.getByLabel("Requests wait for an answer").fill("12");
  await page.getByRole("button", { name: "Save how long requests wait" }).click();
  await page.getByRole("region", { name: "Requests" }).getByText("Saved").waitFor();
  await silent.getByRole("radio", { name: "Refuse" }).check();
  await silent.getByRole("button", { name: /^Save/ }).click();
  await silent.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  await silent.getByRole("radio", { name: "Refuse", checked: true }).waitFor();
  expect(await page.getByLabel("Requests wait for an answer").inputValue()).toBe("12");
});
