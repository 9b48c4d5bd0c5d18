/** Where one is mailed, at the door: who may say what about an address, and with which proof. */

import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { countLink } from "../../adapters/d1/address-rows.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import worker from "../../worker/index.ts";
import type { EmailAnswerJson, EmailJson } from "../../worker/messages-wire.ts";
import { AccountNetwork } from "../durable-objects/account/account-network.ts";
import { Person } from "../durable-objects/account/account-person.ts";
import { MailProvider } from "../durable-objects/account/mail-provider.ts";
import { Visitor } from "./support/visitor.ts";

const OUR_PAGE = { headers: { origin: env.PUBLIC_URL } };
const ELSEWHERE = { headers: { origin: "https://elsewhere.example" } };

let provider: MailProvider;
let alice: Person;
let visitor: Visitor;
let address: string;

beforeEach(async () => {
  const network = new AccountNetwork().listen();
  provider = new MailProvider(network);
  alice = new Person(network);
  visitor = await Visitor.signedIn(alice.did, "alice.test");
  address = `alice@${crypto.randomUUID()}.example`;
  await provider.isUsedBy(alice.account);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What came to the address: the token of its link. */
async function tokenMailed(): Promise<string> {
  await vi.waitFor(() => expect(provider.mailTo(address)).toHaveLength(1), 5_000);
  return /#([\w.-]+)/.exec(provider.mailTo(address)[0]?.text ?? "")?.[1] ?? "";
}

async function asks(): Promise<string> {
  expect((await visitor.call("/api/email", { body: { address, timeZone: "Asia/Tokyo" } })).status).toBe(202);
  return tokenMailed();
}

/** With what came by mail, signed in nowhere. */
function says(what: string, token: string, call: typeof OUR_PAGE = OUR_PAGE): Promise<Response> {
  return Visitor.nobody().call(`/api/email/${what}`, { body: { token }, ...call });
}

async function standing(): Promise<EmailJson> {
  return (await visitor.call("/api/email")).json();
}

describe("one's address", () => {
  it("is asked for, proved by the link in a browser where nobody is signed in, and forgotten", async () => {
    const answer = await visitor.call("/api/email", { body: { address } });
    expect(answer.status).toBe(202);
    const { email } = await answer.json<EmailAnswerJson>();
    expect(email).toMatchObject({
      asked: { address, at: expect.stringMatching(/^\d{4}-.*Z$/) },
      reminders: true,
    });
    expect(email.address).toBeUndefined();
    const token = await tokenMailed();
    const link = { handle: "alice.test", address };
    expect(await (await says("link", token)).json()).toEqual(link);
    expect(await (await says("confirm", token)).json()).toEqual(link);
    expect((await says("confirm", token)).status).toBe(404);
    expect((await says("link", token)).status).toBe(404);
    expect(await standing()).toMatchObject({ address, reminders: true });
    expect((await visitor.call("/api/email", { method: "DELETE" })).status).toBe(204);
    expect(await standing()).not.toHaveProperty("address");
  });

  it.each([
    ["no address", {}],
    ["none that can be mailed", { address: "用户@example.com" }],
    ["a name around it", { address: "Ann <ann@example.com>" }],
    ["two of them", { address: "ann@example.com,eve@example.com" }],
    ["a line in it", { address: "ann@example.com\r\nBcc: eve@example.com" }],
    ["a host without a dot", { address: "ann@localhost" }],
    ["no zone", { address: "ann@example.com", timeZone: "Mars/Olympus" }],
  ])("is not taken with %s, and the answer says what to give", async (_, body) => {
    const answer = await visitor.call("/api/email", { body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: "InvalidRequest",
      message: expect.stringMatching(/give (?:a plain e-mail address|an IANA zone)/),
    });
  });

  it("is nobody else's business", async () => {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const body = method === "GET" ? undefined : { address };
      expect((await Visitor.nobody().call("/api/email", { method, body })).status).toBe(401);
    }
    expect((await visitor.call("/api/email", { body: { address }, ...ELSEWHERE })).status).toBe(403);
    expect((await visitor.call("/api/email", { method: "DELETE", ...ELSEWHERE })).status).toBe(403);
    expect(provider.tries).toEqual([]);
  });

  it("can be asked for five times a day", async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      const body = { address: `x@${crypto.randomUUID()}.example` };
      statuses.push((await visitor.call("/api/email", { body })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 422]);
    const refused = await visitor.call("/api/email", { body: { address } });
    expect(await refused.json()).toMatchObject({ error: "AddressNotAsked" });
  });

  it("is in what one can take along", async () => {
    await says("confirm", await asks());
    const answer = await visitor.call("/api/account/export");
    expect(await answer.json()).toMatchObject({ email: { address, reminders: true } });
  });
});

