/** What anybody may see of a host: their meeting types and free slots. */

import * as z from "zod/mini";
import type { SlotBound } from "../../durable-objects/slot-list.ts";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar } from "../authority.ts";
import { rfc3339 } from "../booking-json.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { durationParameter, isRealDate, parseInstant, rkeyField } from "../fields.ts";
import { parseQuery } from "../query.ts";
import { meetingTypeJson } from "../record-json.ts";
import type { Call } from "../call.ts";
import type { HostJson, SlotsJson } from "../wire.ts";

const DAY_MS = 24 * 60 * 60_000;
const MAX_RANGE_DAYS = 62;
/** A local date may begin up to 14 hours before or after the same date in UTC. */
const ZONE_SLACK_MS = 14 * 60 * 60_000;

const BOUND_WANTED = "give a date such as 2026-12-01 or an instant such as 2026-12-01T09:00:00Z";

/** One end of a range of slots; a bare date is local to the host. */
const boundField = z.pipe(
  z
    .string(BOUND_WANTED)
    .check(z.refine((text) => isRealDate(text) || parseInstant(text) !== undefined, { error: BOUND_WANTED })),
  z.transform((text): SlotBound => {
    const at = parseInstant(text);
    return at === undefined ? { date: text } : { at };
  }),
);

const slotsInput = z.object({
  meetingType: rkeyField,
  durationMinutes: z.exactOptional(durationParameter),
  from: boundField,
  to: boundField,
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
  const slackMs = "at" in from === "at" in to ? 0 : ZONE_SLACK_MS;
  const lengthMs = roughInstant(to) - roughInstant(from);
  if (lengthMs <= -slackMs || lengthMs > MAX_RANGE_DAYS * DAY_MS + slackMs) {
    return errorResponse(
      400,
      "InvalidRequest",
      `Let \`to\` come after \`from\`, and ask for at most ${MAX_RANGE_DAYS} days at once.`,
    );
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
  if (!list.ok) {
    return refusalResponse(list.refusal);
  }
  const body: SlotsJson = {
    timeZone: list.value.timeZone,
    durationMinutes: list.value.durationMinutes,
    slots: list.value.slots.map((slot) => ({ start: rfc3339(slot.start), end: rfc3339(slot.end) })),
  };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
}

function roughInstant(bound: SlotBound): number {
  return "at" in bound ? bound.at : Date.parse(`${bound.date}T00:00:00Z`);
}
