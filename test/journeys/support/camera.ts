/** Keeps pictures of what a person would see, at two widths, light and dark, when SCREENSHOTS names a folder. */

import { join } from "node:path";
import type { Page } from "playwright-core";

/** `name-1280.png`, `name-1280-dark.png` and the same as a phone shows it; without SCREENSHOTS nothing happens. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder === undefined || folder === "") return;
  const before = page.viewportSize();
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const [colorScheme, suffix] of [
      ["light", ""],
      ["dark", "-dark"],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(folder, `${name}-${width}${suffix}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}
