/** When a calendar is busy by its events, for calendars into which bookings were written: only events have a UID to leave them out by. */

import * as z from "zod/mini";
import type { Period } from "../../../scheduling/period.ts";
import { isKnownTimeZone, rfc3339, startOfLocalDate } from "../../../scheduling/time-zone.ts";
import type { CalendarReading, SourceFailure, SourceQuestion } from "../source.ts";
import type { CallCalendar } from "./google-account.ts";
import { parseDate, parseInstant } from "./google-times.ts";

/** The most that Google puts on a page, and how many pages of it a calendar may have in a year. */
const PAGE_SIZE = 2_500;
const MAX_PAGES = 8;

const EventTime = z.object({ date: z.optional(z.string()), dateTime: z.optional(z.string()) });

const Event = z.object({
  iCalUID: z.optional(z.string()),
  status: z.optional(z.string()),
  transparency: z.optional(z.string()),
  start: z.optional(EventTime),
  end: z.optional(EventTime),
  attendees: z.optional(
    z.array(z.object({ self: z.optional(z.boolean()), responseStatus: z.optional(z.string()) })),
  ),
});

const EventPage = z.object({
  timeZone: z.string(),
  items: z.array(Event),
  nextPageToken: z.optional(z.string()),
});

/** Nothing else of an event crosses the wire. */
const FIELDS =
  "timeZone,nextPageToken,items(iCalUID,status,transparency,start,end,attendees(self,responseStatus))";

/**
 * By events.list, neither merged nor cut to the range: repeating events one by one, whole days in the calendar's own zone as freeBusy has them. An event that cannot be read
 * is a failure of the calendar, and so is one without a UID: it may be anything.
 */
export async function readGoogleEvents(
  call: CallCalendar,
  ref: string,
  { range, isBooking }: Pick<SourceQuestion, "range" | "isBooking">,
): Promise<CalendarReading | SourceFailure> {
  const busy: Period[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await call(
      {
        method: "GET",
        path: `/calendars/${encodeURIComponent(ref)}/events`,
        query: {
          singleEvents: "true",
          timeMin: rfc3339(range.start),
          timeMax: rfc3339(range.end),
          maxResults: `${PAGE_SIZE}`,
          fields: FIELDS,
          ...(pageToken !== undefined && { pageToken }),
        },
      },
      EventPage,
    );
    if (answer.kind === "failed") {
      return answer;
    }
    const { timeZone, items, nextPageToken } = answer.body;
    for (const event of items) {
      if (!isBusy(event)) {
        continue;
      }
      const period = periodOf(event, timeZone);
      if (event.iCalUID === undefined || period === undefined) {
        return { kind: "failed", problem: "not-a-calendar" };
      }
      if (!isBooking(event.iCalUID)) {
        busy.push(period);
      }
    }
    pageToken = nextPageToken;
    if (pageToken === undefined) {
      return { kind: "read", busy };
    }
  }
  return { kind: "failed", problem: "too-large" };
}

/** As freeBusy counts: free ones, cancelled ones and those this person declined are not busy. */
function isBusy({ status, transparency, attendees = [] }: z.infer<typeof Event>): boolean {
  const hasDeclined = attendees.some(
    ({ self, responseStatus }) => self === true && responseStatus === "declined",
  );
  return status !== "cancelled" && transparency !== "transparent" && !hasDeclined;
}

function periodOf({ start, end }: z.infer<typeof Event>, timeZone: string): Period | undefined {
  const period = { start: instantOf(start, timeZone), end: instantOf(end, timeZone) };
  return period.start <= period.end ? period : undefined;
}

/** NaN for what is no time. */
function instantOf(time: z.infer<typeof EventTime> | undefined, timeZone: string): number {
  if (time?.dateTime !== undefined) {
    return parseInstant(time.dateTime);
  }
  const date = parseDate(time?.date ?? "");
  return date === undefined || !isKnownTimeZone(timeZone) ? NaN : startOfLocalDate(date, timeZone);
}
