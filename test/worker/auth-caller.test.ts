import { env } from "cloudflare:workers";
import { Secp256k1Keypair } from "@atproto/crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { identifyCaller, requireCaller } from "../../worker/caller.ts";
import { startWebSession } from "../../worker/web-session.ts";
import { handleOf, newDid } from "../durable-objects/account/account-network.ts";

const LXM = "social.schedule.requestBooking";
const URL_HERE = `${env.PUBLIC_URL}/api/bookings`;

let alice: string;
let keypair: Secp256k1Keypair;

beforeAll(async () => {
  keypair = await Secp256k1Keypair.create();
});

beforeEach(() => {
  alice = newDid();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.pathname.startsWith("/xrpc/")
      ? Response.json({ did: alice })
      : Response.json({
          id: alice,
          alsoKnownAs: [`at://${handleOf(alice)}`],
          verificationMethod: [
            {
              id: `${alice}#atproto`,
              type: "Multikey",
              controller: alice,
              publicKeyMultibase: keypair.did().slice("did:key:".length),
            },
          ],
          service: [
            {
              id: "#atproto_pds",
              type: "AtprotoPersonalDataServer",
              serviceEndpoint: env.HANDLE_RESOLVER_URL,
            },
          ],
        });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function token(claims: object = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + 60;
  const payload = { iss: alice, aud: env.BROKER_DID, lxm: LXM, exp, jti: crypto.randomUUID(), ...claims };
  const signed = [{ typ: "JWT", alg: "ES256K" }, payload]
    .map((part) => base64Url(JSON.stringify(part)))
    .join(".");
  const signature = await keypair.sign(new TextEncoder().encode(signed));
  return `${signed}.${base64Url(String.fromCharCode(...signature))}`;
}

const base64Url = (binary: string): string =>
  btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const call = (headers: HeadersInit, method = "POST"): Request => new Request(URL_HERE, { method, headers });

async function cookie(): Promise<string> {
  const setCookie = await startWebSession(env, { did: alice, handle: "alice.test" }, Date.now());
  return setCookie.split(";")[0] ?? "";
}

describe("a call with a cookie", () => {
  it("of our own pages acts for who is signed in", async () => {
    for (const origin of [env.PUBLIC_URL, new URL(URL_HERE).origin]) {
      const caller = await identifyCaller(call({ cookie: await cookie(), origin }), env, LXM, Date.now());
      expect(caller).toEqual({ did: alice, handle: "alice.test", via: "cookie" });
    }
  });

  it("that only reads needs no Origin", async () => {
    const caller = await identifyCaller(call({ cookie: await cookie() }, "GET"), env, LXM, Date.now());
    expect(caller).toMatchObject({ did: alice });
  });

  it.each([
    ["https://evil.example"],
    ["null"],
    ["http://localhost:8787"],
    ["http://127.0.0.1:9999"],
    ["http://127.0.0.1:8787.evil.example"],
    [undefined],
  ])("that changes something and comes from %s is refused", async (origin) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const request = call({ cookie: await cookie(), ...(origin && { origin }) }, method);
      const answer = await requireCaller(request, env, LXM, Date.now());
      if (!(answer instanceof Response)) throw new Error("let through");
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ error: "CrossSiteRequest" });
    }
  });

  it("that nobody is signed in with is nobody's", async () => {
    expect(await identifyCaller(call({ cookie: "__Host-session=x" }), env, LXM, Date.now())).toBeUndefined();
    const answer = await requireCaller(call({}), env, LXM, Date.now());
    if (!(answer instanceof Response)) throw new Error("let through");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await answer.json()).toMatchObject({ error: "SignInRequired" });
  });
});

describe("a call with a service-auth token", () => {
  it("acts for its issuer, without cookie and Origin, under their verified handle", async () => {
    const request = call({
      authorization: `Bearer ${await token()}`,
      origin: "https://other-client.example",
    });
    expect(await identifyCaller(request, env, LXM, Date.now())).toEqual({
      did: alice,
      handle: handleOf(alice),
      via: "bearer",
    });
  });

  it("is checked against the key of now, also when an older one is remembered", async () => {
    const before = `Bearer ${await token()}`;
    expect(await identifyCaller(call({ authorization: before }), env, LXM, Date.now())).toMatchObject({
      did: alice,
    });
    keypair = await Secp256k1Keypair.create();
    const after = `Bearer ${await token()}`;
    expect(await identifyCaller(call({ authorization: after }), env, LXM, Date.now())).toMatchObject({
      did: alice,
    });
  });

  it("works once", async () => {
    const authorization = `Bearer ${await token()}`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => identifyCaller(call({ authorization }), env, LXM, Date.now())),
    );
    expect(answers.filter((answer) => answer && "did" in answer)).toHaveLength(1);
  });

  it.each([
    ["for another operation", async () => `Bearer ${await token({ lxm: "social.schedule.cancelBooking" })}`],
    ["for another service", async () => `Bearer ${await token({ aud: "did:web:elsewhere.example" })}`],
    ["that has expired", async () => `Bearer ${await token({ exp: 1 })}`],
    ["that is none", async () => "Bearer abc"],
    ["that is missing", async () => "Bearer"],
    ["of another scheme", async () => "Basic YWxpY2U6cGFzcw=="],
  ])("%s is 401 and does not fall back to the cookie", async (_what, authorization) => {
    const request = call({
      authorization: await authorization(),
      cookie: await cookie(),
      origin: env.PUBLIC_URL,
    });
    const answer = await requireCaller(request, env, LXM, Date.now());
    if (!(answer instanceof Response)) throw new Error("let through");
    expect(answer.status).toBe(401);
    const body = await answer.json<{ error: string; message: string }>();
    expect(Object.keys(body)).toEqual(["error", "message"]);
    expect(body.error).toBe("InvalidToken");
    expect(body.message).toMatch(/\.$/);
  });
});
