/** What a link in a mail says of an address: whose Account it is about, and a secret. No I/O. */

import { base64url } from "jose";

export interface AddressToken {
  readonly did: string;
  /** 32 octets in base64url. */
  readonly secret: string;
}

const SECRET_BYTES = 32;

/** Of a DID up to the longest, and the secret. */
const TOKEN = /^([\w-]{1,400})\.([\w-]{43})$/;

/** 32 random octets in base64url. */
export function newSecret(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

export function formatAddressToken({ did, secret }: AddressToken): string {
  return `${base64url.encode(did)}.${secret}`;
}

/** Undefined for what has not the shape of one. Whether the DID is one, and the secret good, is not looked at here. */
export function parseAddressToken(text: string): AddressToken | undefined {
  const [, encoded, secret] = TOKEN.exec(text) ?? [];
  if (encoded === undefined || secret === undefined) {
    return undefined;
  }
  try {
    return { did: new TextDecoder().decode(base64url.decode(encoded)), secret };
  } catch {
    return undefined;
  }
}
