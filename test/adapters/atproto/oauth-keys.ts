/** OAUTH_PRIVATE_JWKS for a test: fresh ES256 keys with the given ids. */

import { exportJWK, generateKeyPair } from "jose";

export async function privateJwks(...kids: string[]): Promise<string> {
  const keys = await Promise.all(
    kids.map(async (kid) => {
      const { privateKey } = await generateKeyPair("ES256", { extractable: true });
      return { ...(await exportJWK(privateKey)), kid, alg: "ES256" };
    }),
  );
  return JSON.stringify({ keys });
}
