/** A host's records as HTTP shows them. */

import { COLLECTIONS, recordUri } from "../adapters/atproto/record-address.ts";
import { availabilityDraft } from "../adapters/atproto/record-availability.ts";
import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Availability } from "../scheduling/availability.ts";
import type { MeetingType } from "../scheduling/meeting-type.ts";
import type { AvailabilityJson, MeetingTypeJson } from "./wire.ts";

/** As the form that edits it shows it: wall times as texts. */
export function availabilityJson(did: string, availability: Availability): AvailabilityJson {
  const { weekly, overrides, ...rest } = availabilityDraft(availability);
  return {
    rkey: availability.rkey,
    uri: recordUri(did, COLLECTIONS.availability, availability.rkey),
    ...rest,
    weekly: weekly.map(({ days, start, end }) => ({ days: [...days], start, end })),
    overrides: overrides.map(({ date, windows }) => ({ date, windows: [...windows] })),
  };
}

/** The zone shown is that of the availability it points at. */
export function meetingTypeJson(
  host: Pick<HostRecords, "did" | "availability">,
  meetingType: MeetingType,
): MeetingTypeJson {
  const availability = host.availability.find(({ rkey }) => rkey === meetingType.availabilityRkey);
  const { moreDurations, ...rest } = meetingType;
  return {
    ...rest,
    ...(moreDurations && { moreDurations: [...moreDurations] }),
    uri: recordUri(host.did, COLLECTIONS.meetingType, meetingType.rkey),
    timeZone: availability?.timeZone ?? "UTC",
  };
}
