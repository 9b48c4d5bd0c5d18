/** Where our records live in a repository: collection names, at-uris and record keys. No I/O. */

import { isValidRecordKey } from "@atproto/syntax";

import { $nsid as availability } from "../../lexicons/generated/social/schedule/availability.defs.js";
import { $nsid as meetingType } from "../../lexicons/generated/social/schedule/meetingType.defs.js";
import { $nsid as profile } from "../../lexicons/generated/social/schedule/profile.defs.js";

/** The collections a host gives us leave to write. */
export const COLLECTIONS = { availability, meetingType, profile } as const;

/** The profile is a declaration: one per repository, under this key. */
export const PROFILE_RKEY = "self";

/** The at-uri of a record. Its authority is the DID, since handles change hands. */
export function recordUri<Collection extends string>(
  did: string,
  collection: Collection,
  rkey: string,
): `at://${string}/${Collection}/${string}` {
  return `at://${did}/${collection}/${rkey}`;
}

/** Whether `text` follows the record-key syntax. Anything else is the key of no record. */
export function isRecordKey(text: string): boolean {
  return isValidRecordKey(text);
}

/** The record key of an at-uri, if that lies in exactly this repository and collection. */
export function rkeyWithin(uri: string, did: string, collection: string): string | undefined {
  const parent = `at://${did}/${collection}/`;
  const rkey = uri.slice(parent.length);
  return uri.startsWith(parent) && isValidRecordKey(rkey) ? rkey : undefined;
}
