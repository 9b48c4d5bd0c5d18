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

describe("writing records", () => {
  it("is one commit to their own repository", async () => {
    await alice.signsIn("publish");
    await alice.account.writeRecords([
      { action: "create", collection: "social.schedule.profile", rkey: "self", value: { listed: true } },
      ...WRITE,
    ]);
    expect(network.writes.map((body) => JSON.parse(body))).toEqual([
      {
        repo: alice.did,
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
    await alice.signsIn("publish", { expiresIn: 1 });
    const results = await Promise.all(Array.from({ length: 5 }, () => alice.account.writeRecords(WRITE)));
    expect(results).toEqual(Array.from({ length: 5 }, () => ({ ok: true })));
    expect(network.refreshes).toBeGreaterThan(0);
  });

  it("refreshes once for all who wait", async () => {
    await alice.signsIn("publish", { expiresIn: 3_600 });
    const later = Date.now() + 3_600_000;
    vi.spyOn(Date, "now").mockImplementation(() => later);
    await Promise.all(Array.from({ length: 5 }, () => alice.account.writeRecords(WRITE)));
    expect(network.refreshes).toBe(1);
    expect(network.writes).toHaveLength(5);
  });

  it("without a sign-in asks for one", async () => {
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: false, code: "SignInRequired" });
  });

  it("while the authorization server is down is PdsUnreachable, and nobody is signed out", async () => {
    await alice.signsIn("publish", { expiresIn: 1 });
    network.answers.set("/oauth/token", () => new Response("", { status: 503 }));
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: false, code: "PdsUnreachable" });
    network.answers.delete("/oauth/token");
    expect(await alice.account.writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("while nothing answers at all is PdsUnreachable, and nobody is signed out", async () => {
    await alice.signsIn("publish", { expiresIn: 1 });
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("network error"));
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: false, code: "PdsUnreachable" });
    network.listen();
    expect(await alice.account.writeRecords(WRITE)).toEqual({ ok: true });
  });

  it("after they ended the session at their PDS asks them to sign in", async () => {
    await alice.signsIn("publish", { expiresIn: 1 });
    network.endSessions();
    expect(await alice.account.writeRecords(WRITE)).toMatchObject({ ok: false, code: "SignInRequired" });
    expect(await alice.account.canPublish()).toBe(false);
  });

  const refusing = (status: number, body: object | string) => (): Response =>
    typeof body === "string" ? new Response(body, { status }) : Response.json(body, { status });

  it.each([
    ["ScopeRequired", refusing(403, { error: "ScopeMissingError", message: "Missing required scope" })],
    ["PdsRefused", refusing(403, { error: "AccountTakedown" })],
    ["PdsRefused", refusing(400, { error: "InvalidRequest", message: "<script>alert(1)</script>" })],
    ["PdsRefused", refusing(400, { error: "<script>alert(1)</script>" })],
    ["PdsRefused", refusing(500, { error: "InternalServerError" })],
    ["PdsUnreachable", refusing(500, "<html>")],
    ["PdsUnreachable", refusing(502, { error: "UpstreamFailure" })],
    ["PdsUnreachable", refusing(429, { error: "RateLimitExceeded" })],
    ["PdsUnreachable", refusing(302, "")],
    ["SignInRequired", refusing(401, { error: "AuthMissing" })],
  ])("that the PDS refuses is %s, and never repeats what it wrote", async (code, answer) => {
    await alice.signsIn("publish");
    network.answers.set("/xrpc/com.atproto.repo.applyWrites", answer);
    const result = await alice.account.writeRecords(WRITE);
    expect(result).toMatchObject({ ok: false, code });
    expect(JSON.stringify(result)).not.toContain("script");
  });
});
