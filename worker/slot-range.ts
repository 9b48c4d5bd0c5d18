/** Asking for slots of a range of time, and answering with them: the same for whatever the slots are of. */

import * as z from "zod/mini";
import type { SlotBound, SlotList } from "../durable-objects/slot-list.ts";
import type { Result } from "../scheduling/refusal.ts";
import { rfc3339 } from "../scheduling/time-zone.ts";
import { errorResponse, refusalResponse } from "./errors.ts";
import { isRealDate, parseInstant } from "./fields.ts";
import type { SlotsJson } from "./wire.ts";

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

/** The two ends of a range, `to` exclusive. */
export const slotRangeFields = { from: boundField, to: boundField };

/** The 400 to answer with where the range is none, or longer than 62 days. */
export function refusedRange({ from, to }: { from: SlotBound; to: SlotBound }): Response | undefined {
  const slackMs = "at" in from === "at" in to ? 0 : ZONE_SLACK_MS;
  const lengthMs = roughInstant(to) - roughInstant(from);
  return lengthMs <= -slackMs || lengthMs > MAX_RANGE_DAYS * DAY_MS + slackMs
    ? errorResponse(
        400,
        "InvalidRequest",
        `Let \`to\` come after \`from\`, and ask for at most ${MAX_RANGE_DAYS} days at once.`,
      )
    : undefined;
}

/** `SlotsJson`, never kept by anybody on the way, or the refusal. */
export function slotsResponse(list: Result<SlotList>): Response {
  if (!list.ok) {
    return refusalResponse(list.refusal);
  }
  const { timeZone, durationMinutes, slots } = list.value;
  const body: SlotsJson = {
    timeZone,
    durationMinutes,
    slots: slots.map(({ start, end }) => ({ start: rfc3339(start), end: rfc3339(end) })),
  };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
}

function roughInstant(bound: SlotBound): number {
  return "at" in bound ? bound.at : Date.parse(`${bound.date}T00:00:00Z`);
}
