import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AccountNetwork, handleOf, newDid } from "./account-network.ts";
import { Person } from "./account-person.ts";

const WRITE = [{ action: "delete", collection: "social.schedule.meetingType", rkey: "3kabc" }] as const;

let network: AccountNetwork;
let alice: Person;

beforeEach(() => {
  network = new AccountNetwork().listen();
  alice = new Person(network);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a sign-in", () => {
  it("ends with who they are, where they were and what they allowed", async () => {
    expect(await alice.finishes(alice.approves(await alice.begins()))).toEqual({
      ok: true,
      did: alice.did,
      handle: handleOf(alice.did),
      returnTo: "/book/alice",
      scope: "atproto",
    });
  });

  it("asks a booker for their identity only, and a host for the three collections", async () => {
    await alice.begins("book");
    await alice.begins("publish");
    expect(network.asked).toEqual([
      "atproto",
      "atproto repo:social.schedule.availability repo:social.schedule.meetingType repo:social.schedule.profile",
    ]);
  });

  it("can be finished once", async () => {
    const params = alice.approves(await alice.begins());
    await alice.finishes(params);
    expect(await alice.finishes(params)).toMatchObject({ ok: false, code: "UnknownSignIn" });
  });

  it("can be finished once also when two callbacks come at the same time", async () => {
    const params = alice.approves(await alice.begins());
    const answers = await Promise.all([
      alice.finishes(params),
      alice.finishes(params),
      alice.finishes(params),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("cannot be finished in another browser, and such a try takes nothing from the right one", async () => {
    const params = alice.approves(await alice.begins());
    expect(await alice.finishes(params, "hash-of-another-browsers-key")).toMatchObject({
      ok: false,
      code: "UnknownSignIn",
    });
    expect(await alice.finishes(params)).toMatchObject({ ok: true });
  });

  it("cannot be finished without a state, or with one that never was", async () => {
    await alice.begins();
    expect(await alice.finishes("?code=code-1")).toMatchObject({ ok: false, code: "UnknownSignIn" });
    expect(await alice.finishes("?code=code-1&state=made-up")).toMatchObject({
      ok: false,
      code: "UnknownSignIn",
    });
  });

  it("cannot be finished after ten minutes", async () => {
    const params = alice.approves(await alice.begins());
    const later = Date.now() + 10 * 60_000 + 1;
    vi.spyOn(Date, "now").mockReturnValue(later);
    expect(await alice.finishes(params)).toMatchObject({ ok: false, code: "UnknownSignIn" });
  });

  it("that was not allowed says so and changes nothing", async () => {
    expect(await alice.finishes(network.deny(await alice.begins()))).toMatchObject({
      ok: false,
      code: "SignInDenied",
    });
    expect(await alice.account.canPublish()).toBe(false);
  });

  it("as somebody else is refused, and their tokens are given back", async () => {
    const bob = newDid();
    const params = network.approve(await alice.begins("publish"), { sub: bob });
    expect(await alice.finishes(params)).toMatchObject({ ok: false, code: "OtherAccount" });
    expect(network.revoked).toHaveLength(1);
    expect(await alice.everythingStored()).toBe("");
    expect(await env.ACCOUNT.getByName(bob).canPublish()).toBe(false);
  });

  it("from another issuer than it began at is refused", async () => {
    const params = new URLSearchParams(alice.approves(await alice.begins()));
    params.set("iss", "https://mallory.example.com");
    expect(await alice.finishes(params.toString())).toMatchObject({ ok: false, code: "SignInFailed" });
  });

  it("cannot begin while the authorization server is down, and says so", async () => {
    network.answers.set("/oauth/par", () => new Response("oops", { status: 502 }));
    const begun = await alice.account.beginSignIn({
      purpose: "book",
      returnTo: "/",
      browserKeyHash: "a-hash",
    });
    expect(begun).toMatchObject({ ok: false, code: "SignInUnavailable" });
  });

  it("leaves no token and no key readable in storage, begun or finished", async () => {
    const url = await alice.begins("publish");
    const secrets = /access-token|refresh-token|verifier|"d"|dpop/i;
    expect(await alice.everythingStored()).not.toMatch(secrets);
    await alice.finishes(alice.approves(url));
    expect(await alice.everythingStored()).toMatch(/repo:social\.schedule/);
    expect(await alice.everythingStored()).not.toMatch(secrets);
  });
});

describe("what was allowed", () => {
  it("is read from the answer, not from what was asked", async () => {
    await alice.signsIn("publish", { scope: "atproto repo:social.schedule.profile" });
    expect(await alice.account.canPublish()).toBe(false);
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: false, code: "ScopeRequired" });
    expect(network.writes).toHaveLength(0);
  });

  it("is not lost by signing in for less: the wider session stays and the new one is given back", async () => {
    await alice.signsIn("publish");
    const finished = await alice.finishes(alice.approves(await alice.begins("book")));
    expect(finished).toMatchObject({ ok: true, scope: network.asked[0] });
    expect(await alice.account.canPublish()).toBe(true);
    expect(network.revoked).toHaveLength(1);
    expect(await alice.account.writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("is lost when the wider session turns out to have ended: then the narrower one is kept", async () => {
    await alice.signsIn("publish");
    network.endSessions();
    const finished = await alice.finishes(alice.approves(await alice.begins("book")));
    expect(finished).toMatchObject({ ok: true, scope: "atproto" });
    expect(await alice.account.canPublish()).toBe(false);
  });

  it("grows by signing in for more, and the older session is given back", async () => {
    await alice.signsIn("book");
    await alice.signsIn("publish");
    expect(await alice.account.canPublish()).toBe(true);
    expect(network.revoked).toEqual(["access-token-4"]);
  });

  it("outlives the object's memory", async () => {
    await alice.signsIn("publish");
    await abortAllDurableObjects();
    expect(await alice.account.writeRecords(WRITE)).toEqual({ ok: true });
  });
});
