import { afterEach, describe, expect, it } from "vitest";

import { createIdentityCache, createIdentityResolver } from "../../../adapters/atproto/identity.ts";
import type { IdentityResolver } from "../../../adapters/atproto/identity.ts";
import { createSafeFetch } from "../../../adapters/atproto/safe-fetch.ts";
import type { SafeFetch } from "../../../adapters/atproto/safe-fetch.ts";
import { sendJson, startServer } from "./loopback-server.ts";

const ALICE = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
const MALLORY = "did:plc:mmmmmmmmmmmmmmmmmmmmmmmm";
const PDS = "https://pds.example.com";

function documentOf(did: string, handle: string, pds = PDS): Record<string, unknown> {
  return {
    id: did,
    alsoKnownAs: [`at://${handle}`],
    service: [{ id: "#atproto_pds", type: "AtprotoPersonalDataServer", serviceEndpoint: pds }],
  };
}

/** An internet of canned answers by address; an Error is an address that does not answer. */
function internetOf(answers: Record<string, unknown>): SafeFetch & { asked: string[] } {
  const asked: string[] = [];
  const respond: SafeFetch = async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(url);
    const answer = answers[url];
    if (answer instanceof Error) {
      throw answer;
    }
    if (answer instanceof Response) {
      return answer.clone();
    }
    return answer === undefined ? Response.json({}, { status: 404 }) : Response.json(answer);
  };
  return Object.assign(respond, { asked });
}

function dns(handle: string): string {
  return `https://cloudflare-dns.com/dns-query?type=TXT&name=_atproto.${handle}`;
}

function txt(...lines: string[]): Record<string, unknown> {
  return { Status: 0, Answer: lines.map((line) => ({ name: "x", type: 16, TTL: 60, data: `"${line}"` })) };
}

const NO_TXT = { Status: 3 };

function resolverOn(
  fetch: SafeFetch,
  options: { now?: () => number; resolver?: string } = {},
): IdentityResolver {
  return createIdentityResolver({
    plcUrl: "https://plc.example.com",
    handleResolverUrl: options.resolver ?? "",
    allowLoopback: false,
    fetch,
    cache: createIdentityCache(),
    clock: options.now ?? (() => 0),
  });
}

