import type { Browser, Page, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LiveJson } from "../../worker/wire.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { inDays } from "./support/eventually.ts";
import type { TestAccount, WantedSlot } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { openDay, timeAt } from "./support/times-page.ts";

let world: TestNetwork;
let browser: Browser;
let booker: TestAccount;
let wanted: WantedSlot;
/** Offered throughout: what is shown is not just empty. */
const kept = inDays(2, "16:00");

beforeAll(async () => {
  [world, browser] = await Promise.all([startTestNetwork(), launchBrowser()]);
  const { host, meetingType } = await world.host();
  wanted = { host: host.did, meetingType, start: "" };
  booker = await world.person("booker");
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const LIVE = /\/api\/hosts\/[^/]+\/live(\?|$)/;

/** Looks at the day of a time, and marks the page: whoever loads it again loses the mark. */
async function lookAt(page: Page, start: string): Promise<void> {
  await page.goto(`${world.url}/book/${wanted.host}/${wanted.meetingType}`);
  await openDay(page, start);
  await timeAt(page, start).waitFor();
  await page.evaluate("globalThis.isAsOpened = true");
}

async function expectGone(page: Page, start: string): Promise<void> {
  // Well before the page would ask by itself.
  await timeAt(page, start).waitFor({ state: "detached", timeout: 10_000 });
  expect(await timeAt(page, kept).count()).toBe(1);
  expect(await page.evaluate("globalThis.isAsOpened")).toBe(true);
}

/** Stands between a page and the worker: hears what is said, and can cut the connection or refuse it. */
class Wire {
  /** Addresses that were opened, in order. */
  readonly opened: string[] = [];
  readonly said: LiveJson[] = [];
  isCut = false;
  #sockets: WebSocketRoute[] = [];

  static async between(page: Page): Promise<Wire> {
    const wire = new Wire();
    await page.routeWebSocket(LIVE, (socket) => wire.#carry(socket));
    return wire;
  }

  async cut(): Promise<void> {
    this.isCut = true;
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.close()));
  }

  /** Every change that was told. */
  told(): string[] {
    const changes = this.said.flatMap((message) => message.changes);
    return changes.map(({ state, start }) => `${state} ${start.replace(".000", "")}`);
  }

  #carry(socket: WebSocketRoute): void {
    this.opened.push(socket.url());
    if (this.isCut) {
      void socket.close();
      return;
    }
    const server = socket.connectToServer();
    this.#sockets.push(socket);
    server.onMessage((message) => {
      this.said.push(JSON.parse(String(message)) as LiveJson);
      socket.send(message);
    });
  }
}

it("a time that somebody books vanishes from a page that is open, and is there again when they cancel", async () => {
  const start = inDays(2, "10:00");
  const page = await newPageInUtc(browser);
  const wire = await Wire.between(page);
  await lookAt(page, start);
  await expect.poll(() => wire.said.length, { timeout: 10_000 }).toBe(1);
  const { uid } = await booker.books({ ...wanted, start });
  await expectGone(page, start);
  await booker.does("cancel", uid);
  await timeAt(page, start).waitFor({ timeout: 10_000 });
  expect(wire.told()).toEqual([`taken ${start}`, `freed ${start}`]);
  expect(wire.opened).toHaveLength(1);
});

it("where no socket can be opened the page asks every half minute, and the time vanishes all the same", async () => {
  const start = inDays(2, "11:00");
  const page = await newPageInUtc(browser);
  const wire = await Wire.between(page);
  await wire.cut();
  await page.clock.install();
  await lookAt(page, start);
  await expect.poll(() => wire.opened.length, { timeout: 10_000 }).toBeGreaterThan(1);
  await booker.books({ ...wanted, start });
  expect(await timeAt(page, start).count()).toBe(1);
  await page.clock.fastForward("00:30");
  await expectGone(page, start);
  expect(wire.said).toEqual([]);
});

it("a socket that broke comes back where it was, and is told what happened meanwhile", async () => {
  const start = inDays(2, "12:00");
  const page = await newPageInUtc(browser);
  const wire = await Wire.between(page);
  await lookAt(page, start);
  await expect.poll(() => wire.said.length, { timeout: 10_000 }).toBe(1);
  const seq = wire.said[0]?.seq;
  await wire.cut();
  await booker.books({ ...wanted, start });
  wire.isCut = false;
  await expectGone(page, start);
  expect(wire.opened.slice(1).map((url) => new URL(url).search)).toEqual(
    wire.opened.slice(1).map(() => `?after=${seq}`),
  );
  // What was missed and nothing else, not the word to ask for everything.
  expect(wire.said).toHaveLength(2);
  expect(wire.told()).toEqual([`taken ${start}`]);
  expect(wire.said[1]).not.toHaveProperty("isReset");
});
