/** The part of the settings in which a host connects their calendars, as somebody in a browser uses it. */

import type { Locator, Page } from "playwright-core";

/** The whole of it. */
export function calendarCard(page: Page): Locator {
  return page.getByRole("region", { name: "Your calendars" });
}

/** One connection of it, by its label. */
export function connectionIn(card: Locator, label: string): Locator {
  return card
    .locator("li.connection")
    .filter({ has: card.page().getByRole("heading", { name: label, exact: true }) });
}

/** Opens the form for one kind of calendar. */
export async function chooseKind(
  card: Locator,
  kind: "Google Calendar" | "CalDAV" | "Published link",
): Promise<void> {
  const another = card.getByRole("button", { name: "Connect another calendar", expanded: false });
  const radio = card.getByRole("radio", { name: kind });
  await another.or(radio).first().waitFor();
  if (await another.isVisible()) await another.click();
  await radio.check();
}

/** Ticks or unticks a calendar and waits until that is saved. */
export async function setBlocks(connection: Locator, calendar: string, blocks: boolean): Promise<void> {
  await connection.getByRole("checkbox", { name: calendar, exact: true }).setChecked(blocks);
  await connection.getByText("Saved", { exact: true }).waitFor();
}
