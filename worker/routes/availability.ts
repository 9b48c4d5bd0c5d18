/** A host's availability records: listed as checked, written into the host's own PDS. */

import * as z from "zod/mini";
import { COLLECTIONS, recordUri } from "../../adapters/atproto/record-address.ts";
import type { HostRecords } from "../../adapters/atproto/host-records.ts";
import { newTid } from "../../adapters/atproto/tid.ts";
import type { Availability } from "../../scheduling/availability.ts";
import { draftAvailability, draftMeetingType } from "../drafts.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import {
  editedRecord,
  existingRecord,
  invalidDraft,
  ownRecords,
  profileWrites,
  publish,
} from "../publishing.ts";
import { rkeyField } from "../fields.ts";
import { availabilityJson, meetingTypeJson } from "../record-json.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { AvailabilityListJson } from "../wire.ts";
import { creationOf, meetingTypeFields } from "./meeting-types.ts";

const COLLECTION = COLLECTIONS.availability;

// Shapes and sizes only: wall times, dates and zones are judged where foreign records are judged too.
const text = (maxLength: number) => z.string("give a text").check(z.maxLength(maxLength, "it is too long"));
const window = { start: text(5), end: text(5) };
const availabilityInput = z.object({
  name: text(1000),
  timeZone: text(64),
  weekly: z
    .array(z.object({ days: z.array(text(2)).check(z.maxLength(7, "list at most seven days")), ...window }))
    .check(z.maxLength(200, "list at most 200 windows")),
  overrides: z.exactOptional(
    z
      .array(
        z.object({
          date: text(10),
          windows: z.array(z.object(window)).check(z.maxLength(50, "list at most 50 windows")),
        }),
      )
      .check(z.maxLength(1000, "list at most 1000 dates")),
  ),
  from: z.exactOptional(text(10)),
  until: z.exactOptional(text(10)),
  insteadOfRkey: z.exactOptional(rkeyField),
});

/** What of a record the form decides; everything else in it belongs to other clients, or to its past. */
const OUR_FIELDS = [...Object.keys(availabilityInput.shape), "insteadOf"];

const createInput = z.extend(availabilityInput, { meetingType: z.exactOptional(meetingTypeFields) });

/** `GET /api/availability` (listAvailability): the caller's own, and what was left out and why. */
export async function listAvailability({ env, caller }: SignedInCall): Promise<Response> {
  const records = await ownRecords(env, caller.did);
  if (!records.ok) {
    return records.response;
  }
  const body: AvailabilityListJson = {
    availability: records.value.availability.map((one) => availabilityJson(caller.did, one)),
    invalid: [...records.value.invalid],
  };
  return Response.json(body);
}

/** `POST /api/availability` (createAvailability): with `meetingType`, both are written in one commit. 201. */
export async function createAvailability({ request, env, caller, now }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, createInput);
  if (!input.ok) {
    return input.response;
  }
  const { meetingType: firstMeetingType, ...draft } = input.value;
  const availability = draftAvailability(caller.did, newTid(now), draft, now);
  if (!availability.ok) {
    return invalidDraft(availability.reason);
  }
  const { reading } = availability.value;
  const { rkey } = reading;
  const meetingType = firstMeetingType
    ? draftMeetingType(caller.did, newTid(now), { ...firstMeetingType, availabilityRkey: rkey }, now)
    : undefined;
  if (meetingType && !meetingType.ok) {
    return invalidDraft(meetingType.reason);
  }
  const records = await ownRecords(env, caller.did);
  const wrongPlace = records.ok ? seasonProblem(records.value, reading) : undefined;
  if (wrongPlace !== undefined) {
    return invalidDraft(wrongPlace);
  }
  const profile = records.ok ? await profileWrites(env, records.value, now) : records;
  if (!profile.ok) {
    return profile.response;
  }
  const refusal = await publish(env, caller.did, [
    { action: "create", collection: COLLECTION, rkey, value: availability.value.record },
    ...(meetingType ? [creationOf(meetingType.value)] : []),
    ...profile.value,
  ]);
  if (refusal) {
    return refusal;
  }
  const host = { did: caller.did, availability: [reading] };
  const body = {
    availability: availabilityJson(caller.did, reading),
    ...(meetingType && { meetingType: meetingTypeJson(host, meetingType.value.reading) }),
  };
  return Response.json(body, { status: 201 });
}

