import { describe, expect, it } from "vitest";

import {
  clientKeyset,
  oauthClientMetadata,
  publicJwks,
} from "../../../adapters/atproto/oauth-client-metadata.ts";
import { privateJwks } from "./oauth-keys.ts";

const WIDEST_SCOPE =
  "atproto repo:social.schedule.availability repo:social.schedule.meetingType repo:social.schedule.profile account:email";

describe("on http://127.0.0.1", () => {
  const url = "http://127.0.0.1:8787";

  it("we are the loopback client, whose client_id says where to go back to and what may be asked", () => {
    const metadata = oauthClientMetadata(url, false);
    const clientId = new URL(metadata.client_id ?? "");
    expect(clientId.origin).toBe("http://localhost");
    expect(clientId.searchParams.getAll("redirect_uri")).toEqual([`${url}/api/auth/callback`]);
    expect(clientId.searchParams.get("scope")).toBe(WIDEST_SCOPE);
    expect(metadata).toMatchObject({ token_endpoint_auth_method: "none", dpop_bound_access_tokens: true });
  });

  it("keys are not used: a loopback client cannot publish them", async () => {
    expect(await clientKeyset(url, await privateJwks("k1"))).toBeUndefined();
    expect(await publicJwks(url, await privateJwks("k1"))).toEqual({ keys: [] });
  });
});

describe("on https", () => {
  const url = "https://cal.example.com";

  it("the client_id is where the metadata is served", () => {
    expect(oauthClientMetadata(url, false)).toMatchObject({
      client_id: "https://cal.example.com/oauth/client-metadata.json",
      redirect_uris: ["https://cal.example.com/api/auth/callback"],
      scope: WIDEST_SCOPE,
      token_endpoint_auth_method: "none",
    });
  });

  it("keys make us a confidential client", () => {
    expect(oauthClientMetadata(url, true)).toMatchObject({
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      jwks_uri: "https://cal.example.com/oauth/jwks.json",
      dpop_bound_access_tokens: true,
    });
  });

  it("publishes the public parts of all keys and nothing else of them", async () => {
    const jwks = await privateJwks("k1", "k2");
    const { keys } = await publicJwks(url, jwks);
    expect(keys).toHaveLength(2);
    expect(keys.map((key) => ("kid" in key ? key.kid : ""))).toEqual(["k1", "k2"]);
    expect(keys).toMatchObject([{ key_ops: ["verify"] }, { key_ops: ["verify"] }]);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    for (const { d } of JSON.parse(jwks).keys) expect(JSON.stringify(keys)).not.toContain(d);
  });

  it("takes a key that says `use` as well", async () => {
    const jwks = (await privateJwks("k1")).replace('"kid"', '"use":"sig","kid"');
    expect((await publicJwks(url, jwks)).keys).toMatchObject([{ kid: "k1", key_ops: ["verify"] }]);
  });

  it("has an empty key set without keys", async () => {
    expect(await publicJwks(url, undefined)).toEqual({ keys: [] });
    expect(await publicJwks(url, "")).toEqual({ keys: [] });
  });

  it.each([
    ["not JSON", async () => "{secret"],
    ["no set", async () => "[]"],
    ["an empty set", async () => '{"keys":[]}'],
    ["a public key", async () => JSON.stringify(await publicJwks(url, await privateJwks("k1")))],
    ["a key without a kid", async () => (await privateJwks("k1")).replace('"kid":"k1"', '"note":"k1"')],
    ["nonsense as a key", async () => '{"keys":[{"kty":"EC","d":"secret"}]}'],
  ])("refuses %s, without repeating it", async (_what, setting) => {
    const error = await clientKeyset(url, await setting()).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/OAUTH_PRIVATE_JWKS must be/);
    expect(String(error)).not.toContain("secret");
  });
});

it.each([["http://cal.example.com"], ["http://localhost:8787"], ["http://127.0.0.1.evil.example"]])(
  "PUBLIC_URL %s is refused: nobody would be sent back there",
  (url) => {
    expect(() => oauthClientMetadata(url, false)).toThrow(/PUBLIC_URL must be https/);
  },
);
