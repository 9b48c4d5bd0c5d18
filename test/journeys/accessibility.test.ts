import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { WebhookDeliveryJson, WebhookJson } from "../../worker/messages-wire.ts";
import { audit } from "./support/audit.ts";
import { launchBrowser } from "./support/browser.ts";
import { calendarCard, chooseKind } from "./support/calendar-card.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { startFeedServer } from "./support/feed-server.ts";
import type { FeedServer } from "./support/feed-server.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

let world: TestNetwork;
let browser: Browser;
let feed: FeedServer;
let host: TestAccount;
let booker: TestAccount;
let link: string;
/** The uid of a request that waits for its answer. */
let pending: string;

beforeAll(async () => {
  [world, browser, feed] = await Promise.all([startTestNetwork(), launchBrowser(), startFeedServer()]);
  const published = await world.host({
    availability: { overrides: [{ date: inDays(20, "00:00").slice(0, 10), windows: [] }] },
    meetingType: { approval: "manual", description: "Half an hour, with a coffee." },
  });
  ({ host } = published);
  link = `/book/${host.handle}/${published.meetingType}`;
  booker = await world.person("booker");
  const createdAt = new Date().toISOString();
  await host.putRecord("app.bsky.actor.profile", "self", { displayName: "Alice Example", createdAt });
  const [first] = await host.listRecords("social.schedule.meetingType");
  const another = {
    ...first?.value,
    title: "A talk with a rather long title",
    durationMinutes: 60,
    moreDurations: [30, 90],
  };
  await host.putRecord("social.schedule.meetingType", "3mtestmeet333", another);
  await host.putRecord("social.schedule.meetingType", "3mtestmeet444", { ...another, durationMinutes: 1 });
  pending = await ask(published.meetingType, inDays(3, "10:00"));
  await ask(published.meetingType, inDays(4, "10:00"));
  await eventually(
    () => world.broker.query("SELECT id FROM bookings WHERE host_did = ?", host.did),
    (rows) => rows.length === 2,
  );
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await feed?.stop();
});

/** Books without a browser. */
async function ask(meetingType: string, start: string): Promise<string> {
  const body = {
    host: host.did,
    meetingType,
    start,
    note: "About the harbour",
    requestId: crypto.randomUUID(),
  };
  const answer = await booker.call("social.schedule.requestBooking", "/api/bookings", { body });
  const { booking } = (await answer.json()) as { booking: { uid: string } };
  return booking.uid;
}

async function pageOf(who?: TestAccount): Promise<Page> {
  const context = await browser.newContext({ timezoneId: "America/New_York", locale: "en-GB" });
  const page = await context.newPage();
  if (who) await signIn(page, world.url, who);
  return page;
}

/** Opens a path, waits until `shows` is there, and collects what axe says. */
async function look(page: Page, path: string, shows: string): Promise<void> {
  await page.goto(world.url + path);
  await page.getByText(shows).first().waitFor();
  await page.locator(".spinner").first().waitFor({ state: "detached" });
  await check(page, path);
}

async function check(page: Page, name: string): Promise<void> {
  expect.soft(await audit(page), name).toEqual([]);
}

async function hasFocus(page: Page, wanted: ReturnType<Page["locator"]>): Promise<boolean> {
  return (await wanted.and(page.locator(":focus")).count()) > 0;
}

/** Focus follows what is shown within a moment, not at once. */
async function expectFocus(page: Page, wanted: ReturnType<Page["locator"]>): Promise<void> {
  await expect.poll(() => hasFocus(page, wanted)).toBe(true);
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, wanted: ReturnType<Page["locator"]>): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    if (await hasFocus(page, wanted)) return;
  }
  throw new Error("60 stops of Tab did not lead there.");
}