describe("a handle", () => {
  it("is found in DNS and believed when the DID points back", async () => {
    const identities = resolverOn(
      internetOf({
        [dns("alice.example.com")]: txt("v=spf1", `did=${ALICE}`),
        [`https://plc.example.com/${ALICE}`]: documentOf(ALICE, "alice.example.com"),
      }),
    );
    const identity = { did: ALICE, handle: "alice.example.com", pdsUrl: PDS };
    expect(await identities.resolveActor("alice.example.com")).toEqual({ ok: true, value: identity });
    expect(await identities.resolveActor("@Alice.Example.COM")).toEqual({ ok: true, value: identity });
  });

  it("is found at /.well-known when DNS has none", async () => {
    const identities = resolverOn(
      internetOf({
        [dns("alice.example.com")]: NO_TXT,
        "https://alice.example.com/.well-known/atproto-did": new Response(`${ALICE}\n`),
        [`https://plc.example.com/${ALICE}`]: documentOf(ALICE, "alice.example.com"),
      }),
    );
    expect(await identities.resolveActor("alice.example.com")).toMatchObject({
      ok: true,
      value: { did: ALICE },
    });
  });

  it("is refused when the DID goes by another name", async () => {
    const identities = resolverOn(
      internetOf({
        [dns("bank.example.com")]: txt(`did=${MALLORY}`),
        [`https://plc.example.com/${MALLORY}`]: documentOf(MALLORY, "mallory.example.com"),
      }),
    );
    expect(await identities.resolveActor("bank.example.com")).toMatchObject({
      ok: false,
      refusal: { code: "HostNotFound", why: expect.stringContaining("another name") },
    });
  });

  it.each([
    ["nobody has it", { [dns("alice.example.com")]: NO_TXT }, "HostNotFound"],
    [
      "two DIDs claim it",
      { [dns("alice.example.com")]: txt(`did=${ALICE}`, `did=${MALLORY}`) },
      "HostNotFound",
    ],
    ["DNS says something that is no DID", { [dns("alice.example.com")]: txt("did=x") }, "HostNotFound"],
    ["DNS is down", { [dns("alice.example.com")]: new Error("down") }, "HostUnreachable"],
    [
      "the directory does not know the DID",
      { [dns("alice.example.com")]: txt(`did=${ALICE}`) },
      "HostNotFound",
    ],
  ])("is refused when %s", async (_, answers, code) => {
    const refusal = await resolverOn(internetOf(answers)).resolveActor("alice.example.com");
    expect(refusal).toMatchObject({ ok: false, refusal: { code } });
  });

  it.each([
    ["nothing", ""],
    ["one label", "alice"],
    ["an underscore", "alice_b.example.com"],
    ["a path upwards", "../../etc"],
    ["a path", "alice.example.com/x"],
    ["far too much", "a".repeat(10_000)],
    ["a direction override", "alice.\u202Ecom"],
  ])("that is %s is refused without asking anybody", async (_, typed) => {
    const internet = internetOf({});
    const refusal = await resolverOn(internet).resolveActor(typed);
    expect(refusal).toMatchObject({ ok: false, refusal: { code: "HostNotFound" } });
    expect(internet.asked).toEqual([]);
    expect(JSON.stringify(refusal).length).toBeLessThan(400);
  });

  it("never makes us call a name that is not public", async () => {
    const inside = await startServer((_, response) => response.end(ALICE));
    const called: string[] = [];
    const fetch = createSafeFetch({
      allowLoopback: false,
      fetch: async (input) => {
        called.push(new Request(input).url);
        return Response.json(NO_TXT, { headers: { "content-type": "application/dns-json" } });
      },
    });
    expect(await resolverOn(fetch).resolveActor("db.prod.internal")).toMatchObject({
      refusal: { code: "HostNotFound" },
    });
    expect(called).toEqual([dns("db.prod.internal")]);
    await inside.stop();
  });

  it("is asked of the configured server when there is one", async () => {
    const server = "https://resolver.example.com";
    const ask = `${server}/xrpc/com.atproto.identity.resolveHandle?handle=`;
    const unable = Response.json(
      { error: "InvalidRequest", message: "Unable to resolve handle" },
      { status: 400 },
    );
    const internet = internetOf({
      [`${ask}alice.test`]: { did: ALICE },
      [`${ask}bob.test`]: unable,
      [`${ask}carol.test`]: new Error("down"),
      [`${ask}dora.test`]: Response.json({ error: "HandleNotFound", message: "…" }, { status: 400 }),
      [`${ask}eve.test`]: { did: "did:key:zQ3sh" },
      [`${ask}finn.test`]: Response.json({ error: "RateLimitExceeded" }, { status: 429 }),
      [`https://plc.example.com/${ALICE}`]: documentOf(ALICE, "alice.test"),
    });
    const identities = resolverOn(internet, { resolver: server });
    expect(await identities.resolveActor("alice.test")).toMatchObject({ ok: true, value: { did: ALICE } });
    expect(await identities.resolveActor("bob.test")).toMatchObject({ refusal: { code: "HostNotFound" } });
    expect(await identities.resolveActor("dora.test")).toMatchObject({ refusal: { code: "HostNotFound" } });
    for (const handle of ["carol.test", "eve.test", "finn.test"]) {
      expect(await identities.resolveActor(handle)).toMatchObject({ refusal: { code: "HostUnreachable" } });
    }
  });
});

