/** What a freeBusy answer says of one calendar. No I/O. */

import * as z from "zod/mini";
import type { Period } from "../../../scheduling/period.ts";
import type { CalendarReading } from "../source.ts";
import { parseInstant } from "./google-times.ts";

const FreeBusyCalendar = z.object({
  errors: z.optional(z.array(z.object({ reason: z.optional(z.string()) }))),
  busy: z.optional(z.array(z.object({ start: z.string(), end: z.string() }))),
});

/**
 * Busy time in the order of the answer, not merged. An error in an answer of success (200), a calendar that is not in it, and one
 * without busy time, not even none, are failures of this calendar: nobody knows whether it is free.
 */
export function busyIn(calendars: Readonly<Record<string, unknown>>, ref: string): CalendarReading {
  const found = FreeBusyCalendar.safeParse(Object.hasOwn(calendars, ref) ? calendars[ref] : {});
  if (!found.success) {
    return { kind: "failed", problem: "not-a-calendar" };
  }
  const { errors = [], busy } = found.data;
  if (errors.length > 0 || busy === undefined) {
    const isGone = errors.some(({ reason }) => reason === "notFound");
    return { kind: "failed", problem: isGone ? "not-found" : "server-error" };
  }
  const periods: Period[] = [];
  for (const { start, end } of busy) {
    const period = { start: parseInstant(start), end: parseInstant(end) };
    if (!(period.start <= period.end)) {
      return { kind: "failed", problem: "not-a-calendar" };
    }
    periods.push(period);
  }
  return { kind: "read", busy: periods };
}
