/** Publishing records: from a checked draft to one commit in the caller's own PDS, and the authority told of it. */

import { configuredFetch, configuredIdentities } from "../adapters/atproto/configured.ts";
import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { RecordWrite, WriteResult } from "../adapters/atproto/pds-writer.ts";
import { COLLECTIONS, isRecordKey, PROFILE_RKEY } from "../adapters/atproto/record-address.ts";
import { createRepositoryReader } from "../adapters/atproto/record-reading.ts";
import { profileRecord } from "../adapters/atproto/record-profile.ts";
import { accepted, type Result } from "../scheduling/refusal.ts";
import { atHostCalendar } from "./authority.ts";
import { errorResponse, refusalResponse } from "./errors.ts";
import type { Parsed } from "./request-body.ts";

/** A record of the caller as it stands, whoever wrote it, so that an edit keeps what it does not touch. */
export async function existingRecord(
  env: Env,
  did: string,
  collection: string,
  rkey: string,
): Promise<Result<Readonly<Record<string, unknown>> | undefined>> {
  if (!isRecordKey(rkey)) {
    return accepted(undefined); // A PDS would answer with an error, which looks like an outage.
  }
  const identity = await configuredIdentities(env).resolveDid(did);
  if (!identity.ok) {
    return identity;
  }
  const found = await createRepositoryReader(identity.value, configuredFetch(env)).getRecord(
    collection,
    rkey,
  );
  if (!found.ok) {
    return found;
  }
  return accepted(
    found.value === undefined ? undefined : Object.fromEntries(Object.entries(found.value ?? {})),
  );
}

/** The caller's own records as their authority reads them now, or the answer to send instead. */
export async function ownRecords(env: Env, did: string): Promise<Parsed<HostRecords>> {
  const records = await atHostCalendar(env, did, (calendar) => calendar.ownRecords());
  return records.ok
    ? { ok: true, value: records.value }
    : { ok: false, response: refusalResponse(records.refusal) };
}

/**
 * The write that makes the caller bookable here, if it is needed: their profile naming this broker. Other fields of a
 * profile they have are kept.
 */
export async function profileWrites(
  env: Env,
  records: HostRecords,
  now: number,
): Promise<Parsed<RecordWrite[]>> {
  if (records.bookable) {
    return { ok: true, value: [] };
  }
  const existing = await existingRecord(env, records.did, COLLECTIONS.profile, PROFILE_RKEY);
  if (!existing.ok) {
    return { ok: false, response: refusalResponse(existing.refusal) };
  }
  const made = profileRecord({ broker: env.BROKER_DID }, now);
  if (!made.ok) {
    throw new Error("our own profile record is not valid");
  }
  const write: RecordWrite = existing.value
    ? {
        action: "update",
        collection: COLLECTIONS.profile,
        rkey: PROFILE_RKEY,
        value: { ...existing.value, broker: env.BROKER_DID },
      }
    : { action: "create", collection: COLLECTIONS.profile, rkey: PROFILE_RKEY, value: made.value };
  return { ok: true, value: [write] };
}

/** Writes all or nothing into the caller's PDS. Undefined when done, else the answer to send. */
export async function publish(
  env: Env,
  did: string,
  writes: readonly RecordWrite[],
): Promise<Response | undefined> {
  const result = await env.ACCOUNT.getByName(did).writeRecords([...writes]);
  // Also after a failure: whether a PDS that fell silent has written cannot be known.
  await atHostCalendar(env, did, (calendar) => calendar.recordsChanged());
  return result.ok ? undefined : writeRefusal(result);
}

/** The record after an edit: `made`, with the age of the one it replaces and the fields only other clients know. */
export function editedRecord(
  existing: Readonly<Record<string, unknown>>,
  made: object,
  ourFields: readonly string[],
): object {
  const foreign = Object.entries(existing).filter(([field]) => !ourFields.includes(field));
  return { ...made, ...Object.fromEntries(foreign) };
}

/** An invalid draft's answer: the reason is the one its host would be shown for such a record. */
export function invalidDraft(reason: string): Response {
  return errorResponse(400, "InvalidRequest", reason);
}

function writeRefusal(refusal: Extract<WriteResult, { ok: false }>): Response {
  switch (refusal.code) {
    case "ScopeRequired":
      return errorResponse(403, "ScopeRequired", refusal.message);
    case "SignInRequired":
      return errorResponse(401, "SignInRequired", refusal.message);
    case "PdsUnreachable":
      return errorResponse(503, "HostUnreachable", refusal.message);
    case "PdsRefused":
      return errorResponse(422, "PdsRefused", refusal.message);
  }
}
