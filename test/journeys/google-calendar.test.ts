import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startGoogle } from "../google/stand-in.ts";
import type { Google } from "../google/stand-in.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { calendarCard, chooseKind, connectionIn, setBlocks } from "./support/calendar-card.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { openDay, timeAt } from "./support/times-page.ts";

const CLIENT = { id: "broker.apps.googleusercontent.example", secret: "a-secret-of-the-broker" };
const EMAIL = "alice@gmail.example";

let google: Google;
let world: TestNetwork;
let browser: Browser;

beforeAll(async () => {
  google = await startGoogle();
  const vars = {
    GOOGLE_URL: google.url,
    GOOGLE_CLIENT_ID: CLIENT.id,
    GOOGLE_CLIENT_SECRET: CLIENT.secret,
  };
  [world, browser] = await Promise.all([startTestNetwork({ vars }), launchBrowser()]);
  google.seed({
    clients: [{ ...CLIENT, redirectUris: [`${world.url}/api/calendar/google/callback`] }],
    accounts: [{ email: EMAIL }],
    calendars: [{ id: "family@group.example", summary: "Family", owner: EMAIL }],
  });
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await google?.stop();
});

/** Decides on Google's page, with so many of its boxes ticked, and settles on the settings it comes back to. */
async function decideAtGoogle(
  page: Page,
  decision: "Allow" | "Cancel",
  boxes: "all" | number,
): Promise<void> {
  await page.waitForURL((url) => url.origin === google.url);
  const scopes = await page.locator("input[name=scope]").all();
  const ticked = boxes === "all" ? scopes.length : boxes;
  for (const [index, scope] of scopes.entries()) await scope.setChecked(index < ticked);
  await page.getByRole("button", { name: decision, exact: true }).click();
  await page.waitForURL((url) => url.origin === new URL(world.url).origin);
}

it("a host lets Google say when they are busy, chooses where bookings are written, and mends what was taken back", async () => {
  const { host, meetingType } = await world.host();
  const booker = await world.person("booker");
  const [ten, noon, two] = [inDays(2, "10:00"), inDays(2, "12:00"), inDays(2, "14:00")];
  google.seed({
    events: [
      { calendar: EMAIL, start: ten, summary: "Something private" },
      { calendar: "family@group.example", start: noon, summary: "Something private" },
    ],
  });
  const [page, stranger] = await Promise.all([newPageInUtc(browser), newPageInUtc(browser)]);
  await stranger.goto(`${world.url}/book/${host.did}/${meetingType}`);
  await openDay(stranger, ten);
  await timeAt(stranger, ten).waitFor();

  await signIn(page, world.url, host, { returnTo: "/settings" });
  const card = calendarCard(page);
  const heading = card.getByRole("heading", { name: "Your calendars" });
  const connection = connectionIn(card, "Google Calendar");
  const goToGoogle = async (): Promise<void> => {
    await chooseKind(card, "Google Calendar");
    await card.getByRole("button", { name: "Continue to Google" }).click();
  };
  await goToGoogle();
  await decideAtGoogle(page, "Cancel", 0);
  await card.getByText("You said no at Google").waitFor();
  await expect.poll(() => heading.and(page.locator(":focus")).count()).toBe(1);
  await picture(page, "70-google-denied");

  await goToGoogle();
  await decideAtGoogle(page, "Allow", 1);
  await card.getByText("one of the boxes was not ticked").waitFor();
  expect(await connection.count()).toBe(0);

  await goToGoogle();
  await decideAtGoogle(page, "Allow", "all");
  await card.getByText("Google Calendar is connected.").waitFor();
  await connection.getByText("As of just now").waitFor();
  await picture(page, "71-google-connected");
  await timeAt(stranger, ten).waitFor({ state: "detached" });
  await timeAt(stranger, two).waitFor();
  await setBlocks(connection, EMAIL, false);
  await timeAt(stranger, ten).waitFor();
  await setBlocks(connection, EMAIL, true);
  await timeAt(stranger, ten).waitFor({ state: "detached" });

  // Reading alone was allowed: writing is asked for by itself, and the choice of calendars stays.
  await setBlocks(connection, "Family", false);
  await card.getByRole("button", { name: "Allow writing into Google Calendar" }).click();
  await decideAtGoogle(page, "Allow", "all");
  const place = card.getByLabel("Write confirmed bookings into");
  await place.selectOption({ label: "Family" });
  await card.getByText("Saved", { exact: true }).waitFor();
  expect(await connection.getByRole("checkbox", { name: "Family" }).isChecked()).toBe(false);
  await picture(page, "72-google-writes");
  const eventCalls = (...methods: string[]) =>
    google.calls().filter(({ api = "", status }) => methods.includes(api) && status < 300).length;
  const { uid } = await booker.books({ host: host.did, meetingType, start: two });
  const written = async () => eventCalls("calendar.events.insert", "calendar.events.import");
  expect(await eventually(written, (count) => count > 0)).toBe(1);
  await host.does("cancel", uid);
  const removed = async () => eventCalls("calendar.events.delete");
  expect(await eventually(removed, (count) => count > 0)).toBe(1);

  google.revokeGrant({ email: EMAIL });
  await page.reload();
  await connection.getByRole("button", { name: "Refresh Google Calendar" }).click();
  await connection.getByText("Google no longer lets us in.").waitFor();
  expect(await timeAt(stranger, ten).count()).toBe(0);
  await page.goto(`${world.url}/dashboard`);
  await page.getByText("cannot be read any more").waitFor();
  await picture(page, "73-google-taken-back");
  await page.getByRole("link", { name: "See your calendars" }).click();
  await connection.getByRole("button", { name: "Give access again" }).click();
  await decideAtGoogle(page, "Allow", "all");
  await connection.getByText("As of just now", { exact: true }).waitFor();
  expect(await connection.getByRole("checkbox", { name: "Family" }).isChecked()).toBe(false);
  expect(await place.inputValue()).not.toBe("");

  await connection.getByRole("button", { name: "Disconnect Google Calendar" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await timeAt(stranger, ten).waitFor();
  expect(await card.getByText("Google Calendar is connected.").count()).toBe(0);

  const said = JSON.stringify(world.broker.logs());
  for (const secret of [EMAIL, CLIENT.secret, "Something private"]) expect(said).not.toContain(secret);
});
