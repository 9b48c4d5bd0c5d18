import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { chooseTime } from "./support/times-page.ts";

let world: TestNetwork;
let browser: Browser;
let host: TestAccount;
let booker: TestAccount;
let meetingType: string;
let link: string;
let hostPage: Page;
let bookerPage: Page;

beforeAll(async () => {
  [world, browser] = await Promise.all([startTestNetwork(), launchBrowser()]);
  ({ host, meetingType } = await world.host({ meetingType: { approval: "manual" } }));
  link = `${world.url}/book/${host.did}/${meetingType}`;
  booker = await world.person("booker");
  [hostPage, bookerPage] = await Promise.all([newPageInUtc(browser), newPageInUtc(browser)]);
  await signIn(hostPage, world.url, host);
  await signIn(bookerPage, world.url, booker);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const REFUSED = "This host takes no requests from you. Ask them another way.";

it("a host blocks somebody beside their booking, which stays; they are told when they ask, and can ask again once unblocked", async () => {
  const { uid } = await booker.books({ host: host.did, meetingType, start: inDays(2, "10:00") });
  const booked = await host.does("confirm", uid);
  const wanted = inDays(2, "14:00");

  await hostPage.goto(`${world.url}/bookings/${uid}`);
  await hostPage.getByRole("button", { name: `Block @${booker.handle}` }).click();
  await picture(hostPage, "50-block-dialog");
  await hostPage.getByRole("dialog").getByRole("button", { name: "Block" }).click();
  await hostPage.getByText("is blocked and cannot ask for new times.").waitFor();
  await picture(hostPage, "51-blocked-beside-booking");

  await bookerPage.goto(link);
  await chooseTime(bookerPage, wanted);
  await bookerPage.getByText(REFUSED).waitFor();
  await picture(bookerPage, "52-told-when-asking");
  await bookerPage.goto(`${world.url}/bookings/${uid}`);
  await bookerPage.locator(".badge").getByText("Confirmed", { exact: true }).waitFor();
  expect(await booker.booking(uid)).toEqual(booked);

  const other = await world.person("other");
  await hostPage.goto(`${world.url}/settings`);
  const people = hostPage.getByRole("region", { name: "Blocked people" });
  await people.getByLabel("Block by handle").fill(`@${other.handle}`);
  await people.getByRole("button", { name: "Block", exact: true }).click();
  await expect.poll(() => people.getByRole("listitem").count(), { timeout: 5000 }).toBe(2);
  await picture(hostPage, "53-settings-blocked");
  await people.getByRole("button", { name: `Unblock @${booker.handle}` }).click();
  await hostPage.getByRole("dialog").getByRole("button", { name: "Unblock" }).click();
  await expect.poll(() => people.getByRole("listitem").allInnerTexts(), { timeout: 5000 }).toHaveLength(1);
  await people.getByRole("listitem").getByText(`@${other.handle}`).waitFor();

  await bookerPage.goto(link);
  await chooseTime(bookerPage, wanted);
  await bookerPage.getByRole("timer").waitFor();
  await bookerPage.getByRole("button", { name: "Request this time" }).click();
  await bookerPage.getByRole("heading", { name: "Your request is sent" }).waitFor();
});

it("a host says how long requests wait, and whoever asks is told until when", async () => {
  await hostPage.goto(`${world.url}/settings`);
  const requests = hostPage.getByRole("region", { name: "Requests" });
  const hours = requests.getByLabel("Requests wait for an answer");
  expect(await hours.inputValue()).toBe("48");
  await hours.fill("0");
  await requests.getByRole("button", { name: /^Save/ }).click();
  await requests.getByText("Enter a whole number of hours from 1 to 336.").waitFor();
  await picture(hostPage, "54-pending-hours-wrong");
  await hours.fill("5");
  await requests.getByRole("button", { name: /^Save/ }).click();
  await requests.getByText("Saved", { exact: true }).waitFor();
  await requests.getByText("After 5 h, or when the meeting would begin").waitFor();

  await bookerPage.goto(link);
  await chooseTime(bookerPage, inDays(3, "10:00"));
  await bookerPage.getByRole("button", { name: "Request this time" }).click();
  await bookerPage.getByRole("heading", { name: "Your request is sent" }).waitFor();
  const uid = new URL(bookerPage.url()).searchParams.get("booked") ?? "";
  const { createdAt, expiresAt = "" } = await booker.booking(uid);
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(5 * 60 * 60_000);
  const until = `${weekday(expiresAt)} ${expiresAt.slice(8, 10).replace(/^0/, "")} `;
  const deadline = new RegExp(`The host has until ${until}.*, ${expiresAt.slice(11, 16)} to answer\\.`);
  await bookerPage.getByText(deadline).waitFor();
  await picture(bookerPage, "55-sent-with-deadline");
  await bookerPage.getByRole("link", { name: "View booking" }).click();
  await bookerPage.getByText(deadline).waitFor();
  await hostPage.goto(`${world.url}/bookings/${uid}`);
  await hostPage.getByText(`${expiresAt.slice(11, 16)}; then it expires.`).waitFor();
});

function weekday(instant: string): string {
  return new Date(instant).toUTCString().slice(0, 3);
}
