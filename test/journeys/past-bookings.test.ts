import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { audit } from "./support/audit.ts";
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

const COUNT = 23;
const MONTH = 30 * 24 * 60 * 60_000;

it("what is over is found again by host and booker, latest first and a page at a time", async () => {
  const { host, meetingType } = await world.host();
  const booker = await world.person("booker");
  for (let day = 1; day <= COUNT; day += 1) {
    const body = {
      host: host.did,
      meetingType,
      start: inDays(day, "10:00"),
      requestId: crypto.randomUUID(),
    };
    const answer = await booker.call("social.schedule.requestBooking", "/api/bookings", { body });
    expect(answer.status).toBe(201);
  }
  await eventually(
    () => world.broker.query("SELECT id FROM bookings WHERE host_did = ?", host.did),
    (rows) => rows.length === COUNT,
  );
  // A month goes by, for the list at least.
  await world.broker.query(
    "UPDATE bookings SET start_time = start_time - ?1, end_time = end_time - ?1, created_at = created_at - ?1",
    MONTH,
  );

  for (const [person, title] of [
    [host, "Past meetings"],
    [booker, "My past bookings"],
  ] as const) {
    const page = await newPageInUtc(browser);
    await signIn(page, world.url, person);
    const past = page.getByRole("region", { name: title });
    await past.getByRole("button", { name: title }).click();
    const rows = past.getByRole("listitem");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(20);
    await past.getByRole("button", { name: "Show more" }).click();
    await past.getByRole("button", { name: "Show more" }).waitFor({ state: "detached" });
    await rows.nth(COUNT - 1).waitFor();
    // The button that was pressed is gone; the first of the new rows is where a keyboard goes on.
    await rows.nth(20).locator("a:focus").waitFor();

    const days = await past.locator(".booking-when strong").allTextContents();
    // A year is named only where it is another than this one.
    const thisYear = ` ${new Date().getUTCFullYear()}`;
    const starts = days.map((day) => Date.parse(`${day.slice(4)}${/ \d{4}$/.test(day) ? "" : thisYear} UTC`));
    expect(new Set(days).size).toBe(COUNT);
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    expect(await audit(page)).toEqual([]);
    await picture(page, `22-past-${title.replaceAll(" ", "-")}`);
  }
});
