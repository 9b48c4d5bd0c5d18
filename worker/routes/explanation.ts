/** Why times are not offered: for anybody, and in full for the host who is signed in. */

import * as z from "zod/mini";
import type { Explanation, ShownReason } from "../../durable-objects/slot-explanation.ts";
import type { TakenBy } from "../../scheduling/reason.ts";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar } from "../authority.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import type { Call } from "../call.ts";
import { optionalCaller } from "../caller.ts";
import { errorResponse, refusalResponse } from "../errors.ts";
import { durationParameter, instantField, isRealDate, rkeyField } from "../fields.ts";
import { parseQuery } from "../query.ts";
import type { ExplanationJson, ReasonJson } from "../wire.ts";

const DATE_WANTED = "give a date such as 2026-12-01";

const explanationInput = z.object({
  meetingType: rkeyField,
  durationMinutes: z.exactOptional(durationParameter),
  date: z.exactOptional(z.string(DATE_WANTED).check(z.refine(isRealDate, { error: DATE_WANTED }))),
  at: z.exactOptional(instantField),
});

/** `GET /api/hosts/:actor/explanation` (explainSlots): of a local date of the host, or of one instant. */
export async function explainSlots({ request, env, params, url, now }: Call): Promise<Response> {
  const input = parseQuery(url, explanationInput);
  if (!input.ok) {
    return input.response;
  }
  const { meetingType: meetingTypeRkey, durationMinutes, date, at } = input.value;
  if ((date === undefined) === (at === undefined)) {
    return errorResponse(400, "InvalidRequest", "Ask about either a `date` or an instant `at`, not both.");
  }
  const caller = await optionalCaller(request, env, "social.schedule.explainSlots", now);
  if (caller instanceof Response) {
    return caller;
  }
  const did = await resolveActorDid(env, params["actor"] ?? "");
  if (!did.ok) {
    return refusalResponse(did.refusal);
  }
  const explanation = await atHostCalendar(env, did.value, (calendar) =>
    calendar.explainSlots({
      meetingTypeRkey,
      ...(durationMinutes !== undefined && { durationMinutes }),
      of: at === undefined ? { date: date ?? "" } : { at },
      ...(caller && { viewerDid: caller.did }),
    }),
  );
  return explanation.ok
    ? Response.json(explanationJson(explanation.value), { headers: { "cache-control": "no-store" } })
    : refusalResponse(explanation.refusal);
}

function explanationJson({ reasons, starts, ...about }: Explanation): ExplanationJson {
  return {
    ...about,
    reasons: reasons.map(reasonJson),
    starts: starts.map(({ start, end, reasons: against }) => ({
      start: rfc3339(start),
      end: rfc3339(end),
      reasons: against.map(reasonJson),
    })),
  };
}

function reasonJson(reason: ShownReason): ReasonJson {
  switch (reason.code) {
    case "inactive":
    case "outside_window":
    case "taken":
    case "closed_by_override":
    case "too_soon":
    case "beyond_horizon":
    case "limit_reached":
      return reason;
    case "off_grid":
      return {
        code: "off_grid",
        ...(reason.before !== undefined && { before: rfc3339(reason.before) }),
        ...(reason.after !== undefined && { after: rfc3339(reason.after) }),
      };
    case "buffer":
      return {
        code: "buffer",
        of: reason.of.code,
        ...(reason.of.code === "booked" && { uid: reason.of.uid }),
        ...periodJson(reason.of),
      };
    case "busy":
      return { code: "busy", ...periodJson(reason) };
    case "booked":
      return { code: "booked", uid: reason.uid, ...periodJson(reason) };
    case "held":
      return { code: "held", ...periodJson(reason), expiresAt: rfc3339(reason.expiresAt) };
  }
}

function periodJson({ period }: TakenBy): { start: string; end: string } {
  return { start: rfc3339(period.start), end: rfc3339(period.end) };
}
