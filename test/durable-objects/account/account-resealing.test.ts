import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resealAccount, sessionOf } from "../../../durable-objects/account/account-secrets.ts";
import { AccountStorage } from "../../../durable-objects/account/account-storage.ts";
import { AccountNetwork } from "./account-network.ts";
import { Person } from "./account-person.ts";
import { haveKeys, keysInUse, sealerWith } from "../support/sealing-keys.ts";

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

describe("when the sealing key was rotated", () => {
  it("a session leaves the old key by being used, and is used without that key from then on", async () => {
    await alice.signsIn("publish");
    await haveKeys("both", alice.account);
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: true });
    expect(network.refreshes).toBe(0);
    expect(await keysInUse(alice.account)).toEqual(["next"]);
    await haveKeys("next", alice.account);
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: true });
  });

  it("resealing moves the session and sign-ins under way, and counts them; both are good without the old key", async () => {
    await alice.signsIn("publish");
    const params = alice.approves(await alice.begins("publish"));
    await haveKeys("both", alice.account);
    expect(await alice.account.resealSecrets()).toEqual({ did: alice.did, resealed: 2, current: 0, lost: 0 });
    expect(await keysInUse(alice.account)).toEqual(["next"]);
    expect(await alice.account.resealSecrets()).toMatchObject({ resealed: 0, current: 2, lost: 0 });
    await haveKeys("next", alice.account);
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: true });
    expect(await alice.finishes(params)).toMatchObject({ ok: true, did: alice.did });
  });

  it("what a key sealed that is gone is counted as lost, and opens when the key is back", async () => {
    await alice.signsIn("publish");
    await alice.begins();
    await haveKeys("next", alice.account);
    expect(await alice.account.resealSecrets()).toMatchObject({ resealed: 0, current: 0, lost: 2 });
    await haveKeys("both", alice.account);
    expect(await alice.account.resealSecrets()).toMatchObject({ resealed: 2, lost: 0 });
  });

  it("a sign-in that was never finished is none that is lost", async () => {
    await alice.begins();
    const now = Date.now() + 11 * 60_000;
    vi.spyOn(Date, "now").mockReturnValue(now);
    await haveKeys("next", alice.account);
    expect(await alice.account.resealSecrets()).toMatchObject({ resealed: 0, current: 0, lost: 0 });
  });
});

describe("an Account that is known by its id only", () => {
  it("says whose it is while somebody is signed in, and not any longer", async () => {
    await alice.signsIn();
    const id = alice.account.id.toString();
    const byId = () => env.ACCOUNT.get(env.ACCOUNT.idFromString(id));
    await abortAllDurableObjects();
    await haveKeys("both", byId());
    expect(await byId().resealSecrets()).toEqual({ did: alice.did, resealed: 1, current: 0, lost: 0 });
    await abortAllDurableObjects();
    await alice.account.signOut();
    await abortAllDurableObjects();
    expect(await byId().resealSecrets()).toEqual({ resealed: 0, current: 0, lost: 0 });
  });

  it("knows it also where the session is older than that knowledge", async () => {
    await alice.signsIn("publish");
    await runInDurableObject(alice.account, (_instance, { storage }) => {
      storage.sql.exec("DROP TABLE session_owner");
    });
    await abortAllDurableObjects();
    await haveKeys("both", alice.account);
    await alice.account.writeRecords(WRITE);
    const stored = await alice.everythingStored();
    expect(stored.split("\n")).toContain(alice.did);
  });
});

describe("while a session is sealed anew", () => {
  it("one that comes meanwhile is the one that is kept", async () => {
    const newer = JSON.stringify({ tokenSet: { scope: "atproto", refresh_token: "newer" } });
    await inItsStorage(async (storage) => {
      const store = sessionOf(secrets(storage));
      const slow = secrets(storage, () => store.set(alice.did, newer));
      await resealAccount(slow, Date.now());
      expect(await sessionOf({ ...slow, sealer: sealerWith("next") }).get(alice.did)).toBe(newer);
    });
  });

  it("one that was signed out of meanwhile does not come back", async () => {
    await inItsStorage(async (storage) => {
      const slow = secrets(storage, async () => storage.deleteSession());
      expect(await sessionOf(slow).get(alice.did)).toContain("access-token");
      expect(storage.session()).toBeUndefined();
    });
  });
});

/** In the Account of somebody who signed in under the old key. */
async function inItsStorage(work: (storage: AccountStorage) => Promise<void>): Promise<void> {
  await alice.signsIn("publish");
  await runInDurableObject(alice.account, (_instance, { storage }) => work(new AccountStorage(storage)));
}

function secrets(storage: AccountStorage, whenSealing?: () => Promise<void>) {
  return { did: alice.did, storage, sealer: sealerWith("both", whenSealing) };
}