it("a stranger's pages have no serious barrier, light on a desktop and dark on a phone", async () => {
  const page = await pageOf();
  await look(page, "/", "How it works");
  await look(page, "/auth/login", "What happens next");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("alert").waitFor();
  await check(page, "a handle is missing");
  await look(page, "/dashboard", "Sign in with your handle");
  await look(page, `/book/${host.handle}`, "What would you like to book?");
  await look(page, "/book/nobody.test", "Nobody to book here");
  await look(page, "/nothing/here", "Page not found");
  await look(page, "/email/confirm", "Open the link again");
  await look(page, "/email/confirm#no-token-of-ours", "This link is good no more");
  await look(page, "/email/unsubscribe#no-token-of-ours", "No more reminders by mail");
  await look(page, `/book/${host.handle}/3mtestmeet333`, "How long?");
  await look(page, link, "Alice Example");
  await page.getByLabel("Times are shown in").click();
  await page.getByRole("listbox").waitFor();
  await check(page, "the list of time zones");
  await page.keyboard.press("Escape");
  await page.locator("button.slot").first().click();
  await page.getByLabel("Your handle").waitFor();
  await check(page, "the form of somebody who is not signed in");
});

it("a host's pages have no serious barrier", async () => {
  const page = await pageOf(host);
  await look(page, "/dashboard", "One record was left out");
  await page.getByRole("button", { name: "Approve" }).first().waitFor();
  await page.getByRole("button", { name: /^Notifications, / }).click();
  await page.getByRole("region", { name: "Notifications" }).getByRole("listitem").first().waitFor();
  await check(page, "notifications");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Decline" }).first().click();
  await page.getByRole("dialog").waitFor();
  await check(page, "declining");
  const why = page.getByRole("region", { name: "Why is this time not offered?" });
  await page.keyboard.press("Escape");
  await why.getByLabel("Date").fill(inDays(3, "00:00").slice(0, 10));
  await why.getByRole("button", { name: "Explain" }).click();
  await why.getByText("start times are offered").waitFor();
  await check(page, "why a time is not offered");
  await look(page, `/bookings/${pending}`, "About the harbour");
  await host.call("social.schedule.createBlock", "/api/blocks", {
    body: { actor: (await world.person("nuisance")).did },
  });
  await look(page, "/settings", "Meeting types");
  await page.getByRole("button", { name: /^Unblock / }).click();
  await page.getByRole("dialog").waitFor();
  await check(page, "unblocking");
  await page.keyboard.press("Escape");
  await page.getByLabel("Requests wait for an answer").fill("0");
  await page.getByRole("button", { name: "Save how long requests wait" }).click();
  await page.getByRole("alert").waitFor();
  await check(page, "hours that are none");
  await look(page, "/availability/3mtestweek222", "Unavailable all day");
  await page.getByRole("button", { name: "Copy to… (from Monday)" }).click();
  await page.getByLabel("Tuesday from").selectOption("22:00");
  await page.getByLabel("Tuesday to", { exact: true }).selectOption("02:00");
  await page.getByText("22:00 to 02:00 on Wednesday").waitFor();
  await check(page, "the week's editor");
  await look(page, "/availability/new?insteadOf=3mtestweek222", "Instead of");
  await look(page, "/meeting-types/3mtestmeet222", "Bookable during");
  await page.getByText("More options").click();
  await page.getByLabel("Title").fill("");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").first().waitFor();
  await check(page, "a meeting type with a mistake");
  await page.getByRole("button", { name: "Delete" }).click();
  await check(page, "deleting");
  await look(page, "/meeting-types/new", "New meeting type");
  await look(page, link, "This is your own page");
});

