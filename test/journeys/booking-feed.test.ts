import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

let world: TestNetwork;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startTestNetwork(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

it("somebody makes a link to their bookings, subscribes to it without signing in, and takes it back", async () => {
  const { host, meetingType } = await world.host();
  const booker = await world.person("booker");
  const booking = await booker.books({ host: host.did, meetingType, start: inDays(3, "10:00") });
  const page = await newPageInUtc(browser);
  await signIn(page, world.url, host, { returnTo: "/settings" });
  const card = page.getByRole("region", { name: "Your bookings in your calendar" });
  await card.getByRole("button", { name: "Make a link" }).click();
  const field = card.getByLabel("Your link", { exact: true });
  await field.waitFor();
  const link = await field.inputValue();
  await picture(page, "90-booking-feed");
  const read = async () => (await fetch(link)).text();
  expect(await eventually(read, (text) => text.includes(booking.uid))).toContain("BEGIN:VEVENT");

  await page.reload();
  await card.getByText("You have had a link since").waitFor();
  expect(await field.count()).toBe(0);
  await card.getByRole("button", { name: "Take it back" }).click();
  await card.getByRole("button", { name: "Make a link" }).waitFor();
  expect((await fetch(link)).status).toBe(404);
});
