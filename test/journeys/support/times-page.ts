/** The free times of a host as somebody in a browser finds and picks them. For browsers in UTC: their dates are those of the API. */

import type { Locator, Page } from "playwright-core";

/** The button of one free time; there while the day that is shown has it. `start` as the API writes it. */
export function timeAt(page: Page, start: string): Locator {
  return page.locator(`button.slot[data-start="${start}"]`);
}

/** Leafs to the day of a start and opens it. The day must have free times. */
export async function openDay(page: Page, start: string): Promise<void> {
  const date = start.slice(0, 10);
  const day = page.locator(`button[data-date="${date}"]`);
  await page.locator("button.slot").first().waitFor();
  if ((await day.count()) === 0) await page.getByRole("button", { name: "Next month" }).click();
  await page.locator(`button.day-free[data-date="${date}"]`).click();
  await page.locator(`button.slot[data-start^="${date}"]`).first().waitFor();
}

/** Opens the form for one time: its day, then the time itself. */
export async function chooseTime(page: Page, start: string): Promise<void> {
  await openDay(page, start);
  await timeAt(page, start).click();
}
