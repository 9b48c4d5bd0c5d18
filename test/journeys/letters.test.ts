/** Letters with texts of strangers in them, as a browser reads them. */

import * as fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bookingLetter } from "../../adapters/mail/letters/booking-letter.ts";
import { BERLIN, CONTEXT, PUBLIC_URL, everyLetter } from "../adapters/mail/letters/every-letter.ts";
import { hostileStory } from "../adapters/mail/letters/hostile-letters.ts";
import { audit } from "./support/audit.ts";
import { launchBrowser } from "./support/browser.ts";
import { picture } from "./support/camera.ts";

const RUNS = { numRuns: 300 };

let browser: Browser;
let page: Page;
/** Addresses that a letter asked for, and boxes that it opened. */
let effects: string[];

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on("request", (request) => effects.push(request.url()));
  page.on("dialog", (dialog) => {
    effects.push(dialog.type());
    void dialog.dismiss();
  });
  effects = [];
});

afterAll(async () => {
  await browser?.close();
});

interface Read {
  readonly elements: string[];
  readonly attributes: string[];
  readonly links: { readonly href: string; readonly label: string }[];
  readonly quotes: number;
  readonly isTooWide: boolean;
}

/** Runs in the page; a string, since this project knows no DOM. */
const READING = `(() => {
  const all = [...document.querySelectorAll("*")];
  return {
    elements: [...new Set(all.map((one) => one.localName))],
    attributes: [...new Set(all.flatMap((one) => one.getAttributeNames().map((name) => one.localName + " " + name)))],
    links: [...document.links].map((link) => ({ href: link.getAttribute("href"), label: link.textContent.trim() })),
    quotes: document.querySelectorAll("blockquote").length,
    isTooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
})()`;

/** Opens it in the page, as a mail program that runs scripts would. */
async function read(letter: string): Promise<Read> {
  await page.setContent(letter);
  return page.evaluate<Read>(READING);
}

it("texts of strangers make no element, no attribute and no link of their own", async () => {
  const known = { elements: new Set(["br"]), attributes: new Set<string>() };
  for (const { letter } of everyLetter()) {
    const { elements, attributes } = await read(letter.html);
    for (const one of elements) known.elements.add(one);
    for (const one of attributes) known.attributes.add(one);
  }
  await fc.assert(
    fc.asyncProperty(hostileStory, async ({ booking, news, to }) => {
      const { elements, attributes, links, quotes } = await read(
        bookingLetter(booking, news, to, BERLIN, CONTEXT).html,
      );
      expect(elements.filter((one) => !known.elements.has(one))).toEqual([]);
      expect(attributes.filter((one) => !known.attributes.has(one))).toEqual([]);
      expect(quotes).toBe(booking.reason === undefined ? 1 : 2);
      // The place says where it leads; every other link leads to us.
      const places = links.filter(({ href }) => !href.startsWith(`${PUBLIC_URL}/`));
      expect(places.filter(({ href, label }) => !/^https?:/.test(href) || label !== href)).toEqual([]);
      expect(places.length).toBeLessThanOrEqual(booking.location?.kind === "link" ? 1 : 0);
    }),
    RUNS,
  );
  expect(effects).toEqual([]);
});

it("a letter is as narrow as a phone, whatever is in it", async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  for (const { name, letter } of everyLetter()) {
    expect((await read(letter.html)).isTooWide, name).toBe(false);
  }
  await fc.assert(
    fc.asyncProperty(hostileStory, async ({ booking, news, to }) => {
      const { html } = bookingLetter(booking, news, to, BERLIN, CONTEXT);
      expect((await read(html)).isTooWide).toBe(false);
    }),
    { numRuns: 50 },
  );
});

it("letters have no serious barrier, light or dark", async () => {
  for (const { name, letter } of everyLetter()) {
    await page.setContent(letter.html);
    await picture(page, `letter-${name}`);
    // Axe takes what has no background for white, also where it is dark.
    await page.addStyleTag({ content: "html { background: Canvas; color: CanvasText }" });
    expect(await audit(page), name).toEqual([]);
  }
});
