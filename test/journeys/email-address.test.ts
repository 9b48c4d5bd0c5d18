import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMailSink } from "../../dev/mail-sink.ts";
import type { MailSink } from "../../dev/mail-sink.ts";
import type { EmailJson } from "../../worker/messages-wire.ts";
import { SecretScan } from "../support/secret-scan.ts";
import { copyOfStill, filesBelow, valuesIn } from "../support/stored-values.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { confirmEmailAtPds } from "./support/confirmed-email.ts";
import { eventually } from "./support/eventually.ts";
import { linkIn, mailsTo, mailTo } from "./support/mailbox.ts";
import { SignInPages, signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";

let sink: MailSink;
let world: TestNetwork;
/** Every address that anybody has in here. */
const addresses: string[] = [];

beforeAll(async () => {
  sink = await startMailSink();
  world = await startTestNetwork({
    vars: {
      MAIL_PROVIDER: "smtp",
      MAIL_FROM: "atproto Cal <bookings@cal.example>",
      SMTP_URL: sink.url,
    },
  });
});
afterAll(async () => {
  await Promise.all([world?.stop(), sink?.stop()]);
});

function newAddress(): string {
  const address = `reader-${addresses.length}@${crypto.randomUUID()}.example`;
  addresses.push(address);
  return address;
}

function asks(who: TestAccount, address: string): Promise<Response> {
  return who.call("social.schedule.askForEmail", "/api/email", { body: { address } });
}

async function standing(who: TestAccount): Promise<EmailJson> {
  return (await who.call("social.schedule.getEmail", "/api/email")).json() as Promise<EmailJson>;
}

/** Says something with what came by mail, as our page does for whoever opened the link. */
async function says(what: "link" | "confirm" | "refuse", token: string): Promise<number> {
  const answer = await fetch(`${world.url}/api/email/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: world.url },
    body: JSON.stringify({ token }),
  });
  return answer.status;
}

async function tokenMailedTo(address: string): Promise<string> {
  const [mail] = await mailsTo(sink, address, 1);
  return new URL(linkIn(mail ?? { text: "" }, `${world.url}/email/confirm#`)).hash.slice(1);
}

/** Long enough for whatever is owed now to have gone out. */
async function quiet(): Promise<void> {
  const probe = await world.person("probe");
  const address = newAddress();
  await asks(probe, address);
  await mailsTo(sink, address, 1);
}

describe("an address", () => {
  it("gets one link, is used once that is followed, and gets none for being asked for again", async () => {
    const [ann, address] = [await world.person("ann"), newAddress()];
    expect((await asks(ann, address)).status).toBe(202);
    const token = await tokenMailedTo(address);
    expect(await standing(ann)).toMatchObject({ offered: true, asked: { address } });
    expect((await asks(ann, address.toUpperCase())).status).toBe(202);
    expect(await says("link", token)).toBe(200);
    expect(await says("confirm", token)).toBe(200);
    expect(await says("confirm", token)).toBe(404);
    expect(await standing(ann)).toEqual({ offered: true, address, reminders: true });
    expect((await asks(ann, address)).status).toBe(202);
    await quiet();
    expect(await mailTo(sink, address)).toHaveLength(1);
  });

  it("whose owner wants no mail gets none on anybody's account any more", async () => {
    const [mallory, eve, address] = [await world.person("mallory"), await world.person("eve"), newAddress()];
    await asks(mallory, address);
    expect(await says("refuse", await tokenMailedTo(address))).toBe(204);
    expect((await asks(mallory, address)).status).toBe(422);
    await eventually(
      () => world.broker.query("SELECT * FROM unwanted_addresses"),
      (rows) => rows.length === 1,
    );
    // Eve is told nothing: for all she sees a link went there.
    expect((await asks(eve, address)).status).toBe(202);
    await quiet();
    expect(await standing(eve)).toMatchObject({ asked: { address } });
    expect(await mailTo(sink, address)).toHaveLength(1);
  });

  it("gets three links in a week, whoever asks, and one person has five sent in a day", async () => {
    const [people, address] = [await world.people(5), newAddress()];
    const answers = await Promise.all(people.map((one) => asks(one, address)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    await quiet();
    expect(await mailTo(sink, address)).toHaveLength(3);
    const eager = await world.person("eager");
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await asks(eager, newAddress())).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 422]);
  });
});

describe("when workerd is killed", () => {
  it("as soon as a link is owed, or after a try that failed, the mail goes out all the same: one, by its Message-ID", async () => {
    for (const before of ["owed", "failed"] as const) {
      const owed = await Promise.all(
        (await world.people(4)).map(async (who) => ({ who, address: newAddress() })),
      );
      if (before === "failed") sink.fail(4, 451);
      const answers = await Promise.all(owed.map(({ who, address }) => asks(who, address)));
      if (before === "failed") await new Promise((resolve) => setTimeout(resolve, 1_000));
      process.kill(world.broker.workerdPid(), "SIGKILL");
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      await world.broker.answering();
      for (const { who, address } of owed) {
        const mails = await mailsTo(sink, address, 1, 60);
        expect(mails.length, before).toBeGreaterThanOrEqual(1);
        expect(new Set(mails.map(({ id }) => id)).size).toBe(1);
        expect(await says("confirm", await tokenMailedTo(address))).toBe(200);
        expect(await standing(who)).toMatchObject({ address });
      }
    }
  });
});

describe("the address of somebody's account", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it("is used once their PDS says that it is confirmed and they let us read it, and no mail is needed", async () => {
    const dora = await world.person("dora");
    const address = `${dora.handle}@example.com`;
    const page = await newPageInUtc(browser);
    await signIn(page, world.url, dora, { purpose: "publish" });
    const agrees = async (outcome: "taken" | "none"): Promise<void> => {
      await page.goto(`${world.url}/settings#email-heading`);
      await page.getByRole("button", { name: "Use the address of my account" }).click();
      await new SignInPages(page).allow(dora.password);
      await page.waitForURL(`${world.url}/settings?email=${outcome}`);
    };

    await agrees("none");
    await page.getByText("Your PDS gave no confirmed address", { exact: false }).waitFor();
    expect(await standing(dora)).not.toHaveProperty("address");

    confirmEmailAtPds(world.network, dora.did, address);
    await agrees("taken");
    await page.getByText("Your account's address is used.").waitFor();
    expect(await standing(dora)).toMatchObject({ address });
    expect(await mailTo(sink, address)).toEqual([]);
    // What they allowed before is not lost by it.
    const session = await page.evaluate(async () => (await fetch("/api/auth/session")).json());
    expect(session).toMatchObject({ account: { did: dora.did, canPublish: true } });
    addresses.push(address);
    await page.context().close();
  });
});

describe("an address is nowhere to be read", () => {
  it("in D1, on the broker's disk, in its log, or with other people", async () => {
    const scan = new SecretScan();
    for (const address of addresses) scan.add("address", address);
    expect(scan.size).toBeGreaterThan(20);
    const still = copyOfStill(world.broker.dataDir, world.broker.workerdPid());
    try {
      const files = filesBelow(still.folder).filter((file) => file.endsWith(".sqlite"));
      expect(files.length).toBeGreaterThan(10);
      const found = files.flatMap((file) => valuesIn(file)).flatMap((value) => scan.find(value));
      expect(found).toEqual([]);
    } finally {
      still.remove();
    }
    expect(scan.find(JSON.stringify(world.broker.logs()))).toEqual([]);
  });
});
