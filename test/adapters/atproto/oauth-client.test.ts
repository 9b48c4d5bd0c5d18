import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createOAuthCaches, createOAuthClient } from "../../../adapters/atproto/oauth-client.ts";
import type { SecretStore } from "../../../adapters/atproto/oauth-client.ts";
import { publicJwks } from "../../../adapters/atproto/oauth-client-metadata.ts";
import { privateJwks } from "./oauth-keys.ts";

const BROKER = "https://cal.example.com";
const PDS = "https://pds.example.net";
const PLC = "https://plc.example.net";

let did: string;
let sent: { url: string; redirect: string; dpop: string | null; form: URLSearchParams }[];
let answers: Record<string, () => Response>;

beforeEach(() => {
  // Identities are cached for a minute, so nobody is met twice.
  did = `did:plc:${crypto
    .randomUUID()
    .replaceAll(/[-0189]/g, "a")
    .slice(0, 24)}`;
  sent = [];
  answers = {
    [`${PLC}/${did}`]: () => Response.json(documentWith(PDS)),
    [`${PDS}/.well-known/oauth-protected-resource`]: () =>
      Response.json({ resource: PDS, authorization_servers: [PDS] }),
    [`${PDS}/.well-known/oauth-authorization-server`]: () => Response.json(SERVER_METADATA),
    [`${PDS}/oauth/par`]: () => Response.json({ request_uri: "urn:x:1", expires_in: 60 }, { status: 201 }),
  };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const form = new URLSearchParams(await request.text());
    sent.push({ url: request.url, redirect: request.redirect, dpop: request.headers.get("dpop"), form });
    return answers[request.url]?.() ?? Response.json({}, { status: 404 });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const documentWith = (pds: string): object => ({
  id: did,
  alsoKnownAs: [],
  service: [{ id: "#atproto_pds", type: "AtprotoPersonalDataServer", serviceEndpoint: pds }],
});

const SERVER_METADATA = {
  issuer: PDS,
  authorization_endpoint: `${PDS}/oauth/authorize`,
  token_endpoint: `${PDS}/oauth/token`,
  pushed_authorization_request_endpoint: `${PDS}/oauth/par`,
  require_pushed_authorization_requests: true,
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
  token_endpoint_auth_signing_alg_values_supported: ["ES256"],
  dpop_signing_alg_values_supported: ["ES256K", "ES256"],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: true,
};

function memory(): SecretStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (key) => texts.get(key),
    set: async (key, text) => void texts.set(key, text),
    delete: async (key) => void texts.delete(key),
  };
}

async function clientFor(jwks: string | undefined, allowLoopback = false) {
  const states = memory();
  const client = await createOAuthClient({
    settings: { publicUrl: BROKER, privateJwks: jwks, plcUrl: PLC, handleResolverUrl: PDS, allowLoopback },
    did,
    states,
    sessions: memory(),
    lock: async (task) => task(),
    caches: createOAuthCaches(),
  });
  return { client, states };
}

describe("beginning a sign-in", () => {
  it("pushes the request with PKCE and an ES256 DPoP proof, and keeps the verifier to itself", async () => {
    const { client, states } = await clientFor(undefined);
    const url = await client.authorize(did, { scope: "atproto", state: "/back" });
    expect(url.origin).toBe(PDS);
    expect([...url.searchParams.keys()].toSorted()).toEqual(["client_id", "request_uri"]);

    const { form, dpop } = sent.at(-1) ?? {};
    expect(form?.get("scope")).toBe("atproto");
    expect(form?.get("code_challenge_method")).toBe("S256");
    expect(form?.get("redirect_uri")).toBe(`${BROKER}/api/auth/callback`);
    expect(decodeProtectedHeader(dpop ?? "")).toMatchObject({ typ: "dpop+jwt", alg: "ES256" });
    const [[state, kept] = ["", ""]] = states.texts;
    expect(form?.get("state")).toBe(state);
    expect(form?.toString()).not.toContain(JSON.parse(kept).verifier);
  });

  it("proves with a signed assertion who we are, when we have keys", async () => {
    const jwks = await privateJwks("k1");
    const { client } = await clientFor(jwks);
    await client.authorize(did, { scope: "atproto" });
    const form = sent.at(-1)?.form;
    expect(form?.get("client_assertion_type")).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    const published = JSON.parse(JSON.stringify(await publicJwks(BROKER, jwks)));
    const { payload, protectedHeader } = await jwtVerify(
      form?.get("client_assertion") ?? "",
      createLocalJWKSet(published),
      { issuer: `${BROKER}/oauth/client-metadata.json`, audience: PDS },
    );
    expect(protectedHeader).toMatchObject({ alg: "ES256", kid: "k1" });
    expect(payload.sub).toBe(`${BROKER}/oauth/client-metadata.json`);
  });

  it("claims nothing without keys", async () => {
    const { client } = await clientFor(undefined);
    await client.authorize(did, { scope: "atproto" });
    expect(sent.at(-1)?.form.has("client_assertion")).toBe(false);
  });

  it("follows no redirect", async () => {
    const { client } = await clientFor(undefined);
    await client.authorize(did, { scope: "atproto" });
    expect(new Set(sent.map(({ redirect }) => redirect))).toEqual(new Set(["manual"]));
    answers[`${PDS}/oauth/par`] = () =>
      new Response("", { status: 307, headers: { location: "http://10.0.0.1/" } });
    await expect(client.authorize(did, { scope: "atproto" })).rejects.toThrow();
    expect(sent.some(({ url }) => url.includes("10.0.0.1"))).toBe(false);
  });

  it.each([
    ["http://169.254.169.254"],
    ["https://10.0.0.1"],
    ["https://localhost"],
    ["http://localhost:2583"],
    ["https://intranet.internal"],
    ["https://as.example.net:8443"],
  ])("asks no authorization server at %s, whatever a PDS says", async (server) => {
    answers[`${PDS}/.well-known/oauth-protected-resource`] = () =>
      Response.json({ resource: PDS, authorization_servers: [server] });
    const { client } = await clientFor(undefined);
    await expect(client.authorize(did, { scope: "atproto" })).rejects.toThrow();
    expect(sent.some(({ url }) => url.startsWith(server))).toBe(false);
  });

  it("lets a local run reach a loopback PDS of a did:plc, and of nobody else", async () => {
    const pds = "http://localhost:2583";
    answers[`${PLC}/${did}`] = () => Response.json(documentWith(pds));
    const local = await clientFor(undefined, true);
    await local.client.authorize(did, { scope: "atproto" }).catch(() => undefined);
    expect(sent.some(({ url }) => url.startsWith(pds))).toBe(true);

    sent.length = 0;
    did = "did:web:somebody.example.org";
    answers["https://somebody.example.org/.well-known/did.json"] = () => Response.json(documentWith(PDS));
    answers[`${PDS}/.well-known/oauth-protected-resource`] = () =>
      Response.json({ resource: PDS, authorization_servers: [pds] });
    const web = await clientFor(undefined, true);
    await expect(web.client.authorize(did, { scope: "atproto" })).rejects.toThrow();
    expect(sent.some(({ url }) => url.startsWith(pds))).toBe(false);
  });
});