/** `PUT /api/availability/:rkey` (updateAvailability): replaces it, keeping `createdAt` and fields of other clients. */
export async function updateAvailability({
  request,
  env,
  caller,
  params,
  now,
}: SignedInCall): Promise<Response> {
  const input = await parseBody(request, availabilityInput);
  if (!input.ok) {
    return input.response;
  }
  const rkey = params["rkey"] ?? "";
  const existing = await existingRecord(env, caller.did, COLLECTION, rkey);
  if (!existing.ok) {
    return refusalResponse(existing.refusal);
  }
  if (!existing.value) {
    return notFound();
  }
  const made = draftAvailability(caller.did, rkey, input.value, now);
  if (!made.ok) {
    return invalidDraft(made.reason);
  }
  const records = await ownRecords(env, caller.did);
  if (!records.ok) {
    return records.response;
  }
  const wrongPlace = seasonProblem(records.value, made.value.reading);
  if (wrongPlace !== undefined) {
    return invalidDraft(wrongPlace);
  }
  const value = editedRecord(existing.value, made.value.record, OUR_FIELDS);
  const refusal = await publish(env, caller.did, [{ action: "update", collection: COLLECTION, rkey, value }]);
  return refusal ?? Response.json({ availability: availabilityJson(caller.did, made.value.reading) });
}

/** `DELETE /api/availability/:rkey` (deleteAvailability): 204, or 409 while a meeting type points at it. */
export async function deleteAvailability({ env, caller, params }: SignedInCall): Promise<Response> {
  const rkey = params["rkey"] ?? "";
  const records = await ownRecords(env, caller.did);
  if (!records.ok) {
    return records.response;
  }
  const { meetingTypes, availability } = records.value;
  const user = meetingTypes.find((meetingType) => meetingType.availabilityRkey === rkey);
  const season = availability.find((one) => one.insteadOfRkey === rkey);
  if (user || season) {
    const who = user ? `The meeting type “${user.title}” uses it` : `“${season?.name}” holds in its place`;
    return errorResponse(
      409,
      "AvailabilityInUse",
      `${who}. Delete that or give it another availability first.`,
    );
  }
  const uri = recordUri(caller.did, COLLECTION, rkey);
  const isThere =
    records.value.availability.some((one) => one.rkey === rkey) ||
    records.value.invalid.some((one) => one.uri === uri);
  if (!isThere) {
    return notFound();
  }
  const refusal = await publish(env, caller.did, [{ action: "delete", collection: COLLECTION, rkey }]);
  return refusal ?? new Response(null, { status: 204 });
}

/** Why an availability cannot hold in the place it names, if so; a reader would leave it, or others, out. */
function seasonProblem({ availability }: HostRecords, draft: Availability): string | undefined {
  const { rkey, insteadOfRkey } = draft;
  if (insteadOfRkey === undefined) {
    return undefined;
  }
  const usual = availability.find((one) => one.rkey === insteadOfRkey);
  if (usual === undefined || usual.insteadOfRkey !== undefined) {
    return "`insteadOfRkey` is none of your usual availabilities. Name one that holds in nobody's place itself.";
  }
  const season = availability.find((one) => one.insteadOfRkey === rkey);
  return season && `“${season.name}” holds in the place of this one, so this one must stay as it is.`;
}

function notFound(): Response {
  return errorResponse(404, "RecordNotFound", "You have no such availability. Reload the list.");
}
