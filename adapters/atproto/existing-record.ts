/** One record as it stands in somebody's repository, whoever wrote it: an edit keeps what we do not know of. Never writes. */

import { accepted, refused, type Result } from "../../scheduling/refusal.ts";
import type { Identity } from "./identity.ts";
import { FETCH_MAX_BYTES, readJsonCapped, type SafeFetch } from "./safe-fetch.ts";

/** The record's own fields; undefined if there is no such record. HostUnreachable if the PDS does not answer sensibly. */
export async function readExistingRecord(
  identity: Identity,
  collection: string,
  rkey: string,
  fetch: SafeFetch,
): Promise<Result<Readonly<Record<string, unknown>> | undefined>> {
  const url = new URL("/xrpc/com.atproto.repo.getRecord", identity.pdsUrl);
  url.search = new URLSearchParams({ repo: identity.did, collection, rkey }).toString();
  try {
    const response = await fetch(url);
    const answer = await readJsonCapped(response, FETCH_MAX_BYTES);
    if (response.ok && isObject(answer) && isObject(answer["value"])) {
      return accepted(answer["value"]);
    }
    if (response.status === 400 && isObject(answer) && answer["error"] === "RecordNotFound") {
      return accepted(undefined);
    }
  } catch {
    // Hanging, cut off, or not JSON: all the same to us.
  }
  return refused({
    code: "HostUnreachable",
    why: "Your PDS does not answer as it should right now. Try again in a moment.",
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
