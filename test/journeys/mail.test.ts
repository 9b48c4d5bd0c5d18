import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMailSink } from "../../dev/mail-sink.ts";
import type { MailSink } from "../../dev/mail-sink.ts";
import { openImipCalendar } from "../support/imip-calendar.ts";
import type { ImipCalendar } from "../support/imip-calendar.ts";
import { startRadicale } from "../support/radicale.ts";
import type { Radicale } from "../support/radicale.ts";
import { launchBrowser, newPageInUtc } from "./support/browser.ts";
import { picture } from "./support/camera.ts";
import { inDays } from "./support/eventually.ts";
import { linkIn, mailsTo, mailTo } from "./support/mailbox.ts";
import type { ReadMail } from "./support/mailbox.ts";
import { replyTo } from "./support/mail-reply.ts";
import { signIn } from "./support/sign-in-pages.ts";
import type { TestAccount } from "./support/test-account.ts";
import { startTestNetwork } from "./support/test-network.ts";
import type { TestNetwork } from "./support/test-network.ts";
import { chooseTime, timeAt } from "./support/times-page.ts";

const ALICE = "alice@host.example";
const BOB = "bob@booker.example";

let sink: MailSink;
let radicale: Radicale;
let world: TestNetwork;
let browser: Browser;
let alice: TestAccount;
let meetingType: string;
let bob: TestAccount;
let hostPage: Page;
let bookerPage: Page;
let calendars: Readonly<Record<string, ImipCalendar>>;

beforeAll(async () => {
  [sink, radicale, browser] = await Promise.all([startMailSink(), startRadicale(["a"]), launchBrowser()]);
  world = await startTestNetwork({
    vars: {
      MAIL_PROVIDER: "smtp",
      MAIL_FROM: "atproto Cal <bookings@cal.example>",
      INVITES_DOMAIN: "invites.example",
      SMTP_URL: sink.url,
    },
  });
  ({ host: alice, meetingType } = await world.host({ name: "alice", meetingType: { approval: "manual" } }));
  bob = await world.person("bob");
  [hostPage, bookerPage] = await Promise.all([newPageInUtc(browser), newPageInUtc(browser)]);
  await signIn(hostPage, world.url, alice);
  await signIn(bookerPage, world.url, bob);
  calendars = {
    [ALICE]: await openImipCalendar(radicale, "alices"),
    [BOB]: await openImipCalendar(radicale, "bobs"),
  };
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), sink?.stop(), radicale?.stop()]);
});

/** Follows the link that came to an address, as whoever reads its mail. */
async function followsLink(address: string): Promise<void> {
  const [asked] = await mailsTo(sink, address, 1);
  const page = await newPageInUtc(browser);
  await page.goto(linkIn(asked ?? { text: "" }, `${world.url}/email/confirm#`));
  await page.getByText(address).first().waitFor();
  await picture(page, `60-confirm-${address.split("@")[0]}`);
  await page.getByRole("button", { name: "Yes, mail me here" }).click();
  await page.getByRole("heading", { name: "Your address is proved" }).waitFor();
  await page.context().close();
}

/** The mails that came since there were `known`, by what each begins with; their calendar objects go into the reader's own calendar. */
async function next(address: string, known: number, count: number): Promise<ReadMail[]> {
  const fresh = (await mailsTo(sink, address, known + count)).slice(known);
  for (const { invite } of fresh) {
    if (invite) expect(await calendars[address]?.receive(invite.ics)).toBe("taken");
  }
  return fresh;
}

async function entryOf(address: string) {
  const entries = (await calendars[address]?.entries()) ?? [];
  return entries.map(({ uid, sequence, status, start }) => ({ uid, sequence, status, start }));
}

