import { readFile } from "node:fs/promises";
import ICAL from "ical.js";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually } from "./support/eventually.ts";
import { SignInPages } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
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

/** Somebody at a computer of their own, in a zone of their own. */
async function personAt(timezoneId: string): Promise<Page> {
  const context = await browser.newContext({ timezoneId, locale: "en-GB", acceptDownloads: true });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy/.test(message.text())) {
      throw new Error(message.text());
    }
  });
  return page;
}

async function signInFromHere(page: Page, who: TestAccount): Promise<void> {
  await page.getByLabel("Your handle").fill(who.handle);
  await page.getByRole("button", { name: /^(Sign in|Continue)/ }).click();
  await new SignInPages(page).allow(who.password);
}

/** Pages that hear nothing ask every thirty seconds. */
const SOON_MS = 5_000;

/** Waits until the bell of whoever is told would ring: pages ask D1, which hears of a decision half a second later at most. */
async function toldInD1(kind: string): Promise<void> {
  await eventually(
    () => world.broker.query("SELECT id FROM notifications WHERE kind = ?", kind),
    (rows) => rows.length > 0,
  );
}

it("a host publishes, a booker asks, the host approves, and both have the meeting in their calendar", async () => {
  const alice = await world.person("alice");
  const bob = await world.person("bob");

  // The host signs in: identity only.
  const host = await personAt("Europe/Berlin");
  await host.goto(world.url);
  await picture(host, "01-home");
  await signInFromHere(host, alice);
  await host.waitForURL(`${world.url}/dashboard`);
  await host.getByRole("link", { name: "Set up your availability" }).waitFor();
  await picture(host, "02-dashboard-empty");
  await host.getByRole("link", { name: "Set up your availability" }).click();

  // The first time something is published, their PDS asks for more.
  await host.getByLabel("Title").fill("Intro call");
  await picture(host, "03-availability-new");
  await host.getByRole("button", { name: "Save and get my link" }).click();
  await host.getByRole("heading", { name: "One permission is missing" }).waitFor();
  await picture(host, "04-permission");
  await host.getByRole("button", { name: "Continue to your PDS" }).click();
  await new SignInPages(host).allow(alice.password);
  await host
    .getByRole("button", { name: /^Copy link/ })
    .first()
    .waitFor();
  await picture(host, "05-dashboard-share");

  // What was published is in the host's own PDS, for any atproto client to read.
  const [availability] = await alice.listRecords("social.schedule.availability");
  const [meetingType] = await alice.listRecords("social.schedule.meetingType");
  expect(availability?.value).toMatchObject({ timeZone: "Europe/Berlin" });
  expect(meetingType?.value).toMatchObject({ title: "Intro call", availability: availability?.uri });
  expect(await alice.getRecord("social.schedule.profile", "self")).toMatchObject({
    broker: world.broker.brokerDid,
  });

  // The booker opens the link, in another zone, and chooses a time before signing in.
  const booker = await personAt("America/New_York");
  await booker.goto(`${world.url}/book/${alice.handle}`);
  await booker.getByRole("grid").waitFor();
  await booker.locator(".slot, td button:not([disabled])").first().waitFor();
  await picture(booker, "06-book-month");
  await booker.locator("td button:not([disabled]):not([aria-disabled='true'])").last().click();
  const slot = booker.locator("button.slot").first();
  const start = (await slot.getAttribute("data-start")) ?? "";
  await picture(booker, "07-book-times");
  await slot.click();
  await booker.getByLabel("Note (optional)").fill("About the harbour.\nSecond line; with, marks");
  await picture(booker, "08-book-form-signed-out");
  await signInFromHere(booker, bob);
  await booker.waitForURL(/\/book\//);
  expect(await booker.getByLabel("Note (optional)").inputValue()).toContain("About the harbour.");
  await picture(booker, "09-book-form");
  await booker
    .getByRole("button", { name: /request|book|ask/i })
    .last()
    .click();
  await booker.getByRole("heading", { name: "Your request is sent" }).waitFor();
  await picture(booker, "10-book-sent");

  // The host is told on the page that is open, and approves.
  await toldInD1("booking.requested");
  await host.getByRole("button", { name: "Notifications, 1 unread" }).waitFor({ timeout: SOON_MS });
  await host.reload();
  await host.getByRole("button", { name: "Notifications, 1 unread" }).click();
  await picture(host, "11-host-notified");
  await host.keyboard.press("Escape");
  await host.getByRole("button", { name: "Approve" }).click();
  await host.getByRole("button", { name: "Approve" }).waitFor({ state: "detached" });
  await picture(host, "12-host-approved");

  // So is the booker, who sees it confirmed, and has it in their calendar.
  await toldInD1("booking.confirmed");
  await booker.getByRole("button", { name: "Notifications, 1 unread" }).waitFor({ timeout: SOON_MS });
  await booker.goto(`${world.url}/dashboard`);
  await booker.getByRole("button", { name: "Notifications, 1 unread" }).waitFor();
  await booker.getByText("Intro call").first().waitFor();
  await picture(booker, "13-booker-dashboard");
  const [row] = await eventually(
    () =>
      world.broker.query(
        "SELECT id, status, start_time, end_time, sequence, booker_note FROM bookings WHERE host_did = ?",
        alice.did,
      ),
    ([found]) => found?.["status"] === "confirmed",
  );
  expect(row).toMatchObject({ status: "confirmed", sequence: 1, start_time: Date.parse(start) });
  await booker.goto(`${world.url}/bookings/${String(row?.["id"])}`);
  await booker.getByText("Confirmed", { exact: false }).first().waitFor();
  await picture(booker, "14-booking-confirmed");
  const [download] = await Promise.all([
    booker.waitForEvent("download"),
    booker.getByRole("link", { name: "Add to calendar" }).click(),
  ]);
  const calendar = new ICAL.Component(ICAL.parse(await readFile(await download.path(), "utf8")));
  const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent") ?? undefined);
  expect(event.startDate.toJSDate().toISOString()).toBe(new Date(start).toISOString());
  expect(event.endDate.toJSDate().getTime()).toBe(row?.["end_time"]);
  expect(event.description).toContain("Second line; with, marks");
  await host.goto(`${world.url}/bookings/${String(row?.["id"])}`);
  await host.getByRole("link", { name: "Add to calendar" }).waitFor();

  // Either may cancel, with a reason; the slot is offered again at once.
  await booker.getByRole("button", { name: "Cancel booking" }).click();
  await booker.getByRole("dialog").getByRole("textbox").fill("Something came up");
  await picture(booker, "15-cancel-dialog");
  await booker.getByRole("dialog").getByRole("button", { name: "Yes, cancel it" }).click();
  await booker.getByText("Something came up").waitFor();
  const slots = (await (
    await fetch(
      `${world.url}/api/hosts/${alice.did}/slots?meetingType=${meetingType?.uri.split("/").at(-1)}&from=${start}&to=${row ? new Date(Number(row["end_time"])).toISOString() : ""}`,
    )
  ).json()) as { slots: { start: string }[] };
  expect(slots.slots.map((one) => Date.parse(one.start))).toContain(Date.parse(start));

  // Settings, editing and deleting what was published.
  await host.goto(`${world.url}/settings`);
  await host.getByText("Intro call").first().waitFor();
  await picture(host, "16-settings");
  await host.goto(`${world.url}/meeting-types/${meetingType?.uri.split("/").at(-1)}`);
  await host.getByLabel("Title").fill("Intro call, longer");
  await host.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(
    async () => (await alice.listRecords("social.schedule.meetingType"))[0]?.value["title"],
    (title) => title === "Intro call, longer",
  );
  expect((await alice.listRecords("social.schedule.meetingType"))[0]?.value).toMatchObject({
    title: "Intro call, longer",
    createdAt: meetingType?.value["createdAt"],
  });
});

it("signing out ends the web session and the OAuth session", async () => {
  const carol = await world.person("carol");
  const page = await personAt("UTC");
  await page.goto(`${world.url}/auth/login`);
  await signInFromHere(page, carol);
  await page.waitForURL(`${world.url}/dashboard`);
  const cookies = await page.context().cookies(world.url);
  expect(cookies.find(({ name }) => name === "__Host-session")).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
  });
  await page.goto(`${world.url}/settings`);
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
  const answer = await fetch(`${world.url}/api/bookings?role=booker`, {
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
  });
  expect(answer.status).toBe(401);
});
