/** A host's meeting type records: listed as checked, written into the host's own PDS. */

import * as z from "zod/mini";
import type { RecordWrite } from "../../adapters/atproto/pds-writer.ts";
import { COLLECTIONS, recordUri } from "../../adapters/atproto/record-address.ts";
import { newTid } from "../../adapters/atproto/tid.ts";
import type { MeetingType } from "../../scheduling/meeting-type.ts";
import { type Drafted, draftMeetingType } from "../drafts.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { rkeyField } from "../fields.ts";
import { editedRecord, existingRecord, invalidDraft, ownRecords, publish } from "../publishing.ts";
import { meetingTypeJson } from "../record-json.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { MeetingTypeListJson } from "../wire.ts";

const COLLECTION = COLLECTIONS.meetingType;

// Shapes and sizes only: bounds are judged where foreign records are judged too.
const text = (maxLength: number) => z.string("give a text").check(z.maxLength(maxLength, "it is too long"));
const whole = z.number("give a whole number").check(z.int("give a whole number"));

/** A meeting type without the availability it points at. */
export const meetingTypeFields = z.object({
  title: text(1000),
  description: z.exactOptional(text(30_000)),
  durationMinutes: whole,
  moreDurations: z.exactOptional(z.array(whole).check(z.maxLength(20, "list at most 20 lengths"))),
  slotIntervalMinutes: z.exactOptional(whole),
  bufferBeforeMinutes: z.exactOptional(whole),
  bufferAfterMinutes: z.exactOptional(whole),
  minimumNoticeMinutes: z.exactOptional(whole),
  horizonDays: z.exactOptional(whole),
  maxPerDay: z.exactOptional(whole),
  maxPerWeek: z.exactOptional(whole),
  location: z.exactOptional(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("link"), uri: text(2048) }),
      z.object({ kind: z.literal("text"), text: text(2000) }),
    ]),
  ),
  approval: z.exactOptional(z.enum(["manual", "automatic"], "say manual or automatic")),
  bookableBy: z.exactOptional(
    z.enum(["anyone", "followers", "following", "mutuals"], "say anyone, followers, following or mutuals"),
  ),
  active: z.exactOptional(z.boolean("say true or false")),
});

const meetingTypeInput = z.extend(meetingTypeFields, { availabilityRkey: rkeyField });

/** What of a record the form decides; everything else in it belongs to other clients, or to its past. */
const OUR_FIELDS = [...Object.keys(meetingTypeFields.shape), "availability"];

/** `GET /api/meeting-types` (listMeetingTypes): the caller's own, active or not, and what was left out and why. */
export async function listMeetingTypes({ env, caller }: SignedInCall): Promise<Response> {
  const records = await ownRecords(env, caller.did);
  if (!records.ok) {
    return records.response;
  }
  const body: MeetingTypeListJson = {
    meetingTypes: records.value.meetingTypes.map((one) => meetingTypeJson(records.value, one)),
    invalid: [...records.value.invalid],
  };
  return Response.json(body);
}

/** `POST /api/meeting-types` (createMeetingType): 201 `{meetingType}`. */
export async function createMeetingType(call: SignedInCall): Promise<Response> {
  const drafted = await draftFrom(call, newTid(call.now));
  if (drafted instanceof Response) {
    return drafted;
  }
  const refusal = await publish(call.env, call.caller.did, [creationOf(drafted)]);
  return refusal ?? (await meetingTypeResponse(call, drafted, 201));
}

/** `PUT /api/meeting-types/:rkey` (updateMeetingType): replaces it, keeping `createdAt` and fields of other clients. */
export async function updateMeetingType(call: SignedInCall): Promise<Response> {
  const rkey = call.params["rkey"] ?? "";
  const existing = await existingRecord(call.env, call.caller.did, COLLECTION, rkey);
  if (!existing.ok) {
    return refusalResponse(existing.refusal);
  }
  if (!existing.value) {
    return notFound();
  }
  const drafted = await draftFrom(call, rkey);
  if (drafted instanceof Response) {
    return drafted;
  }
  const value = editedRecord(existing.value, drafted.record, OUR_FIELDS);
  const refusal = await publish(call.env, call.caller.did, [
    { action: "update", collection: COLLECTION, rkey, value },
  ]);
  return refusal ?? (await meetingTypeResponse(call, drafted, 200));
}

/** `DELETE /api/meeting-types/:rkey` (deleteMeetingType): 204. Bookings made of it stay. */
export async function deleteMeetingType({ env, caller, params }: SignedInCall): Promise<Response> {
  const rkey = params["rkey"] ?? "";
  const records = await ownRecords(env, caller.did);
  if (!records.ok) {
    return records.response;
  }
  const uri = recordUri(caller.did, COLLECTION, rkey);
  const isThere =
    records.value.meetingTypes.some((one) => one.rkey === rkey) ||
    records.value.invalid.some((one) => one.uri === uri);
  if (!isThere) {
    return notFound();
  }
  const refusal = await publish(env, caller.did, [{ action: "delete", collection: COLLECTION, rkey }]);
  return refusal ?? new Response(null, { status: 204 });
}

/** The write that creates a drafted meeting type. */
export function creationOf({ record, reading }: Drafted<MeetingType>): RecordWrite {
  return { action: "create", collection: COLLECTION, rkey: reading.rkey, value: record };
}

async function draftFrom(
  { request, env, caller, now }: SignedInCall,
  rkey: string,
): Promise<Drafted<MeetingType> | Response> {
  const input = await parseBody(request, meetingTypeInput);
  if (!input.ok) {
    return input.response;
  }
  const drafted = draftMeetingType(caller.did, rkey, input.value, now);
  if (!drafted.ok) {
    return invalidDraft(drafted.reason);
  }
  const records = await ownRecords(env, caller.did);
  if (!records.ok) {
    return records.response;
  }
  const { availabilityRkey } = drafted.value.reading;
  return records.value.availability.some((one) => one.rkey === availabilityRkey)
    ? drafted.value
    : invalidDraft("`availabilityRkey` is not one of your availabilities. Create that first.");
}

async function meetingTypeResponse(
  { env, caller }: SignedInCall,
  drafted: Drafted<MeetingType>,
  status: number,
): Promise<Response> {
  const records = await ownRecords(env, caller.did);
  const host = records.ok ? records.value : { did: caller.did, availability: [] };
  return Response.json({ meetingType: meetingTypeJson(host, drafted.reading) }, { status });
}

function notFound(): Response {
  return errorResponse(404, "RecordNotFound", "You have no such meeting type. Reload the list.");
}
