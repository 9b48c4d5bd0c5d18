/** A booking's uid names the authority that holds it, so a link finds its booking without a directory that may lag. */

import { Buffer } from "node:buffer";
import { isSupportedDid } from "../adapters/atproto/did-document.ts";

const RANDOM_BYTES = 12;
const UID = /^[0-9a-f]{24}-([A-Za-z0-9_-]{8,400})$/;

/** A new uid: 96 random bits, then the host's DID in base64url. */
export function newBookingUid(hostDid: string): string {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return bookingUidOf(Buffer.from(random).toString("hex"), hostDid);
}

/** The uid that has these random bits, in hexadecimal. */
export function bookingUidOf(random: string, hostDid: string): string {
  return `${random}-${Buffer.from(hostDid).toString("base64url")}`;
}

/** The host whose authority holds this booking; undefined for anything that no broker made. */
export function hostOfBookingUid(uid: string): string | undefined {
  const encoded = UID.exec(uid)?.[1];
  const did = encoded === undefined ? "" : Buffer.from(encoded, "base64url").toString();
  return isSupportedDid(did) ? did : undefined;
}