it("a host's calendars have no serious barrier: connecting them, when they fail, and what they clash with", async () => {
  const page = await pageOf(host);
  await look(page, "/settings?calendar=incomplete", "Connect a calendar");
  const card = calendarCard(page);
  await chooseKind(card, "CalDAV");
  await card.getByLabel("Name", { exact: true }).fill("Work");
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await card.getByRole("alert").first().waitFor();
  await check(page, "an account without a password");
  await chooseKind(card, "Published link");
  await card.getByLabel("Name", { exact: true }).fill("Work");
  await card.getByLabel("Link to an .ics file").fill(feed.url);
  feed.publishes([]);
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await card.getByRole("checkbox").uncheck();
  await card.getByText("Saved", { exact: true }).waitFor();
  await card.getByRole("checkbox").check();
  await card.getByText("Saved", { exact: true }).waitFor();
  await check(page, "a calendar that is connected");
  const [meetingType = ""] = link.split("/").slice(-1);
  await host.does("confirm", await ask(meetingType, inDays(5, "10:00")));
  feed.publishes([inDays(5, "10:00")]);
  await card.getByRole("button", { name: "Refresh Work" }).click();
  await card.getByText("Work is up to date").waitFor();
  feed.publishes({ status: 404, body: "gone" });
  await card.getByRole("button", { name: "Refresh Work" }).click();
  await card.getByRole("button", { name: "Give access again" }).click();
  await card.getByRole("alert").first().waitFor();
  await check(page, "a calendar that is gone");
  await look(page, "/dashboard", "Clashes with your calendars");
  await page.getByText("cannot be read any more").waitFor();
  await check(page, "trouble and clashes");
  await page.getByRole("link", { name: "See your calendars" }).click();
  await card.getByRole("button", { name: "Disconnect Work" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await check(page, "disconnecting");
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  await expectFocus(page, card.getByRole("heading", { name: "Your calendars" }));
});

it("mail and webhooks have no serious barrier, whatever became of them", async () => {
  const page = await pageOf(host);
  const answers = (path: string, json: unknown) => page.route(path, (route) => route.fulfill({ json }));
  const email = { offered: true, reminders: true };
  const deliveries: WebhookDeliveryJson[] = [
    { id: "1", type: "ping", attempts: 0, state: "waiting" },
    {
      id: "2",
      type: "booking.confirmed",
      attempts: 1,
      state: "delivered",
      status: 204,
      at: inDays(-1, "10:00"),
    },
    {
      id: "3",
      type: "booking.cancelled",
      attempts: 8,
      state: "failed",
      problem: "timeout",
      at: inDays(-1, "09:00"),
    },
  ];
  const webhook: WebhookJson = {
    id: "w1",
    url: "https://hooks.example/bookings",
    createdAt: inDays(-2, "10:00"),
    state: "on",
    deliveries,
  };
  const webhooks: WebhookJson[] = [webhook, { ...webhook, id: "w2", state: "off" }];
  await answers("**/api/email", email);
  await answers("**/api/webhooks", { webhooks });
  await look(page, "/settings", "Send me a link");
  await page.getByRole("button", { name: "Send me a link" }).click();
  const hooks = page.getByRole("region", { name: "Webhooks" });
  await hooks.getByRole("button", { name: "Add" }).click();
  await page.getByRole("alert").nth(1).waitFor();
  await hooks
    .getByRole("button", { name: /^What was sent/ })
    .first()
    .click();
  await check(page, "addresses that are none, and what was sent");
  const asked = { address: "new@mail.example", at: inDays(-1, "10:00") };
  await answers("**/api/email", { ...email, address: "old@mail.example", isRefused: true, asked });
  await look(page, "/settings", "was returned");
  await page.getByRole("button", { name: "Remove old@mail.example" }).click();
  await page.getByRole("dialog").waitFor();
  await check(page, "removing an address");
  await answers("**/api/email/link", { handle: host.handle, address: "new@mail.example" });
  await look(page, "/email/confirm#token", "Yes, mail me here");
  expect(page.url()).toBe(`${world.url}/email/confirm`);
  await page.getByRole("button", { name: "This is not me" }).click();
  await page.getByRole("dialog").waitFor();
  await check(page, "refusing mail");
});

it("a booker's pages have no serious barrier, and neither has a first availability", async () => {
  const page = await pageOf(booker);
  await look(page, "/dashboard", "Waiting for approval");
  await look(page, `/bookings/${pending}`, "has not answered yet");
  await page.getByRole("button", { name: "Cancel booking" }).click();
  await check(page, "cancelling");
  await look(page, "/settings", "Clock format");
  await look(page, "/availability/new", "What can be booked");
  await page.getByRole("button", { name: "Save and get my link" }).click();
  await page.getByRole("alert").first().waitFor();
  await page.getByLabel("Title").fill("Intro call");
  await page.getByRole("button", { name: "Save and get my link" }).click();
  await page.getByRole("heading", { name: "One permission is missing" }).waitFor();
  await check(page, "the permission that is missing");
  await look(page, link, "Alice Example");
  await page.locator("button.slot").first().click();
  await page.getByText("Booking as").waitFor();
  await check(page, "the form");
  await page.getByRole("button", { name: "Request this time" }).click();
  await page.getByRole("heading", { name: "Your request is sent" }).waitFor();
  await check(page, "the request is sent");
});

it("a hold, its last minute and its end have no serious barrier, and neither has moving a booking", async () => {
  const page = await pageOf(booker);
  await page.clock.install();
  await page.goto(world.url + link);
  await page.locator("button.day-free").last().click();
  await page.locator("button.slot").first().click();
  await page.getByRole("timer").waitFor();
  await check(page, "the form with a hold");
  await page.clock.fastForward("04:00");
  await page.locator(".hold-short").waitFor();
  await check(page, "the last minute of a hold");
  await page.clock.fastForward("01:00");
  await page.getByRole("button", { name: "Hold it again" }).waitFor();
  await check(page, "a hold that is over");
  await look(page, `/bookings/${pending}?move=1`, "Move to another time");
  await page.locator("button.slot").first().click();
  await page.getByRole("dialog").waitFor();
  await check(page, "moving");
});

it("a time is chosen and asked for without a mouse", async () => {
  const page = await pageOf(booker);
  await page.goto(world.url + link);
  await page.locator("button.slot").first().waitFor();
  await tabTo(page, page.locator(".month [tabindex='0']"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const day = page.locator(".day[aria-pressed='true']");
  await expectFocus(page, day);
  const label = (await day.getAttribute("aria-label")) ?? "";
  await tabTo(page, page.locator("button.slot").first());
  await page.keyboard.press("Enter");
  // The focus goes along: to the time that was chosen, and from there through the form.
  const heading = page.getByRole("heading", { name: label });
  await heading.waitFor();
  await expectFocus(page, heading);
  await tabTo(page, page.getByLabel("Note (optional)"));
  await page.keyboard.type("Without a mouse");
  await tabTo(page, page.getByRole("button", { name: "Request this time" }));
  await page.keyboard.press("Enter");
  const done = page.getByRole("heading", { name: "Your request is sent" });
  await done.waitFor();
  await expectFocus(page, done);
});

it("a dialog keeps the focus while it is open, gives it back, and leaves nobody nowhere afterwards", async () => {
  const page = await pageOf(host);
  await page.goto(`${world.url}/bookings/${pending}`);
  const decline = page.getByRole("button", { name: "Decline", exact: true });
  await decline.waitFor();
  await tabTo(page, decline);
  await page.keyboard.press("Enter");
  // The element itself: one that is closed and still there has no role, and would be opened again in vain.
  const dialog = page.locator("dialog");
  await dialog.waitFor();
  const stops = new Set<string>();
  for (let stop = 0; stop < 12; stop += 1) {
    stops.add(
      await page.evaluate<string>(
        `document.activeElement.closest("dialog") ? document.activeElement.tagName : document.activeElement === document.body ? "the browser" : "the page behind"`,
      ),
    );
    await page.keyboard.press(stop % 4 === 3 ? "Shift+Tab" : "Tab");
  }
  expect([...stops]).not.toContain("the page behind");
  expect([...stops]).toEqual(expect.arrayContaining(["TEXTAREA", "BUTTON"]));

  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expectFocus(page, decline);

  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Decline request" }).focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Declined").first().waitFor();
  // The button that was pressed is gone; the page's title is where reading goes on.
  await expectFocus(page, page.getByRole("heading", { level: 1 }));
});
