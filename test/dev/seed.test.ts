import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { xrpc } from "../../dev/account.ts";
import { startNetwork } from "../../dev/network.ts";
import type { Network } from "../../dev/network.ts";
import { seed, seededPeople } from "../../dev/seed.ts";

const COLLECTIONS = ["profile", "availability", "meetingType"].map((name) => `social.schedule.${name}`);

describe("the people of a local run", () => {
  let network: Network;

  beforeAll(async () => {
    network = await startNetwork();
    await seed(network, "did:web:localhost%3A1", Date.now());
  }, 30_000);
  afterAll(() => network?.stop());

  async function everything(): Promise<unknown> {
    const people = await Promise.all(
      seededPeople.map(({ handle }) =>
        xrpc(network.pdsUrl, "com.atproto.identity.resolveHandle", { query: { handle } }),
      ),
    );
    const records = await Promise.all(COLLECTIONS.map((collection) => list(collection)));
    return { people, records };
  }

  const list = (collection: string) =>
    xrpc(network.pdsUrl, "com.atproto.repo.listRecords", { query: { repo: "alice.test", collection } });

  it("are made once: a second start changes no account and no record", async () => {
    const before = await everything();
    expect(JSON.stringify(before)).toContain("did:web:localhost%3A1");
    await seed(network, "did:web:localhost%3A1", Date.now() + 1_000);
    expect(await everything()).toEqual(before);
  });

  it("keep what the host has changed, and follow the broker to another port", async () => {
    const { did, accessJwt } = await network.signIn(seededPeople[0].handle, seededPeople[0].password);
    await xrpc(network.pdsUrl, "com.atproto.repo.deleteRecord", {
      accessJwt,
      body: { repo: did, collection: "social.schedule.meetingType", rkey: "3mconsulting2" },
    });
    const meetingTypes = await list("social.schedule.meetingType");
    await seed(network, "did:web:localhost%3A2", Date.now());
    expect(await list("social.schedule.meetingType")).toEqual(meetingTypes);
    const { records } = await list("social.schedule.profile");
    expect(records).toMatchObject([{ value: { broker: "did:web:localhost%3A2", listed: true } }]);
  });
});
