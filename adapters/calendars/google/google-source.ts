/** Google Calendar as a calendar source: when calendars are busy. Never asks what happens in them. */

import * as z from "zod/mini";
import { clipPeriods, mergePeriods } from "../../../scheduling/period.ts";
import type { Period } from "../../../scheduling/period.ts";
import { DAY, rfc3339 } from "../../../scheduling/time-zone.ts";
import type { CalendarProblem } from "../../../scheduling/refusal.ts";
import type { CalendarReading, SourceQuestion, SourceReading, SourceSettings } from "../source.ts";
import { withGoogle } from "./google-account.ts";
import { busyIn } from "./google-busy.ts";
import { readGoogleEvents } from "./google-events.ts";

/** Google refuses about 90 days; what a meeting type's usual sixty days ask about is less than this. */
const SEGMENT_MS = 80 * DAY;

const SECOND = 1_000;

/** calendarExpansionMax. */
const MAX_CALENDARS = 50;

/** What is said of the account, and not of one of its calendars. */
const ENDS_ALL: ReadonlySet<CalendarProblem> = new Set<CalendarProblem>([
  "unauthorized",
  "unreachable",
  "timeout",
  "rate-limited",
  "server-error",
  "refused-address",
]);

const FreeBusy = z.object({ calendars: z.record(z.string(), z.unknown()) });

/**
 * When the calendars are busy, by freeBusy.query: no events, titles or UIDs cross the wire. Only those that hold bookings are asked for
 * their events, as the consent to write into them allows, since nothing else tells a booking from what its host put beside it. There is no
 * count of events and nothing to compare with the next time. Half an answer about a calendar is a failure of that calendar, never free
 * time. `now` in epoch ms.
 */
export async function readGoogleSource(
  question: SourceQuestion,
  settings: SourceSettings,
  now: number,
): Promise<SourceReading> {
  const { access, calendars, range } = question;
  const holding = new Set(calendars.filter(({ holdsBookings }) => holdsBookings).map(({ ref }) => ref));
  const refs = [...new Set(calendars.map(({ ref }) => ref))].filter((ref) => !holding.has(ref));
  return withGoogle({ access, settings, now }, async (call) => {
    const readings = new Map<string, CalendarReading>();
    for (const ref of holding) {
      const reading = await readGoogleEvents(call, ref, question);
      if (reading.kind === "failed" && ENDS_ALL.has(reading.problem)) {
        return reading;
      }
      readings.set(ref, reading);
    }
    for (const segment of segmentsOf(range)) {
      for (let first = 0; first < refs.length; first += MAX_CALENDARS) {
        const some = refs.slice(first, first + MAX_CALENDARS);
        const answer = await call(
          {
            method: "POST",
            path: "/freeBusy",
            body: {
              timeMin: rfc3339(segment.start),
              timeMax: rfc3339(segment.end),
              timeZone: "UTC",
              calendarExpansionMax: MAX_CALENDARS,
              items: some.map((id) => ({ id })),
            },
          },
          FreeBusy,
        );
        if (answer.kind === "failed") {
          return answer;
        }
        for (const ref of some) {
          readings.set(ref, both(readings.get(ref), busyIn(answer.body.calendars, ref)));
        }
      }
    }
    return {
      kind: "read",
      calendars: new Map(
        calendars.map(({ id, ref }) => [id, within(readings.get(ref) ?? { kind: "read", busy: [] }, range)]),
      ),
    };
  });
}

/** All of the range, from a whole second to a whole second: Google may leave fractions out, and so the end of an answer. */
function segmentsOf(range: Period): Period[] {
  const start = Math.floor(range.start / SECOND) * SECOND;
  const end = Math.ceil(range.end / SECOND) * SECOND;
  const segments: Period[] = [];
  for (let at = start; at < end; at += SEGMENT_MS) {
    segments.push({ start: at, end: Math.min(at + SEGMENT_MS, end) });
  }
  return segments;
}

/** A calendar that failed in one segment has failed. */
function both(earlier: CalendarReading | undefined, later: CalendarReading): CalendarReading {
  if (earlier?.kind !== "read" || later.kind !== "read") {
    return earlier === undefined || earlier.kind === "read" ? later : earlier;
  }
  return { kind: "read", busy: [...earlier.busy, ...later.busy] };
}

function within(reading: CalendarReading, range: Period): CalendarReading {
  return reading.kind === "read"
    ? { kind: "read", busy: clipPeriods(mergePeriods(reading.busy), range) }
    : reading;
}
