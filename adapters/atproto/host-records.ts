/** Everything a host has published for us, read from their PDS. Keeps nothing but checked types, and never writes. */

import * as z from "zod";

import type { Availability } from "../../scheduling/availability.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import { accepted } from "../../scheduling/refusal.ts";
import type { Result } from "../../scheduling/refusal.ts";
import type { Identity } from "./identity.ts";
import { COLLECTIONS, PROFILE_RKEY, recordUri } from "./record-address.ts";
import { parseAvailabilityRecord } from "./record-availability.ts";
import type { Checked } from "./record-lexicon.ts";
import { parseMeetingTypeRecord } from "./record-meeting-type.ts";
import { parseProfileRecord } from "./record-profile.ts";
import { createRepositoryReader } from "./record-reading.ts";
import type { FoundRecord, RecordList } from "./record-reading.ts";
import { plainLine } from "./record-text.ts";
import type { SafeFetch } from "./safe-fetch.ts";

export interface HostRecords {
  readonly did: string;
  readonly handle: string;
  readonly displayName?: string;
  /** Whether the host's profile record names this broker. */
  readonly bookable: boolean;
  readonly availability: readonly Availability[];
  /** Each points at one of `availability`. */
  readonly meetingTypes: readonly MeetingType[];
  /** Records that were left out, for their host to read. */
  readonly invalid: readonly InvalidRecord[];
  /** Epoch ms. */
  readonly readAt: number;
}

interface InvalidRecord {
  readonly uri: string;
  readonly reason: string;
}

/** Of each collection; the newest count. */
const MAX_RECORDS = 100;

/** Reads a host's records. Refusals: HostNotFound (the account is gone), HostUnreachable (with a why). Never throws. */
export async function readHostRecords(
  identity: Identity,
  brokerDid: string,
  fetch: SafeFetch,
  now: number,
): Promise<Result<HostRecords>> {
  const { did, handle } = identity;
  const reader = createRepositoryReader(identity, fetch);
  const [availabilityList, meetingTypeList, profileRecord, socialProfile] = await Promise.all([
    reader.listRecords(COLLECTIONS.availability, MAX_RECORDS),
    reader.listRecords(COLLECTIONS.meetingType, MAX_RECORDS),
    reader.getRecord(COLLECTIONS.profile, PROFILE_RKEY),
    reader.getRecord("app.bsky.actor.profile", PROFILE_RKEY),
  ]);
  if (!availabilityList.ok) {
    return availabilityList;
  }
  if (!meetingTypeList.ok) {
    return meetingTypeList;
  }
  if (!profileRecord.ok) {
    return profileRecord;
  }

  const invalid: InvalidRecord[] = [
    ...cutOff(did, COLLECTIONS.availability, availabilityList.value),
    ...cutOff(did, COLLECTIONS.meetingType, meetingTypeList.value),
  ];
  const parsed = keepValid(availabilityList.value.records, invalid, ({ rkey, value }) =>
    parseAvailabilityRecord(did, rkey, value),
  );
  const availability = withSeasons(did, parsed, invalid);
  const known = new Set(availability.map(({ rkey }) => rkey));
  const meetingTypes = keepValid(meetingTypeList.value.records, invalid, ({ rkey, value }) =>
    pointingAt(known, parseMeetingTypeRecord(did, rkey, value)),
  );
  // A name is worth showing but not worth failing for.
  const displayName = displayNameOf(socialProfile.ok ? socialProfile.value : undefined);
  return accepted({
    did,
    handle,
    ...(displayName !== undefined && { displayName }),
    bookable: namesBroker(profileRecord.value, brokerDid, did, invalid),
    availability,
    meetingTypes,
    invalid,
    readAt: now,
  });
}

function keepValid<Value>(
  records: readonly FoundRecord[],
  invalid: InvalidRecord[],
  parse: (record: FoundRecord) => Checked<Value>,
): Value[] {
  const values: Value[] = [];
  for (const record of records) {
    const checked = parse(record);
    if (checked.ok) {
      values.push(checked.value);
    } else {
      invalid.push({ uri: record.uri, reason: checked.reason });
    }
  }
  return values;
}

/**
 * Gives each availability those that hold in its place on some dates. One that stands in for a record that is missing, or
 * that stands in for another itself, is left out: which hours hold must never depend on a chain that somebody forgot.
 */
function withSeasons(
  did: string,
  availability: readonly Availability[],
  invalid: InvalidRecord[],
): Availability[] {
  const usual = new Set(availability.filter((one) => one.insteadOfRkey === undefined).map((one) => one.rkey));
  const kept = availability.filter(({ rkey, insteadOfRkey }) => {
    const isSound = insteadOfRkey === undefined || usual.has(insteadOfRkey);
    if (!isSound) {
      const reason =
        '"insteadOf" points at a record that is missing or invalid, or that has an "insteadOf" itself.';
      invalid.push({ uri: recordUri(did, COLLECTIONS.availability, rkey), reason });
    }
    return isSound;
  });
  return kept.map((one) => {
    const seasons = kept.filter(({ insteadOfRkey }) => insteadOfRkey === one.rkey);
    return seasons.length === 0 ? one : { ...one, seasons };
  });
}

function pointingAt(known: ReadonlySet<string>, checked: Checked<MeetingType>): Checked<MeetingType> {
  return checked.ok && !known.has(checked.value.availabilityRkey)
    ? { ok: false, reason: '"availability" points at a record that is missing or invalid.' }
    : checked;
}

function namesBroker(value: unknown, brokerDid: string, did: string, invalid: InvalidRecord[]): boolean {
  if (value === undefined) {
    return false;
  }
  const profile = parseProfileRecord(value);
  if (!profile.ok) {
    invalid.push({ uri: recordUri(did, COLLECTIONS.profile, PROFILE_RKEY), reason: profile.reason });
  }
  return profile.ok && profile.value.broker === brokerDid;
}

function cutOff(did: string, collection: string, list: RecordList): InvalidRecord[] {
  const reason = `Only the newest ${list.records.length} records of this collection are read; delete some.`;
  return list.isCut ? [{ uri: `at://${did}/${collection}`, reason }] : [];
}

/** The bound is that of app.bsky.actor.profile. */
const socialProfileRecord = z.object({ displayName: z.string().max(640) });

function displayNameOf(value: unknown): string | undefined {
  const name = plainLine(socialProfileRecord.safeParse(value).data?.displayName ?? "");
  return name === "" ? undefined : name;
}
