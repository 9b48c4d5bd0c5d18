import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
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

/** A browser of its own, in which somebody is signed in and looks at the times of a host. */
async function bookerAt(link: string, timezoneId: string): Promise<Page> {
  const context = await browser.newContext({ timezoneId, locale: "en-GB" });
  const page = await context.newPage();
  await signIn(page, world.url, await world.person("booker"), { returnTo: link });
  await page.locator("button.slot").first().waitFor();
  return page;
}

/** Opens the form for one time: its day, then the time itself. */
async function choose(page: Page, start: string): Promise<void> {
  const slot = page.locator(`button.slot[data-start="${start}"]`);
  const days = page.locator("button.day-free");
  for (let day = 0; !(await slot.isVisible()) && day < (await days.count()); day += 1) {
    await days.nth(day).click();
  }
  await slot.click();
  await sendButton(page).waitFor();
}

function sendButton(page: Page) {
  return page.getByRole("button", { name: /^(Book|Request) this time$/ });
}

/** All starts that the page offers for the day it shows. */
async function offered(page: Page): Promise<string[]> {
  const slots = await page.locator("button.slot").all();
  return Promise.all(slots.map(async (slot) => (await slot.getAttribute("data-start")) ?? ""));
}

/** Lets one POST of each of these pages reach the server together, however long a click takes. */
async function releaseTogether(pages: readonly Page[], path: "/api/bookings" | "/api/holds"): Promise<void> {
  const waiting: Route[] = [];
  for (const page of pages) {
    await page.route(
      (url) => url.pathname === path,
      async (route) => {
        if (route.request().method() !== "POST") return route.continue();
        waiting.push(route);
        if (waiting.length < pages.length) return undefined;
        await Promise.all(waiting.splice(0).map((each) => each.continue()));
      },
      { times: 1 },
    );
  }
}

function blockingBookings(host: TestAccount): Promise<Record<string, unknown>[]> {
  return world.broker.query(
    "SELECT id, start_time, booker_did FROM bookings WHERE host_did = ? AND status IN ('pending', 'confirmed')",
    host.did,
  );
}

it.each([
  { approval: "automatic", success: "You are booked" },
  { approval: "manual", success: "Your request is sent" },
])(
  "two browsers ask for one time together ($approval): one has it, the other is told kindly and gets another",
  async ({ approval, success }) => {
    const { host, meetingType } = await world.host({ meetingType: { approval } });
    const link = `/book/${host.did}/${meetingType}`;
    const pages = await Promise.all([bookerAt(link, "Europe/Berlin"), bookerAt(link, "America/New_York")]);
    const [contested] = await offered(pages[0]);
    if (contested === undefined) throw new Error("no time is offered");
    // Without holds, as for whoever comes at once with both: otherwise only one of them gets to ask.
    await Promise.all(pages.map((page) => page.route("**/api/holds", (route) => route.abort())));
    await Promise.all(pages.map((page) => choose(page, contested)));
    await releaseTogether(pages, "/api/bookings");
    await Promise.all(pages.map((page) => sendButton(page).click()));

    const outcomes = await Promise.all(
      pages.map(async (page) => {
        const won = page.getByRole("heading", { name: success });
        const lost = page.getByText("was just taken. Here are the times that are still free.");
        await won.or(lost).waitFor();
        return (await won.isVisible()) ? "won" : "lost";
      }),
    );
    expect(outcomes.toSorted()).toEqual(["lost", "won"]);

    const loser = pages[outcomes.indexOf("lost")];
    if (loser === undefined) throw new Error("nobody lost");
    await loser.locator("button.slot").first().waitFor();
    await picture(loser, `20-just-taken-${approval}`);
    const fresh = await offered(loser);
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh).not.toContain(contested);
    await choose(loser, fresh[0] ?? "");
    await sendButton(loser).click();
    await loser.getByRole("heading", { name: success }).waitFor();

    const rows = await eventually(
      () => blockingBookings(host),
      (found) => found.length >= 2,
    );
    expect(new Set(rows.map((row) => row["start_time"]))).toEqual(
      new Set([Date.parse(contested), Date.parse(fresh[0] ?? "")]),
    );
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map((row) => row["booker_did"])).size).toBe(2);
  },
);

