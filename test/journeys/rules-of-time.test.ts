import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SlotsJson } from "../../worker/wire.ts";
import { launchBrowser } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn, SignInPages } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

const AVAILABILITY = "social.schedule.availability";
const EVERY_DAY = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const NINE_TO_FIVE = {
  name: "Working hours",
  weekly: [{ days: EVERY_DAY, start: "09:00", end: "17:00" }],
};

let world: TestNetwork;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startTestNetwork(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ timezoneId: "UTC", locale: "en-GB" });
  return context.newPage();
}

/** A call to the API as this page would make it: the status, and the error's name if there is one. */
async function callFrom(page: Page, method: string, path: string, body?: object): Promise<string> {
  const answer = await page.request.fetch(world.url + path, {
    method,
    headers: { origin: world.url },
    ...(body && { data: body }),
  });
  const { error = "" } = answer.status() === 204 ? {} : ((await answer.json()) as { error?: string });
  return `${answer.status()} ${error}`.trim();
}

/** The first start that is offered on a date, `HH:MM` in UTC. */
async function firstStart(host: TestAccount, meetingType: string, days: number): Promise<string | undefined> {
  const [from, to] = [inDays(days, "00:00"), inDays(days + 1, "00:00")];
  const answer = await fetch(
    `${world.url}/api/hosts/${host.did}/slots?meetingType=${meetingType}&from=${from}&to=${to}`,
  );
  const { slots } = (await answer.json()) as SlotsJson;
  return slots[0]?.start.slice(11, 16);
}

it("a host publishes summer hours ahead of time, and what can be booked follows on their dates", async () => {
  const { host, meetingType } = await world.host({ availability: NINE_TO_FIVE });
  const page = await newPage();
  await signIn(page, world.url, host, { purpose: "publish" });
  expect(await firstStart(host, meetingType, 11)).toBe("09:00");

  await page.goto(`${world.url}/availability/3mtestweek222`);
  await page.getByRole("link", { name: "Add hours for a season" }).click();
  await page.getByLabel("Name of these hours").fill("Summer hours");
  await page.getByLabel("Monday from").selectOption("11:00");
  await page.getByRole("button", { name: "Copy to… (from Monday)" }).click();
  await page.getByRole("button", { name: "Copy to all days" }).click();
  await page.getByLabel("First date (optional)").fill(inDays(10, "00:00").slice(0, 10));
  await page.getByLabel("Last date (optional)").fill(inDays(12, "00:00").slice(0, 10));
  await picture(page, "20-summer-hours");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(`${world.url}/settings`);
  await page.getByText("instead of Working hours").waitFor();
  await picture(page, "21-settings-with-season");

  const records = await host.listRecords(AVAILABILITY);
  const usual = records.find(({ value }) => value["name"] === "Working hours");
  const season = records.find(({ value }) => value["name"] === "Summer hours");
  expect(season?.value).toMatchObject({
    from: inDays(10, "00:00").slice(0, 10),
    until: inDays(12, "00:00").slice(0, 10),
    insteadOf: usual?.uri,
  });
  const found: (string | undefined)[] = [];
  for (const days of [9, 10, 12, 13]) found.push(await firstStart(host, meetingType, days));
  expect(found).toEqual(["09:00", "11:00", "11:00", "09:00"]);

  // What would make the hours unclear is refused, and changes nothing.
  const rkey = season?.uri.split("/").at(-1) ?? "";
  const hours = { ...NINE_TO_FIVE, timeZone: "UTC" };
  for (const insteadOfRkey of [rkey, "3lnothinghere"]) {
    expect(await callFrom(page, "POST", "/api/availability", { ...hours, insteadOfRkey })).toBe(
      "400 InvalidRequest",
    );
  }
  const itself = { ...hours, insteadOfRkey: "3mtestweek222" };
  expect(await callFrom(page, "PUT", "/api/availability/3mtestweek222", itself)).toBe("400 InvalidRequest");
  const unclear = { ...hours, from: "2027-02-01", until: "2027-01-01" };
  expect(await callFrom(page, "POST", "/api/availability", unclear)).toBe("400 InvalidRequest");
  expect(await callFrom(page, "DELETE", "/api/availability/3mtestweek222")).toBe("409 AvailabilityInUse");
  expect(await host.listRecords(AVAILABILITY)).toEqual(records);

  // Without its season, the usual hours are back.
  expect(await callFrom(page, "DELETE", `/api/availability/${rkey}`)).toBe("204");
  expect(await firstStart(host, meetingType, 11)).toBe("09:00");
});

