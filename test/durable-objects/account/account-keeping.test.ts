import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AccountNetwork } from "./account-network.ts";
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

describe("signing out", () => {
  it("gives the tokens back and forgets them", async () => {
    await alice.signsIn("publish");
    await alice.account.signOut();
    expect(network.revoked).toHaveLength(1);
    expect(await alice.account.canPublish()).toBe(false);
    expect(await alice.everythingStored()).toBe("");
  });

  it("forgets the tokens also while the authorization server is down", async () => {
    await alice.signsIn("publish");
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("network error"));
    await alice.account.signOut();
    expect(await alice.account.canPublish()).toBe(false);
  });
});

describe("a used service token", () => {
  it("is known afterwards, also to an object that was evicted", async () => {
    const now = Date.now();
    expect(await alice.account.markTokenUsed("jti", now + 60_000, now)).toBe(true);
    expect(await alice.account.markTokenUsed("jti", now + 60_000, now)).toBe(false);
    await abortAllDurableObjects();
    expect(await alice.account.markTokenUsed("jti", now + 60_000, now)).toBe(false);
  });

  it("is marked by one of many at once", async () => {
    const now = Date.now();
    const marks = Array.from({ length: 20 }, () => alice.account.markTokenUsed("jti", now + 60_000, now));
    expect((await Promise.all(marks)).filter(Boolean)).toHaveLength(1);
  });

  it("is forgotten when it has expired", async () => {
    const now = Date.now();
    await alice.account.markTokenUsed("jti", now + 60_000, now);
    await alice.account.markTokenUsed("other", now + 200_000, now + 61_000);
    expect(await alice.everythingStored()).not.toContain("jti");
  });
});

describe("what is stored", () => {
  it("is nothing at all for somebody who was only asked about", async () => {
    await alice.account.canPublish();
    await alice.account.writeRecords(WRITE);
    await alice.account.signOut();
    const stored = await runInDurableObject(alice.account, async (_instance, { storage }) => ({
      tables: storage.sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'oauth%'").toArray(),
      alarm: await storage.getAlarm(),
    }));
    expect(stored).toEqual({ tables: [], alarm: null });
  });

  it("is nothing any more some time after a sign-in that nobody finished", async () => {
    await alice.begins();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 11 * 60_000);
    expect(await runDurableObjectAlarm(alice.account)).toBe(true);
    const tables = await runInDurableObject(alice.account, (_instance, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'oauth%'").toArray(),
    );
    expect(tables).toEqual([]);
    await alice.signsIn();
  });

  it("stays after the clean-up while somebody is signed in", async () => {
    await alice.signsIn("publish");
    await runDurableObjectAlarm(alice.account);
    expect(await alice.account.canPublish()).toBe(true);
  });

  it("does not grow with sign-ins that nobody finishes", async () => {
    for (let begun = 0; begun < 105; begun += 1) await alice.begins();
    const [{ count } = { count: 0 }] = await runInDurableObject(alice.account, (_instance, { storage }) =>
      storage.sql.exec<{ count: number }>("SELECT count(*) AS count FROM oauth_states").toArray(),
    );
    expect(count).toBe(100);
  });
});
