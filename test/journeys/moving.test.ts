import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { openDay, timeAt } from "./support/times-page.ts";

let world: TestNetwork;
let browser: Browser;
let host: TestAccount;
let booker: TestAccount;
let meetingType: string;
let hostPage: Page;
let bookerPage: Page;

beforeAll(async () => {
  [world, browser] = await Promise.all([startTestNetwork(), launchBrowser()]);
  ({ host, meetingType } = await world.host({ meetingType: { approval: "manual" } }));
  booker = await world.person("booker");
  [hostPage, bookerPage] = await Promise.all([newPageInUtc(browser), newPageInUtc(browser)]);
  await signIn(hostPage, world.url, host);
  await signIn(bookerPage, world.url, booker);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** A meeting of the booker that the host has approved. */
async function confirmedAt(start: string): Promise<string> {
  const { uid } = await booker.books({ host: host.did, meetingType, start });
  await host.does("confirm", uid);
  return uid;
}

/** Opens a booking in the list of what is to be read, as the bell of this page shows it. */
async function followBell(page: Page, recipient: TestAccount, uid: string, says: string): Promise<void> {
  await eventually(
    () =>
      world.broker.query(
        "SELECT kind FROM notifications WHERE recipient_did = ? AND booking_id = ? AND kind = 'booking.rescheduled'",
        recipient.did,
        uid,
      ),
    (rows) => rows.length === 1,
  );
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await page.getByRole("region", { name: "Notifications" }).getByRole("link", { name: says }).first().click();
  await page.waitForURL(`${world.url}/bookings/${uid}`);
}

/** From a booking's page to the question whether to move it there. */
async function chooseToMove(page: Page, uid: string, start: string): Promise<void> {
  await page.goto(`${world.url}/bookings/${uid}`);
  await page.getByRole("link", { name: "Move booking" }).click();
  await page.getByRole("heading", { name: "Move to another time" }).waitFor();
  await timeAt(page, start).click();
  await page.getByRole("dialog").waitFor();
}

function status(page: Page, word: string) {
  return page.locator(".badge").getByText(word, { exact: true });
}

it("a booker moves a confirmed meeting: it asks for approval again, the host is told, and the old time is free at once for others", async () => {
  const [from, to] = [inDays(2, "10:00"), inDays(2, "14:00")];
  const uid = await confirmedAt(from);
  const stranger = await newPageInUtc(browser);
  await stranger.goto(`${world.url}/book/${host.did}/${meetingType}`);
  await openDay(stranger, to);
  await timeAt(stranger, to).waitFor();
  expect(await timeAt(stranger, from).count()).toBe(0);

  await bookerPage.goto(`${world.url}/bookings/${uid}?move=1`);
  await timeAt(bookerPage, to).waitFor();
  await picture(bookerPage, "40-move");
  await chooseToMove(bookerPage, uid, to);
  const dialog = bookerPage.getByRole("dialog");
  await dialog.getByText("The host has to approve it again; until then it is only a request.").waitFor();
  await picture(bookerPage, "41-move-dialog");
  await dialog.getByRole("button", { name: "Move it" }).click();
  await bookerPage.getByText("The booking is moved.").waitFor();
  await status(bookerPage, "Waiting for approval").waitFor();
  await bookerPage.getByText(/^Moved from .*, 10:00 by you$/).waitFor();
  await picture(bookerPage, "42-moved");
  expect(await booker.booking(uid)).toMatchObject({ status: "pending", start: to, previousStart: from });

  await timeAt(stranger, from).waitFor();
  await timeAt(stranger, to).waitFor({ state: "detached" });

  await followBell(hostPage, host, uid, `@${booker.handle} moved Half an hour`);
  await hostPage.getByText(/^Moved from .*, 10:00 by the booker$/).waitFor();
  await picture(hostPage, "44-host-asked-again");
  await hostPage.getByRole("button", { name: "Approve" }).click();
  await status(hostPage, "Confirmed").waitFor();
  await bookerPage.reload();
  await status(bookerPage, "Confirmed").waitFor();
  expect(await booker.booking(uid)).toMatchObject({ status: "confirmed", start: to });
});

it("a host moves a meeting: it stays confirmed, and the booker is told", async () => {
  const [from, to] = [inDays(3, "10:00"), inDays(3, "14:00")];
  const uid = await confirmedAt(from);
  await chooseToMove(hostPage, uid, to);
  const dialog = hostPage.getByRole("dialog");
  await dialog.getByText("It stays confirmed.").waitFor();
  await dialog.getByRole("button", { name: "Move it" }).click();
  await hostPage.getByText("The booking is moved.").waitFor();
  await status(hostPage, "Confirmed").waitFor();

  await followBell(bookerPage, booker, uid, `@${host.handle} moved Half an hour`);
  await status(bookerPage, "Confirmed").waitFor();
  await bookerPage.getByText(/^Moved from .*, 10:00 by the host$/).waitFor();
  expect(await booker.booking(uid)).toMatchObject({ status: "confirmed", start: to, previousStart: from });
});

it("a time that somebody else took while the question was open is told kindly, and the meeting stays where it is", async () => {
  const [from, wanted, other] = [inDays(4, "10:00"), inDays(4, "14:00"), inDays(4, "15:00")];
  const uid = await confirmedAt(from);
  const before = await booker.booking(uid);
  await chooseToMove(bookerPage, uid, wanted);
  await (await world.person("quicker")).books({ host: host.did, meetingType, start: wanted });
  await bookerPage.getByRole("dialog").getByRole("button", { name: "Move it" }).click();
  await bookerPage
    .getByText(/, 14:00–14:30 was just taken\. Here are the times that are still free\.$/)
    .waitFor();
  await timeAt(bookerPage, other).waitFor();
  await bookerPage.locator("dialog").waitFor({ state: "detached" });
  expect(await timeAt(bookerPage, wanted).count()).toBe(0);
  await picture(bookerPage, "43-move-just-taken");
  expect(await booker.booking(uid)).toEqual(before);

  await timeAt(bookerPage, other).click();
  await bookerPage.getByRole("dialog").getByRole("button", { name: "Move it" }).click();
  await bookerPage.getByText("The booking is moved.").waitFor();
  expect(await booker.booking(uid)).toMatchObject({ start: other, sequence: before.sequence + 1 });
});

it("a meeting moves by half of its own length within a day that has room for one", async () => {
  const rules = { durationMinutes: 60, slotIntervalMinutes: 30, maxPerDay: 1 };
  const full = await world.host({ meetingType: rules });
  const [from, to] = [inDays(5, "10:00"), inDays(5, "10:30")];
  const { uid } = await booker.books({ host: full.host.did, meetingType: full.meetingType, start: from });
  await chooseToMove(bookerPage, uid, to);
  expect(await timeAt(bookerPage, from).count(), "where it is already").toBe(0);
  await bookerPage.getByRole("dialog").getByRole("button", { name: "Move it" }).click();
  await bookerPage.getByText("The booking is moved.").waitFor();
  expect(await booker.booking(uid)).toMatchObject({ status: "confirmed", start: to });
});
