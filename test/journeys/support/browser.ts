/** Starts the Chromium that journeys are driven in. Downloads nothing. */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC_APPS = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];

/** CHROMIUM_PATH if set, else the first browser found. @throws a sentence on how to get one */
export function findChromium(): string {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") return named;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/snap/bin"];
  const found = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...MAC_APPS.map((app) => join("/Applications", app)),
  ].find(isExecutable);
  if (found === undefined) {
    throw new Error(
      "No Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable.",
    );
  }
  return found;
}

/** A headless browser that works as root in a container and contacts nobody by itself. Close it after the tests. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A browser of its own whose reader lives in UTC, so that the dates of its pages are those of the API. */
export async function newPageInUtc(browser: Browser): Promise<Page> {
  return (await browser.newContext({ timezoneId: "UTC", locale: "en-GB" })).newPage();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
