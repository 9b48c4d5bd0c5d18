import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Account } from "../../durable-objects/account.ts";
import { AccountNetwork, handleOf, newDid } from "./account-network.ts";

type AccountStub = DurableObjectStub<Account>;

const HERE = "hash-of-this-browsers-key";
const ELSEWHERE = "hash-of-another-browsers-key";
const WRITE = [{ action: "delete", collection: "social.schedule.meetingType", rkey: "3kabc" }] as const;

let network: AccountNetwork;
let alice: string;

beforeEach(() => {
  network = new AccountNetwork().listen();
  alice = newDid();
});

afterEach(() => {
  vi.restoreAllMocks();
});

function account(did = alice): AccountStub {
  return env.ACCOUNT.getByName(did);
}

async function begin(purpose: "book" | "publish" = "book", browserKeyHash = HERE): Promise<string> {
  const begun = await account().beginSignIn({ purpose, returnTo: "/book/alice", browserKeyHash });
  if (!begun.ok) throw new Error(begun.message);
  return begun.url;
}

const approve = (url: string, approval: { scope?: string; expiresIn?: number } = {}): string =>
  network.approve(url, { sub: alice, ...approval });

const finish = (params: string, browserKeyHash = HERE) => account().finishSignIn({ params, browserKeyHash });

async function signIn(
  purpose: "book" | "publish" = "book",
  approval: { scope?: string; expiresIn?: number } = {},
): Promise<void> {
  const finished = await finish(approve(await begin(purpose), approval));
  if (!finished.ok) throw new Error(finished.message);
}

/** Every value in every table, as text. */
async function everythingStored(): Promise<string> {
  return runInDurableObject(account(), (_instance, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
    const values = tables
      .toArray()
      .filter(({ name }) => !name.startsWith("_cf"))
      .flatMap(({ name }) => storage.sql.exec(`SELECT * FROM ${name}`).toArray())
      .flatMap((row) => Object.values(row));
    return values
      .map((value) =>
        value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value),
      )
      .join("\n");
  });
}

