/** What a notification of Google carries so that the door finds the host it is for, and nobody else can send one. */

import { base64url } from "jose";

const SEPARATOR = ".";
/** Google takes 256 characters. */
const MAX_LENGTH = 256;

type ChannelSettings = Pick<Env, "WEB_SESSION_KEY">;

/** The token of a channel of a host; undefined for a DID that is too long to be carried. */
export async function channelToken(
  settings: ChannelSettings,
  hostDid: string,
  channelId: string,
): Promise<string | undefined> {
  const token = `${hostDid}${SEPARATOR}${base64url.encode(await macOf(settings, hostDid, channelId))}`;
  return token.length <= MAX_LENGTH ? token : undefined;
}

/** The host for whose channel a token was made by us; undefined for any other. */
export async function hostOfToken(
  settings: ChannelSettings,
  token: string,
  channelId: string,
): Promise<string | undefined> {
  const at = token.lastIndexOf(SEPARATOR);
  const hostDid = token.slice(0, at);
  const mac = decoded(token.slice(at + 1));
  const data = dataOf(hostDid, channelId);
  const isOurs = mac && (await crypto.subtle.verify("HMAC", await keyOf(settings), mac, data));
  return isOurs === true ? hostDid : undefined;
}

async function macOf(
  settings: ChannelSettings,
  hostDid: string,
  channelId: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(settings), dataOf(hostDid, channelId)));
}

/** The label keeps these apart from everything else that is signed with the key. */
function dataOf(hostDid: string, channelId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(JSON.stringify(["calendar push", hostDid, channelId])));
}

function keyOf({ WEB_SESSION_KEY }: ChannelSettings): Promise<CryptoKey> {
  const secret = new Uint8Array(base64url.decode(WEB_SESSION_KEY));
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(base64url.decode(text));
  } catch {
    return undefined;
  }
}
