/** What anybody may see of a host: their meeting types and free slots. */

import * as z from "zod/mini";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar } from "../authority.ts";
import { refusalResponse } from "../errors.ts";
import { durationParameter, rkeyField } from "../fields.ts";
import { parseQuery } from "../query.ts";
import { meetingTypeJson } from "../record-json.ts";
import type { Call } from "../call.ts";
import { refusedRange, slotRangeFields, slotsResponse } from "../slot-range.ts";
import type { HostJson } from "../wire.ts";

const slotsInput = z.object({
  meetingType: rkeyField,
  durationMinutes: z.exactOptional(durationParameter),
  ...slotRangeFields,
});

/** `GET /api/hosts/:actor` (getHost): who they are and what can be booked now. */
export async function getHost({ env, params }: Call): Promise<Response> {
  const did = await resolveActorDid(env, params["actor"] ?? "");
  if (!did.ok) {
    return refusalResponse(did.refusal);
  }
  const host = await atHostCalendar(env, did.value, (calendar) => calendar.getHost());
  if (!host.ok) {
    return refusalResponse(host.refusal);
  }
  const body: HostJson = {
    did: host.value.did,
    handle: host.value.handle,
    ...(host.value.displayName !== undefined && { displayName: host.value.displayName }),
    meetingTypes: host.value.meetingTypes
      .filter((meetingType) => meetingType.active)
      .map((meetingType) => meetingTypeJson(host.value, meetingType)),
  };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
}

/** `GET /api/hosts/:actor/slots` (getSlots): a bare date is local to the host, `to` is exclusive, at most 62 days. */
export async function getSlots({ env, params, url }: Call): Promise<Response> {
  const input = parseQuery(url, slotsInput);
  if (!input.ok) {
    return input.response;
  }
  const { meetingType: meetingTypeRkey, durationMinutes, from, to } = input.value;
  const notARange = refusedRange({ from, to });
  if (notARange) {
    return notARange;
  }
  const did = await resolveActorDid(env, params["actor"] ?? "");
  if (!did.ok) {
    return refusalResponse(did.refusal);
  }
  const list = await atHostCalendar(env, did.value, (calendar) =>
    calendar.listSlots({
      meetingTypeRkey,
      ...(durationMinutes !== undefined && { durationMinutes }),
      from,
      to,
    }),
  );
  return slotsResponse(list);
}