describe("a sign-in", () => {
  it("ends with who they are, where they were and what they allowed", async () => {
    expect(await finish(approve(await begin()))).toEqual({
      ok: true,
      did: alice,
      handle: handleOf(alice),
      returnTo: "/book/alice",
      scope: "atproto",
    });
  });

  it("asks a booker for their identity only, and a host for the three collections", async () => {
    await begin("book");
    await begin("publish");
    expect(network.asked).toEqual([
      "atproto",
      "atproto repo:social.schedule.availability repo:social.schedule.meetingType repo:social.schedule.profile",
    ]);
  });

  it("can be finished once", async () => {
    const params = approve(await begin());
    await finish(params);
    expect(await finish(params)).toMatchObject({ ok: false, code: "UnknownSignIn" });
  });

  it("can be finished once also when two callbacks come at the same time", async () => {
    const params = approve(await begin());
    const answers = await Promise.all([finish(params), finish(params), finish(params)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("cannot be finished in another browser, and such a try takes nothing from the right one", async () => {
    const params = approve(await begin());
    expect(await finish(params, ELSEWHERE)).toMatchObject({ ok: false, code: "UnknownSignIn" });
    expect(await finish(params, HERE)).toMatchObject({ ok: true });
  });

  it("cannot be finished without a state, or with one that never was", async () => {
    await begin();
    expect(await finish("?code=code-1")).toMatchObject({ ok: false, code: "UnknownSignIn" });
    expect(await finish("?code=code-1&state=made-up")).toMatchObject({ ok: false, code: "UnknownSignIn" });
  });

  it("cannot be finished after ten minutes", async () => {
    const params = approve(await begin());
    const later = Date.now() + 10 * 60_000 + 1;
    vi.spyOn(Date, "now").mockReturnValue(later);
    expect(await finish(params)).toMatchObject({ ok: false, code: "UnknownSignIn" });
  });

  it("that was not allowed says so and changes nothing", async () => {
    expect(await finish(network.deny(await begin()))).toMatchObject({ ok: false, code: "SignInDenied" });
    expect(await account().canPublish()).toBe(false);
  });

  it("as somebody else is refused, and their tokens are given back", async () => {
    const bob = newDid();
    const params = network.approve(await begin("publish"), { sub: bob });
    expect(await finish(params)).toMatchObject({ ok: false, code: "OtherAccount" });
    expect(network.revoked).toHaveLength(1);
    expect(await everythingStored()).toBe("");
    expect(await account(bob).canPublish()).toBe(false);
  });

  it("from another issuer than it began at is refused", async () => {
    const params = new URLSearchParams(approve(await begin()));
    params.set("iss", "https://mallory.example.com");
    expect(await finish(params.toString())).toMatchObject({ ok: false, code: "SignInFailed" });
  });

  it("cannot begin while the authorization server is down, and says so", async () => {
    network.answers.set("/oauth/par", () => new Response("oops", { status: 502 }));
    const begun = await account().beginSignIn({ purpose: "book", returnTo: "/", browserKeyHash: HERE });
    expect(begun).toMatchObject({ ok: false, code: "SignInUnavailable" });
  });

  it("leaves no token and no key readable in storage, begun or finished", async () => {
    const url = await begin("publish");
    const secrets = /access-token|refresh-token|verifier|"d"|dpop/i;
    expect(await everythingStored()).not.toMatch(secrets);
    await finish(approve(url));
    expect(await everythingStored()).toMatch(/repo:social\.schedule/);
    expect(await everythingStored()).not.toMatch(secrets);
  });
});

describe("what was allowed", () => {
  it("is read from the answer, not from what was asked", async () => {
    await signIn("publish", { scope: "atproto repo:social.schedule.profile" });
    expect(await account().canPublish()).toBe(false);
    expect(await account().writeRecords(WRITE)).toMatchObject({ ok: false, code: "ScopeRequired" });
    expect(network.writes).toHaveLength(0);
  });

  it("is not lost by signing in for less: the wider session stays and the new one is given back", async () => {
    await signIn("publish");
    const finished = await finish(approve(await begin("book")));
    expect(finished).toMatchObject({ ok: true, scope: network.asked[0] });
    expect(await account().canPublish()).toBe(true);
    expect(network.revoked).toHaveLength(1);
    expect(await account().writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("is lost when the wider session turns out to have ended: then the narrower one is kept", async () => {
    await signIn("publish");
    network.endSessions();
    const finished = await finish(approve(await begin("book")));
    expect(finished).toMatchObject({ ok: true, scope: "atproto" });
    expect(await account().canPublish()).toBe(false);
  });

  it("grows by signing in for more, and the older session is given back", async () => {
    await signIn("book");
    await signIn("publish");
    expect(await account().canPublish()).toBe(true);
    expect(network.revoked).toEqual(["access-token-4"]);
  });

  it("outlives the object's memory", async () => {
    await signIn("publish");
    await abortAllDurableObjects();
    expect(await account().writeRecords(WRITE)).toEqual({ ok: true });
  });
});

describe("writing records", () => {
  it("is one commit to their own repository", async () => {
    await signIn("publish");
    await account().writeRecords([
      { action: "create", collection: "social.schedule.profile", rkey: "self", value: { listed: true } },
      ...WRITE,
    ]);
    expect(network.writes.map((body) => JSON.parse(body))).toEqual([
      {
        repo: alice,
        writes: [
          {
            $type: "com.atproto.repo.applyWrites#create",
            collection: "social.schedule.profile",
            rkey: "self",
            value: { listed: true },
          },
          {
            $type: "com.atproto.repo.applyWrites#delete",
            collection: "social.schedule.meetingType",
            rkey: "3kabc",
          },
        ],
      },
    ]);
  });

  it("refreshes an expired token, one after another however many write at once, so that none is lost", async () => {
    await signIn("publish", { expiresIn: 1 });
    const results = await Promise.all(Array.from({ length: 5 }, () => account().writeRecords(WRITE)));
    expect(results).toEqual(Array.from({ length: 5 }, () => ({ ok: true })));
    expect(network.refreshes).toBeGreaterThan(0);
  });

  it("refreshes once for all who wait", async () => {
    await signIn("publish", { expiresIn: 3_600 });
    const later = Date.now() + 3_600_000;
    vi.spyOn(Date, "now").mockImplementation(() => later);
    await Promise.all(Array.from({ length: 5 }, () => account().writeRecords(WRITE)));
    expect(network.refreshes).toBe(1);
    expect(network.writes).toHaveLength(5);
  });

  it("without a sign-in asks for one", async () => {
    expect(await account().writeRecords(WRITE)).toMatchObject({ ok: false, code: "SignInRequired" });
  });

  it("while the authorization server is down is PdsUnreachable, and nobody is signed out", async () => {
    await signIn("publish", { expiresIn: 1 });
    network.answers.set("/oauth/token", () => new Response("", { status: 503 }));
    expect(await account().writeRecords(WRITE)).toMatchObject({ ok: false, code: "PdsUnreachable" });
    network.answers.delete("/oauth/token");
    expect(await account().writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("while nothing answers at all is PdsUnreachable, and nobody is signed out", async () => {
    await signIn("publish", { expiresIn: 1 });
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("network error"));
    expect(await account().writeRecords(WRITE)).toMatchObject({ ok: false, code: "PdsUnreachable" });
    network.listen();
    expect(await account().writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("after they ended the session at their PDS asks them to sign in", async () => {
    await signIn("publish", { expiresIn: 1 });
    network.endSessions();
    expect(await account().writeRecords(WRITE)).toMatchObject({ ok: false, code: "SignInRequired" });
    expect(await account().canPublish()).toBe(false);
  });

  const refusing = (status: number, body: object | string) => (): Response =>
    typeof body === "string" ? new Response(body, { status }) : Response.json(body, { status });

  it.each([
    ["ScopeRequired", refusing(403, { error: "ScopeMissingError", message: "Missing required scope" })],
    ["PdsRefused", refusing(403, { error: "AccountTakedown" })],
    ["PdsRefused", refusing(400, { error: "InvalidRequest", message: "<script>alert(1)</script>" })],
    ["PdsRefused", refusing(500, { error: "InternalServerError" })],
    ["PdsUnreachable", refusing(500, "<html>")],
    ["PdsUnreachable", refusing(502, { error: "UpstreamFailure" })],
    ["PdsUnreachable", refusing(429, { error: "RateLimitExceeded" })],
    ["PdsUnreachable", refusing(302, "")],
    ["SignInRequired", refusing(401, { error: "AuthMissing" })],
  ])("that the PDS refuses is %s, and never repeats what it wrote", async (code, answer) => {
    await signIn("publish");
    network.answers.set("/xrpc/com.atproto.repo.applyWrites", answer);
    const result = await account().writeRecords(WRITE);
    expect(result).toMatchObject({ ok: false, code });
    expect(JSON.stringify(result)).not.toContain("script");
  });
});

describe("signing out", () => {
  it("gives the tokens back and forgets them", async () => {
    await signIn("publish");
    await account().signOut();
    expect(network.revoked).toHaveLength(1);
    expect(await account().canPublish()).toBe(false);
    expect(await everythingStored()).toBe("");
  });

  it("forgets the tokens also while the authorization server is down", async () => {
    await signIn("publish");
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("network error"));
    await account().signOut();
    expect(await account().canPublish()).toBe(false);
  });
});

describe("a used service token", () => {
  it("is known afterwards, also to an object that was evicted", async () => {
    const now = Date.now();
    expect(await account().markTokenUsed("jti", now + 60_000, now)).toBe(true);
    expect(await account().markTokenUsed("jti", now + 60_000, now)).toBe(false);
    await abortAllDurableObjects();
    expect(await account().markTokenUsed("jti", now + 60_000, now)).toBe(false);
  });

  it("is marked by one of many at once", async () => {
    const now = Date.now();
    const marks = Array.from({ length: 20 }, () => account().markTokenUsed("jti", now + 60_000, now));
    expect((await Promise.all(marks)).filter(Boolean)).toHaveLength(1);
  });

  it("is forgotten when it has expired", async () => {
    const now = Date.now();
    await account().markTokenUsed("jti", now + 60_000, now);
    await account().markTokenUsed("other", now + 200_000, now + 61_000);
    expect(await everythingStored()).not.toContain("jti");
  });
});

describe("what is stored", () => {
  it("is nothing at all for somebody who was only asked about", async () => {
    await account().canPublish();
    await account().writeRecords(WRITE);
    await account().signOut();
    const stored = await runInDurableObject(account(), async (_instance, { storage }) => ({
      tables: storage.sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'oauth%'").toArray(),
      alarm: await storage.getAlarm(),
    }));
    expect(stored).toEqual({ tables: [], alarm: null });
  });

  it("is nothing any more some time after a sign-in that nobody finished", async () => {
    await begin();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 11 * 60_000);
    expect(await runDurableObjectAlarm(account())).toBe(true);
    const tables = await runInDurableObject(account(), (_instance, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'oauth%'").toArray(),
    );
    expect(tables).toEqual([]);
    await signIn();
  });

  it("stays after the clean-up while somebody is signed in", async () => {
    await signIn("publish");
    await runDurableObjectAlarm(account());
    expect(await account().canPublish()).toBe(true);
  });

  it("does not grow with sign-ins that nobody finishes", async () => {
    for (let begun = 0; begun < 105; begun += 1) await begin();
    const [{ count } = { count: 0 }] = await runInDurableObject(account(), (_instance, { storage }) =>
      storage.sql.exec<{ count: number }>("SELECT count(*) AS count FROM oauth_states").toArray(),
    );
    expect(count).toBe(100);
  });
});
