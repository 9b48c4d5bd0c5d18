/** Which DID a handle points at, asked of DNS and the handle's own host, or of one configured server. Never checks the way back. */

import { AtprotoDohHandleResolver } from "@atproto-labs/handle-resolver";
import type { HandleResolver } from "@atproto-labs/handle-resolver";
import { isAtprotoDid } from "@atproto/did";
import * as z from "zod";

import { readJsonCapped } from "./safe-fetch.ts";
import type { SafeFetch } from "./safe-fetch.ts";

const DOH_ENDPOINT = "https://cloudflare-dns.com/dns-query";
const ANSWER_MAX_BYTES = 16 * 1024;

const resolved = z.object({ did: z.string().refine(isAtprotoDid) });
const refusal = z.object({ error: z.string(), message: z.string().optional() });

/**
 * Resolves handles to a DID, or to `null` when there is none; throws when it cannot be found out now. An empty
 * `resolverUrl` means DNS over HTTPS and `/.well-known/atproto-did`.
 */
export function createHandleResolver(resolverUrl: string, fetch: SafeFetch): HandleResolver {
  return resolverUrl === ""
    ? new AtprotoDohHandleResolver({ dohEndpoint: DOH_ENDPOINT, fetch })
    : { resolve: (handle) => askServer(resolverUrl, handle, fetch) };
}

/**
 * `com.atproto.identity.resolveHandle`. Not the library's XrpcHandleResolver: that one takes the lexicon's own error
 * `HandleNotFound`, with which a PDS answers for its own domains, for an outage.
 */
async function askServer(resolverUrl: string, handle: string, fetch: SafeFetch) {
  const url = new URL("/xrpc/com.atproto.identity.resolveHandle", resolverUrl);
  url.searchParams.set("handle", handle);
  const response = await fetch(url, { headers: { accept: "application/json" } });
  const json = await readJsonCapped(response, ANSWER_MAX_BYTES);
  const answer = resolved.safeParse(json);
  if (response.status === 200 && answer.success) {
    return answer.data.did;
  }
  const { error, message } = refusal.parse(json);
  const isUnable = error === "InvalidRequest" && message === "Unable to resolve handle";
  if (error === "HandleNotFound" || isUnable) {
    return null;
  }
  throw new Error(`the handle resolver answered ${response.status}`);
}