describe("a DID", () => {
  it("has no handle when the handle does not point back, or cannot be asked", async () => {
    const of = (answer: unknown): Promise<unknown> =>
      resolverOn(
        internetOf({
          [dns("bank.example.com")]: answer,
          [`https://plc.example.com/${MALLORY}`]: documentOf(MALLORY, "bank.example.com"),
        }),
      ).resolveActor(MALLORY);
    const nameless = { ok: true, value: { did: MALLORY, handle: "handle.invalid", pdsUrl: PDS } };
    expect(await of(txt(`did=${ALICE}`))).toEqual(nameless);
    expect(await of(new Error("down"))).toEqual(nameless);
    expect(await of(txt(`did=${MALLORY}`))).toMatchObject({ value: { handle: "bank.example.com" } });
  });

  it("of a did:web is read from its own host", async () => {
    const did = "did:web:alice.example.com";
    const identities = resolverOn(
      internetOf({
        "https://alice.example.com/.well-known/did.json": documentOf(did, "alice.example.com"),
        [dns("alice.example.com")]: txt(`did=${did}`),
      }),
    );
    expect(await identities.resolveActor(did)).toMatchObject({ ok: true, value: { did } });
  });

  it("of a did:web on loopback or a private name is refused without a call, even in local runs", async () => {
    const internet = internetOf({});
    const identities = createIdentityResolver({
      plcUrl: "http://localhost:2582",
      handleResolverUrl: "",
      allowLoopback: true,
      fetch: internet,
      cache: createIdentityCache(),
    });
    for (const did of ["did:web:localhost%3A2583", "did:web:127.0.0.1", "did:web:pds.internal"]) {
      expect(await identities.resolveDid(did)).toMatchObject({ refusal: { code: "HostNotFound" } });
    }
    expect(internet.asked).toEqual([]);
  });

  it.each([
    ["unknown", Response.json({}, { status: 404 }), "HostNotFound"],
    ["tombstoned", Response.json({}, { status: 410 }), "HostNotFound"],
    ["answered with an error", Response.json({}, { status: 500 }), "HostUnreachable"],
    ["not answered", new Error("down"), "HostUnreachable"],
    ["answered with a page", new Response("<html>"), "HostUnreachable"],
    ["answered at too great length", new Response(`"${"x".repeat(70_000)}"`), "HostUnreachable"],
    ["answered about somebody else", documentOf(MALLORY, "alice.example.com"), "HostNotFound"],
    ["without a PDS", { id: ALICE }, "HostNotFound"],
    [
      "with a PDS on a private address",
      documentOf(ALICE, "alice.example.com", "https://10.0.0.1"),
      "HostNotFound",
    ],
  ])("that is %s is refused", async (_, answer, code) => {
    const identities = resolverOn(internetOf({ [`https://plc.example.com/${ALICE}`]: answer }));
    expect(await identities.resolveDid(ALICE)).toMatchObject({ ok: false, refusal: { code } });
  });
});

describe("the memory", () => {
  const answers = {
    [dns("alice.example.com")]: txt(`did=${ALICE}`),
    [`https://plc.example.com/${ALICE}`]: documentOf(ALICE, "alice.example.com"),
  };

  it("lasts for a minute", async () => {
    let now = 0;
    const internet = internetOf(answers);
    const identities = resolverOn(internet, { now: () => now });
    await identities.resolveActor("alice.example.com");
    const once = internet.asked.length;
    now = 59_999;
    await identities.resolveActor("alice.example.com");
    expect(internet.asked).toHaveLength(once);
    now = 60_000;
    await identities.resolveActor("alice.example.com");
    expect(internet.asked).toHaveLength(2 * once);
  });

  it("is passed by for whoever needs the document fresh", async () => {
    const internet = internetOf(answers);
    const identities = resolverOn(internet);
    await identities.didDocument(ALICE);
    await identities.didDocument(ALICE);
    expect(internet.asked).toHaveLength(1);
    await identities.didDocument(ALICE, { fresh: true });
    expect(internet.asked).toHaveLength(2);
  });

  it("does not keep failures", async () => {
    const failing: Record<string, unknown> = { [`https://plc.example.com/${ALICE}`]: new Error("down") };
    const identities = resolverOn(internetOf(failing));
    expect(await identities.didDocument(ALICE)).toMatchObject({ ok: false });
    failing[`https://plc.example.com/${ALICE}`] = documentOf(ALICE, "alice.example.com");
    expect(await identities.didDocument(ALICE)).toMatchObject({ ok: true });
  });
});

describe("over a real connection", () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());

  it("resolves through a directory and a resolver on loopback", async () => {
    const server = await startServer((request, response) => {
      const isHandle = request.url?.startsWith("/xrpc/com.atproto.identity.resolveHandle?handle=alice.test");
      sendJson(
        response,
        isHandle ? { did: ALICE } : documentOf(ALICE, "alice.test", "http://localhost:2583"),
      );
    });
    stop = () => server.stop();
    const identities = createIdentityResolver({
      plcUrl: server.url,
      handleResolverUrl: server.url,
      allowLoopback: true,
      cache: createIdentityCache(),
    });
    const identity = { did: ALICE, handle: "alice.test", pdsUrl: "http://localhost:2583" };
    expect(await identities.resolveActor("alice.test")).toEqual({ ok: true, value: identity });
  });
});