it("two browsers pick one time together: one has it held, the other is led back to the times before writing a word", async () => {
  const { host, meetingType } = await world.host();
  const link = `/book/${host.did}/${meetingType}`;
  const pages = await Promise.all([bookerAt(link, "Europe/Berlin"), bookerAt(link, "America/New_York")]);
  const [contested] = await offered(pages[0]);
  if (contested === undefined) throw new Error("no time is offered");
  await releaseTogether(pages, "/api/holds");
  await Promise.all(pages.map((page) => choose(page, contested)));

  const outcomes = await Promise.all(
    pages.map(async (page) => {
      const holds = page.getByText("Held for you for");
      const lost = page.getByText("was just taken. Here are the times that are still free.");
      await holds.or(lost).waitFor();
      return (await holds.isVisible()) ? "holds" : "lost";
    }),
  );
  expect(outcomes.toSorted()).toEqual(["holds", "lost"]);
  const [holder, loser] = outcomes[0] === "holds" ? pages : pages.toReversed();
  if (holder === undefined || loser === undefined) throw new Error("there are two");
  expect(await offered(loser)).not.toContain(contested);
  await sendButton(holder).click();
  await holder.getByRole("heading", { name: "You are booked" }).waitFor();
  const rows = await eventually(
    () => blockingBookings(host),
    (found) => found.length > 0,
  );
  expect(rows).toMatchObject([{ start_time: Date.parse(contested) }]);
});

it("a request whose answer is lost on the way ends in exactly one booking, and the page says so", async () => {
  const { host, meetingType } = await world.host();
  const page = await bookerAt(`/book/${host.did}/${meetingType}`, "Europe/Berlin");
  const [start] = await offered(page);
  await choose(page, start ?? "");
  const bodies: (string | null)[] = [];
  await page.route(
    (url) => url.pathname === "/api/bookings",
    async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      bodies.push(route.request().postData());
      if (bodies.length > 1) return route.continue();
      // The server has booked when the connection breaks.
      expect((await route.fetch()).status()).toBe(201);
      return route.abort("connectionreset");
    },
  );
  await sendButton(page).click();
  await page.getByRole("heading", { name: "You are booked" }).waitFor();
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toBe(bodies[0]);
  const uid = new URL(page.url()).searchParams.get("booked");
  const rows = await eventually(
    () => blockingBookings(host),
    (found) => found.length > 0,
  );
  expect(rows).toMatchObject([{ id: uid, start_time: Date.parse(start ?? "") }]);

  // And a reload shows the result, not an empty form that invites to book twice.
  await page.reload();
  await page.getByRole("heading", { name: "You are booked" }).waitFor();
});

it("when no answer comes at all, the page says what is uncertain and a later attempt books once", async () => {
  const { host, meetingType } = await world.host();
  const page = await bookerAt(`/book/${host.did}/${meetingType}`, "Europe/Berlin");
  const [start] = await offered(page);
  await choose(page, start ?? "");
  await page.getByLabel("Note (optional)").fill("Kept while nobody answers");
  let isOnline = false;
  await page.route(
    (url) => url.pathname === "/api/bookings",
    async (route) => {
      if (isOnline || route.request().method() !== "POST") return route.continue();
      await route.fetch();
      return route.abort("connectionreset");
    },
  );
  await sendButton(page).click();
  await page.getByText("trying again never books twice").waitFor();
  await picture(page, "21-no-answer");
  expect(await page.getByLabel("Note (optional)").inputValue()).toBe("Kept while nobody answers");
  isOnline = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "You are booked" }).waitFor();
  const rows = await eventually(
    () => blockingBookings(host),
    (found) => found.length > 0,
  );
  expect(rows).toHaveLength(1);
});
