import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BookingInput, HoldJson } from "../../worker/wire.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { inDays } from "./support/eventually.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { chooseTime, openDay, timeAt } from "./support/times-page.ts";

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
async function bookerAt(link: string, who: TestAccount): Promise<Page> {
  const page = await newPageInUtc(browser);
  await signIn(page, world.url, who, { returnTo: link });
  return page;
}

/** What a page asked of holds, `POST` and `DELETE`, and the ids of those it was given. */
function holdsOf(page: Page): { readonly asked: string[]; readonly ids: string[] } {
  const seen = { asked: [] as string[], ids: [] as string[] };
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.startsWith("/api/holds")) seen.asked.push(request.method());
  });
  page.on("response", async (response) => {
    if (!response.url().endsWith("/api/holds") || response.status() !== 201) return;
    seen.ids.push(((await response.json()) as HoldJson).hold.id);
  });
  return seen;
}

function timer(page: Page) {
  return page.getByRole("timer");
}

/** Seconds that the form says are left. */
async function secondsLeft(page: Page): Promise<number> {
  const [minutes = NaN, seconds = NaN] = (await timer(page).innerText()).split(":").map(Number);
  return minutes * 60 + seconds;
}

const OVER = "Your five minutes are over; the time may be gone.";

/** Opens the form in a browser whose clock then runs ahead, until it says that the hold is over; the worker no longer has it either. */
async function withHoldThatRanOut(page: Page, host: TestAccount, booker: TestAccount, start: string) {
  const holds = holdsOf(page);
  await page.clock.install();
  await page.reload();
  await chooseTime(page, start);
  await timer(page).waitFor();
  await page.clock.fastForward("05:01");
  await page.getByText(OVER).first().waitFor();
  // For the worker five minutes are not over: the booker, from another device, lets go of what would have run out.
  const path = `/api/holds/${holds.ids.at(-1)}?host=${host.did}`;
  const answer = await booker.call("social.schedule.releaseHold", path, { method: "DELETE" });
  expect(answer.status).toBe(204);
}

it("a time that is picked vanishes from other pages at once, stays held over a reload, and is there again when it is let go of", async () => {
  const { host, meetingType } = await world.host();
  const link = `/book/${host.did}/${meetingType}`;
  const start = inDays(2, "10:00");
  const first = await bookerAt(link, await world.person("first"));
  const second = await bookerAt(link, await world.person("second"));
  const [holds, holdsOfSecond] = [holdsOf(first), holdsOf(second)];
  await openDay(second, start);
  await timeAt(second, start).waitFor();

  await chooseTime(first, start);
  await timer(first).waitFor();
  const atFirst = await secondsLeft(first);
  expect(atFirst).toBeGreaterThan(285);
  expect(atFirst).toBeLessThanOrEqual(300);
  await expect.poll(() => secondsLeft(first), { timeout: 5000 }).toBeLessThan(atFirst);
  await timeAt(second, start).waitFor({ state: "detached" });
  await picture(first, "30-form-with-hold");

  await first.reload();
  await timer(first).waitFor();
  expect(await secondsLeft(first)).toBeLessThan(atFirst);
  expect(holds.asked).toEqual(["POST"]);
  expect(await timeAt(second, start).count()).toBe(0);

  await first.getByRole("button", { name: "Choose another time" }).click();
  await timeAt(first, start).waitFor();
  await timeAt(second, start).click();
  await timer(second).waitFor();
  await timeAt(first, start).waitFor({ state: "detached" });
  const sent = second.waitForRequest((request) => request.url().endsWith("/api/bookings"));
  await second.getByRole("button", { name: "Book this time" }).click();
  await second.getByRole("heading", { name: "You are booked" }).waitFor();
  const { holdId } = (await sent).postDataJSON() as BookingInput;
  expect([holdId]).toEqual(holdsOfSecond.ids);
  expect(holds.asked).toEqual(["POST", "DELETE"]);
});

it("the last minute is said, and a hold that ran out can be had again or left: a time that is still free is booked", async () => {
  const { host, meetingType } = await world.host();
  const booker = await world.person("booker");
  const start = inDays(2, "11:00");
  const page = await bookerAt(`/book/${host.did}/${meetingType}`, booker);
  const holds = holdsOf(page);
  await page.clock.install();
  await page.reload();
  await chooseTime(page, start);
  await timer(page).waitFor();
  await page.clock.fastForward("04:10");
  await page.getByText("This time is held for you for one more minute.").waitFor();
  await expect.poll(() => secondsLeft(page), { timeout: 5000 }).toBeLessThanOrEqual(50);
  await picture(page, "31-last-minute");
  await page.clock.fastForward("01:00");
  await page.getByText(OVER).first().waitFor();
  await picture(page, "32-hold-over");
  await page.getByRole("button", { name: "Hold it again" }).click();
  await expect.poll(() => secondsLeft(page), { timeout: 5000 }).toBeGreaterThan(285);
  expect(holds.asked).toEqual(["POST", "POST"]);
  await page.getByRole("button", { name: "Choose another time" }).click();
  await timeAt(page, start).waitFor();

  await withHoldThatRanOut(page, host, booker, start);
  await page.getByRole("button", { name: "Book this time" }).click();
  await page.getByRole("heading", { name: "You are booked" }).waitFor();
});

it("who comes too late with a hold that ran out is told why, kindly, and books another time", async () => {
  const { host, meetingType } = await world.host();
  const [booker, quicker] = await world.people(2);
  if (!booker || !quicker) throw new Error("there are two");
  const start = inDays(2, "12:00");
  const page = await bookerAt(`/book/${host.did}/${meetingType}`, booker);
  await withHoldThatRanOut(page, host, booker, start);
  await page.getByLabel("Note (optional)").fill("Written while it ran out");
  await quicker.books({ host: host.did, meetingType, start });
  await page.getByText("This time is no longer free.").waitFor();
  await picture(page, "33-gone-while-writing");

  await page.getByRole("button", { name: "Ask for it all the same" }).click();
  await page
    .getByText(/^Your five minutes were over, and .*, 12:00 was given to somebody else\. Here are the times/)
    .waitFor();
  await timeAt(page, inDays(2, "12:30")).waitFor();
  expect(await timeAt(page, start).count()).toBe(0);
  await picture(page, "34-given-away");

  await timeAt(page, inDays(2, "12:30")).click();
  await timer(page).waitFor();
  expect(await page.getByLabel("Note (optional)").inputValue()).toBe("Written while it ran out");
  await page.getByRole("button", { name: "Book this time" }).click();
  await page.getByRole("heading", { name: "You are booked" }).waitFor();
});
