/** Who we are to an authorization server: client metadata and keys. Never shows the private part of a key. */

import { buildAtprotoLoopbackClientMetadata, JoseKey, Keyset } from "@atproto/oauth-client-node";
import type { OAuthClientMetadataInput } from "@atproto/oauth-client-node";

import { WIDEST_SCOPE } from "./oauth-scopes.ts";

const CALLBACK_PATH = "/api/auth/callback";
const CLIENT_METADATA_PATH = "/oauth/client-metadata.json";
const JWKS_PATH = "/oauth/jwks.json";

const CLIENT_NAME = "atproto Cal";

/**
 * The keys with which a confidential client signs its assertions (RFC 7523), from OAUTH_PRIVATE_JWKS. `undefined`, so a public client,
 * without them, and on http: a loopback client cannot publish keys.
 * @throws Error when the setting is malformed
 */
export async function clientKeyset(
  publicUrl: string,
  privateJwks: string | undefined,
): Promise<Keyset | undefined> {
  if (!privateJwks || !publicUrl.startsWith("https://")) {
    return undefined;
  }
  const keys = parseJwks(privateJwks);
  const imported = await Promise.all(
    keys.map((jwk) => {
      // They sign and nothing else; `use` cannot say that of the private and the public part alike (RFC 7517, section 4.3).
      const signing = { ...jwk, use: undefined, alg: "ES256", key_ops: ["sign"] };
      return JoseKey.fromJWK(signing).catch(() => malformedJwks());
    }),
  );
  const usable = imported.every((key) => key.isPrivate && key.kid && key.algorithms.includes("ES256"));
  return usable && imported.length > 0 ? new Keyset(imported) : malformedJwks();
}

/** The JWK Set to publish: public parts only, empty for a public client. */
export async function publicJwks(
  publicUrl: string,
  privateJwks: string | undefined,
): Promise<{ keys: readonly object[] }> {
  const keyset = await clientKeyset(publicUrl, privateJwks);
  return { keys: keyset?.publicJwks.keys ?? [] };
}

/**
 * Our client metadata (atproto OAuth, "Clients"). On http it is that of the virtual loopback client, whose client_id carries its
 * redirect URI and scope, so that authorization servers fetch nothing; on https the client_id is the address of this document.
 * @throws Error when PUBLIC_URL is neither https nor http on 127.0.0.1: no authorization server would send anybody back there
 */
export function oauthClientMetadata(publicUrl: string, isConfidential: boolean): OAuthClientMetadataInput {
  const { origin } = new URL(publicUrl);
  if (isLoopbackOrigin(origin)) {
    return buildAtprotoLoopbackClientMetadata({
      scope: WIDEST_SCOPE,
      redirect_uris: [`${origin}${CALLBACK_PATH}`],
    });
  }
  if (!isHttpsOrigin(origin)) {
    throw new Error("PUBLIC_URL must be https, or http://127.0.0.1 with a port for a local run");
  }
  return {
    client_id: `${origin}${CLIENT_METADATA_PATH}`,
    client_name: CLIENT_NAME,
    client_uri: origin,
    application_type: "web",
    redirect_uris: [`${origin}${CALLBACK_PATH}`],
    scope: WIDEST_SCOPE,
    response_types: ["code"],
    grant_types: ["authorization_code", "refresh_token"],
    dpop_bound_access_tokens: true,
    ...(isConfidential
      ? {
          token_endpoint_auth_method: "private_key_jwt",
          token_endpoint_auth_signing_alg: "ES256",
          jwks_uri: `${origin}${JWKS_PATH}`,
        }
      : { token_endpoint_auth_method: "none" }),
  };
}

function isLoopbackOrigin(origin: string): origin is `http://127.0.0.1:${string}` {
  return /^http:\/\/127\.0\.0\.1(:\d+)?$/.test(origin);
}

function isHttpsOrigin(origin: string): origin is `https://${string}` {
  return origin.startsWith("https://");
}

function parseJwks(setting: string): readonly Record<string, unknown>[] {
  try {
    const json: unknown = JSON.parse(setting);
    const keys = typeof json === "object" && json !== null && "keys" in json ? json.keys : undefined;
    return Array.isArray(keys) && keys.every((key) => typeof key === "object" && key !== null)
      ? keys
      : malformedJwks();
  } catch {
    return malformedJwks();
  }
}

/** Says nothing of what was found: it may hold a private key. */
function malformedJwks(): never {
  throw new Error('OAUTH_PRIVATE_JWKS must be {"keys": […]} with private ES256 keys, each with a "kid"');
}