it("a host offers another length once a day, a booker picks it, and the host sees why the rest of the day is closed", async () => {
  const { host, meetingType } = await world.host({ availability: NINE_TO_FIVE });
  const booker = await world.person("booker");
  const hostPage = await newPage();
  await signIn(hostPage, world.url, host, { purpose: "publish" });
  await hostPage.goto(`${world.url}/meeting-types/${meetingType}`);
  await hostPage
    .getByRole("group", { name: "Add a common one" })
    .getByRole("button", { name: "1 h", exact: true })
    .click();
  await hostPage.getByText("More options").click();
  await hostPage.getByLabel("Limit per day").fill("1");
  await picture(hostPage, "22-lengths-and-limits");
  await hostPage.getByRole("button", { name: "Save", exact: true }).click();
  await hostPage.waitForURL(`${world.url}/settings`);
  const [record] = await host.listRecords("social.schedule.meetingType");
  expect(record?.value).toMatchObject({ durationMinutes: 30, moreDurations: [60], maxPerDay: 1 });

  // The length is in the address, through the sign-in and back.
  const page = await newPage();
  await page.goto(`${world.url}/book/${host.handle}/${meetingType}`);
  await page.getByRole("radio", { name: "1 h" }).check({ force: true });
  await page.waitForURL(/[?&]duration=60/);
  const slot = page.locator("button.slot[data-start*='T10:00']");
  await page.locator(".day:not([aria-disabled='true'])").last().click();
  await picture(page, "23-length-picked");
  const start = (await slot.getAttribute("data-start")) ?? "";
  await slot.click();
  await page.getByLabel("Your handle").fill(booker.handle);
  await page.getByRole("button", { name: /^(Sign in|Continue)/ }).click();
  await new SignInPages(page).allow(booker.password);
  await page.waitForURL(/[?&]duration=60/);
  await page.getByRole("button", { name: "Book this time" }).click();
  const [row] = await eventually(
    () => world.broker.query("SELECT start_time, end_time FROM bookings WHERE host_did = ?", host.did),
    (rows) => rows.length === 1,
  );
  expect(row).toEqual({ start_time: Date.parse(start), end_time: Date.parse(start) + 60 * 60_000 });

  // The day is full now, for every length.
  const date = start.slice(0, 10);
  const afternoon = { host: host.did, meetingType, start: `${date}T15:00:00Z` };
  for (const durationMinutes of [30, 60, 45]) {
    const answer = await booker.call("social.schedule.requestBooking", "/api/bookings", {
      body: { ...afternoon, durationMinutes, requestId: crypto.randomUUID() },
    });
    const { error } = (await answer.json()) as { error: string };
    expect([answer.status, error]).toEqual([
      422,
      durationMinutes === 45 ? "DurationNotOffered" : "LimitReached",
    ]);
  }

  await hostPage.goto(`${world.url}/dashboard`);
  const card = hostPage.getByRole("region", { name: "Why is this time not offered?" });
  await card.getByLabel("Date").fill(date);
  await card.getByRole("button", { name: "Explain" }).click();
  await card.getByText("0 of 16 start times are offered.").waitFor();
  await card.getByText("Your limit of 1 a day is reached.").first().waitFor();
  await card.getByRole("link", { name: "the booking at 10:00" }).first().waitFor();
  await picture(hostPage, "24-why");
  await card.getByLabel("Time (optional)").fill("08:15");
  await card.getByRole("button", { name: "Explain" }).click();
  await card.getByText("Outside of your hours.").waitFor();
});
