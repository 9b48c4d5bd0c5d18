import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AccountNetwork } from "./account-network.ts";
import { Person } from "./account-person.ts";
import { MailProvider, secretIn } from "./mail-provider.ts";

const GET_SESSION = "/xrpc/com.atproto.server.getSession";
const WRITE = [{ action: "delete", collection: "social.schedule.meetingType", rkey: "3kabc" }] as const;

let network: AccountNetwork;
let alice: Person;
/** Confirmed at her PDS; another one for each test, since D1 keeps count. */
let address: string;
/** How often her PDS was asked. */
let asked: number;

beforeEach(() => {
  network = new AccountNetwork().listen();
  alice = new Person(network);
  asked = 0;
  address = `alice@${crypto.randomUUID()}.example`;
  pdsSays(() =>
    Response.json({ did: alice.did, handle: "alice.test", email: address, emailConfirmed: true }),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
});

function pdsSays(answer: () => Response | Promise<Response>): void {
  network.answers.set(GET_SESSION, () => {
    asked += 1;
    return answer();
  });
}

describe("signing in to be mailed at the address of one's PDS", () => {
  it("asks for that alone, and the address is used from then on", async () => {
    await alice.signsIn("email");
    expect(network.asked).toEqual(["atproto account:email"]);
    expect(await alice.account.mailRecipient()).toMatchObject({ address, reminders: true });
    expect(await alice.everythingStored()).not.toContain("alice@");
  });

  it("asks the PDS for it only where that was allowed, by either name of the permission", async () => {
    await alice.signsIn("book");
    await alice.signsIn("publish");
    await alice.signsIn("email", { scope: "atproto" });
    expect(asked).toBe(0);
    expect(await alice.account.mailRecipient()).toBeUndefined();
    await alice.signsIn("email", { scope: "atproto transition:email" });
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
  });

  it("takes the place of another address, and keeps the zone that is known", async () => {
    const provider = new MailProvider(network);
    await provider.isUsedBy(alice.account);
    const given = { address: "old@pds.example", handle: "alice.test", timeZone: "Asia/Tokyo" };
    await alice.account.askForAddress(given);
    await vi.waitFor(() => expect(provider.mailTo()).toHaveLength(1), 5_000);
    await alice.account.confirmLink(secretIn(provider.mailTo()[0]).secret);
    const before = await alice.account.mailRecipient();
    expect(before).toMatchObject({ address: "old@pds.example", timeZone: "Asia/Tokyo" });
    await alice.signsIn("email");
    expect(await alice.account.mailRecipient()).toEqual({ ...before, address });
  });

  it("does not take publishing away: the narrower session is given back, after it was asked", async () => {
    await alice.signsIn("publish");
    await alice.signsIn("email");
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
    expect(await alice.account.canPublish()).toBe(true);
    expect(network.revoked).toHaveLength(1);
    expect(await alice.account.writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("outlives signing out, which is about the session", async () => {
    await alice.signsIn("email");
    await alice.account.signOut();
    expect(await alice.account.mailRecipient()).toMatchObject({ address });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ["has not confirmed it", () => session({ emailConfirmed: false })],
    ["says nothing of confirming", () => session({ emailConfirmed: undefined })],
    ["calls it confirmed in other words", () => session({ emailConfirmed: "true" })],
    ["has none", () => session({ email: undefined })],
    ["has one that is none", () => session({ email: "alice@pds.example\r\nBcc: eve@evil.example" })],
    ["has one that cannot be mailed", () => session({ email: "用户@pds.example" })],
    ["speaks of somebody else", () => session({ did: "did:plc:somebodyelse" })],
    ["refuses", () => Response.json({ error: "InvalidToken" }, { status: 400 })],
    ["refuses, with an address all the same", () => Response.json(who({}), { status: 403 })],
    ["is broken", () => new Response("oops", { status: 500 })],
    ["answers something else", () => new Response("<html>")],
    ["answers too much", () => new Response(JSON.stringify(who({ more: "x".repeat(70_000) })))],
    ["does not answer", () => Promise.reject(new TypeError("network error"))],
    ["sends us elsewhere", () => Response.redirect("https://evil.example/", 302)],
  ])("signs in, without an address, where the PDS %s", async (_, answer) => {
    pdsSays(answer);
    const finished = await alice.finishes(alice.approves(await alice.begins("email")));
    expect(finished).toMatchObject({ ok: true, did: alice.did, scope: "atproto account:email" });
    expect(asked).toBe(1);
    expect(await alice.account.mailRecipient()).toBeUndefined();
  });

  it("of somebody else gives them no address", async () => {
    const params = network.approve(await alice.begins("email"), { sub: new Person(network).did });
    expect(await alice.finishes(params)).toMatchObject({ ok: false, code: "OtherAccount" });
    expect(asked).toBe(0);
  });
});

function who(change: Record<string, unknown>): Record<string, unknown> {
  return { did: alice.did, handle: "alice.test", email: address, emailConfirmed: true, ...change };
}

function session(change: Record<string, unknown>): Response {
  return Response.json(who(change));
}
