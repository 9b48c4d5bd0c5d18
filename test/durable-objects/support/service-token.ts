/** Service-auth tokens of the people on the test network, who all sign with one key. */

import { Buffer } from "node:buffer";
import { env } from "cloudflare:workers";
import { Secp256k1Keypair } from "@atproto/crypto";

const keypair = await Secp256k1Keypair.create();

/** What their DID documents say of the key. */
export function verificationMethodOf(did: string): object {
  return {
    id: `${did}#atproto`,
    type: "Multikey",
    controller: did,
    publicKeyMultibase: keypair.did().slice("did:key:".length),
  };
}

/** A token that `iss` gives away for one call of one operation. */
export async function serviceToken(iss: string, lxm: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + 60;
  const payload = { iss, aud: env.BROKER_DID, lxm, exp, jti: crypto.randomUUID() };
  const signed = [{ typ: "JWT", alg: "ES256K" }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = await keypair.sign(new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}
