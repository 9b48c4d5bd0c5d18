/** Keeps pictures of what a person would see, at two widths, when SCREENSHOTS names a folder. */

import { join } from "node:path";
import type { Page } from "playwright-core";

/** A picture of the page as a desktop and as a phone show it; without SCREENSHOTS nothing happens. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder === undefined || folder === "") return;
  const before = page.viewportSize();
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
  if (before) await page.setViewportSize(before);
}