describe("a link in a mail", () => {
  it("acts from our own pages only", async () => {
    const token = await asks();
    for (const what of ["link", "confirm", "refuse", "unsubscribe"]) {
      expect((await says(what, token, ELSEWHERE)).status).toBe(403);
      expect((await Visitor.nobody().call(`/api/email/${what}`, { body: { token } })).status).toBe(403);
    }
    expect((await says("confirm", token)).status).toBe(200);
  });

  it("ends it for ever, where its owner says so", async () => {
    const token = await asks();
    expect((await says("refuse", token)).status).toBe(204);
    expect((await says("confirm", token)).status).toBe(404);
    const again = await visitor.call("/api/email", { body: { address } });
    expect([again.status, await again.json()]).toMatchObject([422, { error: "AddressNotAsked" }]);
    expect(await standing()).not.toHaveProperty("asked");
  });

  it.each([
    ["empty", ""],
    ["no token", "hello"],
    ["a token of nobody", `${btoa("did:plc:nobody").replaceAll("=", "")}.${"a".repeat(43)}`],
    ["a token of no DID", `${btoa("https://x.example").replaceAll("=", "")}.${"a".repeat(43)}`],
    ["a token of bytes that are no text", `__-_.${"a".repeat(43)}`],
  ])("that is %s is good no more, whatever it is for", async (_, token) => {
    for (const what of ["link", "confirm", "refuse", "unsubscribe"]) {
      expect((await says(what, token)).status).toBe(404);
    }
    expect((await says("link", "x".repeat(501))).status).toBe(400);
  });
});

describe("reminders by mail", () => {
  let unsubscribe: string;

  beforeEach(async () => {
    await says("confirm", await asks());
    const { unsubscribeUrl = "" } = (await alice.account.mailRecipient()) ?? {};
    unsubscribe = new URL(unsubscribeUrl).pathname;
  });

  it("are switched off and on in the settings", async () => {
    const answer = await visitor.call("/api/email", { method: "PUT", body: { reminders: false } });
    expect((await answer.json<EmailAnswerJson>()).email).toMatchObject({ address, reminders: false });
    await visitor.call("/api/email", { method: "PUT", body: { reminders: true } });
    expect(await standing()).toMatchObject({ reminders: true });
  });

  it("end with one click in a mail program, which comes from nowhere and sends a form", async () => {
    const answer = await Visitor.nobody().call(unsubscribe, {
      body: "List-Unsubscribe=One-Click",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer.status).toBe(204);
    expect(await standing()).toMatchObject({ address, reminders: false });
    // Once more is no error.
    expect((await Visitor.nobody().call(unsubscribe, { method: "POST", ...ELSEWHERE })).status).toBe(204);
  });

  it("go on when a scanner only looks: it is led to the page, with the token where no server sees it", async () => {
    const answer = await Visitor.nobody().call(unsubscribe);
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get("location") ?? "");
    expect(location.origin + location.pathname).toBe(`${env.PUBLIC_URL}/email/unsubscribe`);
    expect(unsubscribe.endsWith(location.hash.slice(1))).toBe(true);
    expect(await standing()).toMatchObject({ reminders: true });
    expect((await says("unsubscribe", location.hash.slice(1))).status).toBe(204);
    expect(await standing()).toMatchObject({ reminders: false });
  });

  it("do not end with the link that proves an address, nor is the address proved with theirs", async () => {
    const token = unsubscribe.split("/").at(-1) ?? "";
    expect((await says("confirm", token)).status).toBe(404);
    expect((await says("refuse", token)).status).toBe(404);
  });
});

describe("the daily call", () => {
  it("deletes links that count no more", async () => {
    const now = Date.now();
    const link = (id: string, at: number) => countLink(env.DB, { id, addressHash: id }, at);
    await link("old", now - 8 * DAY);
    await link("counts", now - 6 * DAY);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date(now) }), env);
    const { results } = await env.DB.prepare(
      "SELECT id FROM address_links WHERE id IN ('old', 'counts')",
    ).all();
    expect(results).toEqual([{ id: "counts" }]);
  });
});
