/** The documents by which others find us: our DID document, OAuth client metadata and public keys. Never shows a private key. */

import {
  clientKeyset,
  oauthClientMetadata,
  publicJwks,
} from "../../adapters/atproto/oauth-client-metadata.ts";

/** `GET /.well-known/did.json`: the did:web document of this broker, naming where its API is. */
export async function didDocument(_request: Request, env: Env): Promise<Response> {
  return publicJson({
    "@context": ["https://www.w3.org/ns/did/v1"],
    id: env.BROKER_DID,
    service: [{ id: "#broker", type: "SchedulingBroker", serviceEndpoint: new URL(env.PUBLIC_URL).origin }],
  });
}

/** `GET /oauth/client-metadata.json`: what authorization servers fetch at our client_id. */
export async function clientMetadata(_request: Request, env: Env): Promise<Response> {
  const keyset = await clientKeyset(env.PUBLIC_URL, env.OAUTH_PRIVATE_JWKS);
  return publicJson(oauthClientMetadata(env.PUBLIC_URL, keyset !== undefined));
}

/** `GET /oauth/jwks.json`: the public parts of our client keys; an empty set for a public client. */
export async function jwks(_request: Request, env: Env): Promise<Response> {
  return publicJson(await publicJwks(env.PUBLIC_URL, env.OAUTH_PRIVATE_JWKS));
}

/** Anybody may read these, from any origin. */
function publicJson(document: object): Response {
  return Response.json(document, {
    headers: { "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
  });
}
