/** Somebody whose DID document says what a test wants: any PDS, and a signing key that the test holds. */

import { Secp256k1Keypair } from "@atproto/crypto";
import { Client } from "@did-plc/lib";

export interface TokenClaims {
  readonly aud: string;
  readonly lxm: string;
  /** Seconds from now until it expires; negative for the past. */
  readonly expiresInSeconds?: number;
  readonly jti?: string;
}

export class Stranger {
  readonly did: string;
  readonly #key: Secp256k1Keypair;

  private constructor(did: string, key: Secp256k1Keypair) {
    this.did = did;
    this.#key = key;
  }

  /** Registers a DID whose PDS is said to be at `pds`. */
  static async register(plcUrl: string, handle: string, pds: string): Promise<Stranger> {
    const key = await Secp256k1Keypair.create();
    const did = await new Client(plcUrl).createDid({
      signingKey: key.did(),
      handle,
      pds,
      rotationKeys: [key.did()],
      signer: key,
    });
    return new Stranger(did, key);
  }

  /** A service-auth token as this person's PDS would mint it, or anything a forger would try. */
  async token(claims: TokenClaims, forge: { iss?: string; key?: Secp256k1Keypair; alg?: string } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const header = { typ: "JWT", alg: forge.alg ?? "ES256K" };
    const payload = {
      iss: forge.iss ?? this.did,
      aud: claims.aud,
      lxm: claims.lxm,
      iat: now,
      exp: now + (claims.expiresInSeconds ?? 60),
      jti: claims.jti ?? crypto.randomUUID(),
    };
    const signed = [header, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const signature =
      forge.alg === "none" ? new Uint8Array() : await (forge.key ?? this.#key).sign(Buffer.from(signed));
    return `${signed}.${Buffer.from(signature).toString("base64url")}`;
  }
}
