import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startRadicale } from "../support/radicale.ts";
import type { Radicale } from "../support/radicale.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { calendarCard, chooseKind, connectionIn, setBlocks } from "./support/calendar-card.ts";
import { picture } from "./support/camera.ts";
import { eventually, inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { openDay, timeAt } from "./support/times-page.ts";

let radicale: Radicale;
let world: TestNetwork;
let browser: Browser;

beforeAll(async () => {
  [radicale, world, browser] = await Promise.all([startRadicale(), startTestNetwork(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await radicale?.stop();
});

function eventAt(start: string, uid: string): string {
  const stamp = start.replaceAll(/[-:]/g, "");
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//somebody//EN",
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `DTSTAMP:${stamp}`,
    `DTSTART:${stamp}`,
    "DURATION:PT1H",
    "SUMMARY:Something private",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

/** The names of the resources of a calendar. */
async function entriesOf(calendar: URL): Promise<string[]> {
  const answer = await radicale.ask("PROPFIND", calendar, undefined, { depth: "1" });
  return [...(await answer.text()).matchAll(/<href>([^<]+\.ics)<\/href>/g)].map(([, href]) => href ?? "");
}

it("a host connects a CalDAV account with its calendars, has bookings written into one, and is told when the password no longer fits", async () => {
  const { host, meetingType } = await world.host();
  const booker = await world.person("booker");
  const [ten, noon, two] = [inDays(2, "10:00"), inDays(2, "12:00"), inDays(2, "14:00")];
  const home = await radicale.makeCalendar("home", "<d:displayname>Home</d:displayname>");
  const club = await radicale.makeCalendar("club", "<d:displayname>Club</d:displayname>");
  await radicale.put(home, "one", eventAt(ten, "one"));
  await radicale.put(club, "two", eventAt(noon, "two"));
  const [page, stranger] = await Promise.all([newPageInUtc(browser), newPageInUtc(browser)]);
  await stranger.goto(`${world.url}/book/${host.did}/${meetingType}`);
  await openDay(stranger, ten);
  await timeAt(stranger, ten).waitFor();

  await signIn(page, world.url, host, { returnTo: "/settings" });
  const card = calendarCard(page);
  const own = connectionIn(card, "Own server");
  await chooseKind(card, "CalDAV");
  await card.getByLabel("Name", { exact: true }).fill("Own server");
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await card.getByText("Enter the server's address").waitFor();
  await card.getByLabel("Server", { exact: true }).fill(radicale.url);
  await card.getByLabel("User name").fill(radicale.username);
  await card.getByLabel("App password").fill("another password");
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await card.getByText("does not let us in").waitFor();
  await picture(page, "80-caldav-wrong-password");
  await card.getByLabel("App password").fill(radicale.password);
  await card.getByRole("button", { name: "Connect", exact: true }).click();
  await own.getByText("As of just now").waitFor();
  await timeAt(stranger, ten).waitFor({ state: "detached" });
  await timeAt(stranger, noon).waitFor({ state: "detached" });
  await setBlocks(own, "Club", false);
  await timeAt(stranger, noon).waitFor();
  expect(await timeAt(stranger, ten).count()).toBe(0);

  const place = card.getByLabel("Write confirmed bookings into");
  await place.selectOption({ label: "Club" });
  await card.locator(".card-part").getByText("Saved", { exact: true }).waitFor();
  await picture(page, "81-caldav-connected");
  const { uid } = await booker.books({ host: host.did, meetingType, start: two });
  const written = await eventually(
    () => entriesOf(club),
    (entries) => entries.length > 1,
  );
  expect(written).toHaveLength(2);
  await host.does("cancel", uid);
  expect(
    await eventually(
      () => entriesOf(club),
      (entries) => entries.length < 2,
    ),
  ).toEqual([expect.stringContaining("two.ics")]);

  const users = (password: string) =>
    writeFile(join(radicale.folder, "../../users"), `${radicale.username}:${password}\n`);
  await users("a newer password");
  await own.getByRole("button", { name: "Refresh Own server" }).click();
  await own.getByText("no longer takes the user name and password").waitFor();
  await picture(page, "82-caldav-new-password");
  // Servers stumble: a password that was right until now is wrong when that is said twice.
  await own.getByRole("button", { name: "Refresh Own server" }).click();
  await expect.poll(() => own.getByRole("button", { name: "Refresh Own server" }).isEnabled()).toBe(true);
  expect(await timeAt(stranger, ten).count()).toBe(0);

  await page.goto(`${world.url}/dashboard`);
  await page.getByText("cannot be read any more").waitFor();
  await page.getByRole("button", { name: /^Notifications, / }).click();
  const news = page
    .getByRole("region", { name: "Notifications" })
    .getByRole("link", { name: /cannot be read/ });
  await news.waitFor();
  expect(await news.innerText()).not.toContain("1970");
  await picture(page, "83-caldav-told");
  await news.click();
  const heading = card.getByRole("heading", { name: "Your calendars" });
  await expect.poll(() => heading.and(page.locator(":focus")).count()).toBe(1);
  const renewal = own.getByRole("form", { name: "Give access to Own server again" });
  await renewal.getByLabel("Server", { exact: true }).fill(radicale.url);
  await renewal.getByLabel("User name").fill(radicale.username);
  await renewal.getByLabel("App password").fill("a newer password");
  await renewal.getByRole("button", { name: "Give access again" }).click();
  await renewal.waitFor({ state: "detached" });
  await own.getByText("As of just now", { exact: false }).waitFor();
  expect(await own.getByRole("checkbox", { name: "Club" }).isChecked()).toBe(false);
  expect(await own.getByRole("checkbox", { name: "Home" }).isChecked()).toBe(true);

  await own.getByRole("button", { name: "Disconnect Own server" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await own.waitFor({ state: "detached" });
  await timeAt(stranger, ten).waitFor();

  const said = JSON.stringify(world.broker.logs());
  for (const secret of [radicale.url, radicale.password, "newer password", "Something private"]) {
    expect(said).not.toContain(secret);
  }
});