describe("by mail, through a real server and into a real calendar", () => {
  const [from, to] = [inDays(3, "10:00"), inDays(3, "14:00")];
  let uid: string;

  it("a host proves an address in their settings", async () => {
    await hostPage.goto(`${world.url}/settings#email-heading`);
    await hostPage.getByLabel("E-mail address").fill(ALICE);
    await hostPage.getByRole("button", { name: "Send me a link" }).click();
    await hostPage.getByText("A link went to", { exact: false }).first().waitFor();
    await picture(hostPage, "61-settings-asked");
    await followsLink(ALICE);
    await hostPage.reload();
    await hostPage.getByText(ALICE).first().waitFor();
    await picture(hostPage, "62-settings-proved");
    expect(await mailTo(sink, ALICE)).toHaveLength(1);
  });

  it("a booker gives an address with a request: one link goes there, and nothing else until it is followed", async () => {
    await bookerPage.goto(`${world.url}/book/${alice.handle}`);
    await chooseTime(bookerPage, from);
    await bookerPage.getByLabel(/e-mail/i).fill(BOB);
    await picture(bookerPage, "63-book-form");
    await bookerPage
      .getByRole("button", { name: /request|book|ask/i })
      .last()
      .click();
    await bookerPage.getByRole("heading", { name: "Your request is sent" }).waitFor();
    const [asked] = await next(ALICE, 1, 1);
    expect(asked?.subject).toMatch(new RegExp(`@${bob.handle}`));
    expect(asked?.invite).toBeUndefined();
    await followsLink(BOB);
    expect(await mailTo(sink, BOB)).toHaveLength(1);
  });

  it("the host approves: both get one invitation, which makes one entry", async () => {
    await hostPage.goto(`${world.url}/dashboard`);
    await hostPage.getByRole("button", { name: "Approve" }).click();
    await hostPage.getByRole("button", { name: "Approve" }).waitFor({ state: "detached" });
    const [host] = await next(ALICE, 2, 1);
    const [booker] = await next(BOB, 1, 1);
    for (const mail of [host, booker]) {
      expect(mail?.invite?.method).toBe("REQUEST");
      expect(mail?.attachments.map(({ type }) => type)).toContain("application/ics");
    }
    const entry = { sequence: 1, status: "CONFIRMED", start: Date.parse(from) };
    const [stands] = await entryOf(ALICE);
    expect(stands).toMatchObject(entry);
    expect(await entryOf(BOB)).toEqual([stands]);
    uid = /\/bookings\/([\w-]+)/.exec(host?.text ?? "")?.[1] ?? "";
    // Neither reads the address of the other.
    expect(JSON.stringify(host)).not.toContain(BOB);
    expect(JSON.stringify(booker)).not.toContain(ALICE);
  });

  it("the host moves it: the entry moves in both calendars", async () => {
    await hostPage.goto(`${world.url}/bookings/${uid}?move=1`);
    await timeAt(hostPage, to).click();
    await hostPage.getByRole("dialog").getByRole("button", { name: "Move it" }).click();
    await hostPage.getByText("The booking is moved.").waitFor();
    await next(ALICE, 3, 1);
    await next(BOB, 2, 1);
    const moved = { sequence: 2, status: "CONFIRMED", start: Date.parse(to) };
    expect(await entryOf(ALICE)).toEqual([expect.objectContaining(moved)]);
    expect(await entryOf(BOB)).toEqual([expect.objectContaining(moved)]);
  });

  it("the booker cancels by the link in their mail: the entry ends in both calendars", async () => {
    const link = linkIn(
      (await mailTo(sink, BOB)).at(-1) ?? { text: "" },
      `${world.url}/bookings/${uid}#cancel`,
    );
    await bookerPage.goto(link);
    await bookerPage.getByRole("dialog").getByRole("button", { name: "Yes, cancel it" }).click();
    await bookerPage.getByText("Cancelled", { exact: false }).first().waitFor();
    const [host] = await next(ALICE, 4, 1);
    const [booker] = await next(BOB, 3, 1);
    expect([host?.invite?.method, booker?.invite?.method]).toEqual(["CANCEL", "CANCEL"]);
    const ended = { sequence: 3, status: "CANCELLED", start: Date.parse(to) };
    expect(await entryOf(ALICE)).toEqual([expect.objectContaining(ended)]);
    expect(await entryOf(BOB)).toEqual([expect.objectContaining(ended)]);
  });

  it("nothing else came to anybody, and every mail is one of its own", async () => {
    expect(sink.messages()).toHaveLength(9);
    const mails = [...(await mailTo(sink, ALICE)), ...(await mailTo(sink, BOB))];
    expect(mails).toHaveLength(9);
    expect(new Set(mails.map(({ id }) => id)).size).toBe(9);
    expect(mails.every(({ from: sender }) => sender === "bookings@cal.example")).toBe(true);
  });
});

