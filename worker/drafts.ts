/** From a draft somebody sent to the record to write and what every reader will make of it: the same check both ways. */

import {
  type AvailabilityDraft,
  availabilityRecord,
  parseAvailabilityRecord,
} from "../adapters/atproto/record-availability.ts";
import type { Checked } from "../adapters/atproto/record-lexicon.ts";
import {
  type MeetingTypeDraft,
  meetingTypeRecord,
  parseMeetingTypeRecord,
} from "../adapters/atproto/record-meeting-type.ts";
import type { Availability } from "../scheduling/availability.ts";
import type { MeetingType } from "../scheduling/meeting-type.ts";

/** A record and its reading. */
export interface Drafted<Reading> {
  readonly record: object;
  readonly reading: Reading;
}

/** An availability record under `rkey` in the repository of `did`; `createdAt` is epoch ms. */
export function draftAvailability(
  did: string,
  rkey: string,
  draft: AvailabilityDraft,
  createdAt: number,
): Checked<Drafted<Availability>> {
  const made = availabilityRecord(did, rkey, draft, createdAt);
  const read = made.ok ? parseAvailabilityRecord(did, rkey, made.value) : made;
  return made.ok && read.ok
    ? { ok: true, value: { record: made.value, reading: read.value } }
    : refusal(read);
}

/** A meeting type record under `rkey` in the repository of `did`; `createdAt` is epoch ms. */
export function draftMeetingType(
  did: string,
  rkey: string,
  draft: MeetingTypeDraft,
  createdAt: number,
): Checked<Drafted<MeetingType>> {
  const made = meetingTypeRecord(did, draft, createdAt);
  const read = made.ok ? parseMeetingTypeRecord(did, rkey, made.value) : made;
  return made.ok && read.ok
    ? { ok: true, value: { record: made.value, reading: read.value } }
    : refusal(read);
}

function refusal(read: Checked<unknown>): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: read.ok ? "The record is not valid." : read.reason };
}