describe("an answer by mail", () => {
  const start = inDays(4, "09:00");
  let uid: string;
  let invite: string;

  it("needs an invitation", async () => {
    ({ uid } = await bob.books({ host: alice.did, meetingType, start }));
    await alice.does("confirm", uid);
    const mails = await mailsTo(sink, BOB, 5);
    invite = mails.at(-1)?.invite?.ics ?? "";
    expect(invite).toContain("METHOD:REQUEST");
  });

  it.each([
    ["from somebody who is not known to be the sender", { isAuthenticated: false }, /Nobody was invited/],
    ["from another address", { from: "eve@evil.example" }, /Nobody was invited/],
    ["to an earlier invitation", { sequence: 0 }, undefined],
    ["about another event", { eventUid: "other@127.0.0.1" }, /no such booking/],
    ["to another booking's address", { to: `b-${"0".repeat(24)}@invites.example` }, /no such booking/],
    ["to no booking's address", { to: "postmaster@invites.example" }, /nobody at this address/],
  ])("changes nothing %s", async (_, said, rejected) => {
    const told = await handsIn(replyTo(invite, { partstat: "DECLINED", ...said }));
    if (rejected) expect(told).toMatch(rejected);
    else expect(told).toBeUndefined();
    expect(await bob.booking(uid)).toMatchObject({ status: "confirmed", sequence: 1 });
  });

  it("changes nothing where it is no answer", async () => {
    const { from, to } = replyTo(invite, { partstat: "DECLINED" });
    const raw = `From: ${from}\r\nTo: ${to}\r\nMessage-ID: <1@x.example>\r\nSubject: Hello\r\n\r\nSee you there!\r\n`;
    expect(await handsIn({ from, to, raw })).toMatch(/Only answers/);
  });

  it("that says Yes is shown in the next invitation", async () => {
    expect(await handsIn(replyTo(invite, { partstat: "ACCEPTED" }))).toBeUndefined();
    expect(await bob.booking(uid)).toMatchObject({ status: "confirmed", sequence: 1 });
  });

  it("that says No frees the slot like a cancellation by whoever gave it, and the host is told", async () => {
    const known = (await mailTo(sink, ALICE)).length;
    const no = replyTo(invite, { partstat: "DECLINED" });
    expect(await handsIn(no)).toBeUndefined();
    expect(await bob.booking(uid)).toMatchObject({ status: "cancelled", cancelledBy: "booker", sequence: 2 });
    const query = new URLSearchParams({ meetingType, from: start, to: inDays(4, "09:30") });
    const { slots } = (await (await fetch(`${world.url}/api/hosts/${alice.did}/slots?${query}`)).json()) as {
      slots: { start: string }[];
    };
    expect(slots.map((slot) => slot.start)).toContain(start);
    const [told] = (await mailsTo(sink, ALICE, known + 1)).slice(known);
    expect(told?.invite?.method).toBe("CANCEL");
    expect(told?.subject).toContain("Cancelled");
    // The same again says nothing new.
    expect(await handsIn(no)).toBeUndefined();
    expect(await bob.booking(uid)).toMatchObject({ sequence: 2 });
  });
});

/** Hands a message in as Email Routing does: what its sender is told, where it is not taken. */
async function handsIn({
  from,
  to,
  raw,
}: {
  from: string;
  to: string;
  raw: string;
}): Promise<string | undefined> {
  const answer = await fetch(`${world.url}/cdn-cgi/local/email?${new URLSearchParams({ from, to })}`, {
    method: "POST",
    body: raw,
  });
  const text = await answer.text();
  return text === "Worker successfully processed email" ? undefined : text;
}
