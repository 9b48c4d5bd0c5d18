/** A published .ics file as a calendar source of one calendar: its address is the access, its version the validators. */

import { MINUTE } from "../../../scheduling/time-zone.ts";
import { createFeedReader, type FeedAnswer, type FeedVersion } from "./feed.ts";
import { MAX_CALENDAR_BYTES, readBusyPeriods } from "../icalendar/busy-periods.ts";
import { parseOutsideUrl } from "../../outside-url.ts";
import type { CalendarReading, SourceQuestion, SourceReading, SourceSettings } from "../source.ts";

/** Reads the file, unless it is as it was. `now` in epoch ms. */
export async function readFeedSource(
  { access, calendars, range, timeZone, isBooking }: SourceQuestion,
  settings: SourceSettings,
  now: number,
): Promise<SourceReading> {
  const allowLoopback = settings.ALLOW_LOOPBACK === "true";
  const [asked] = calendars;
  if (asked === undefined) {
    return { kind: "read", calendars: new Map() };
  }
  const address = parseOutsideUrl(access, allowLoopback);
  if (!address.ok) {
    return { kind: "failed", problem: "refused-address" };
  }
  const read = createFeedReader({
    allowLoopback,
    publicUrl: settings.PUBLIC_URL,
    maxBytes: MAX_CALENDAR_BYTES,
  });
  // Written by validatorsOf of this or an earlier version.
  const seen: FeedVersion = asked.validators === undefined ? {} : JSON.parse(asked.validators);
  const answer = await read(address.url.href, seen, now);
  switch (answer.kind) {
    case "unchanged":
      return { kind: "read", calendars: new Map([[asked.id, { kind: "unchanged" }]]) };
    case "failed":
      return {
        kind: "failed",
        problem: answer.reason,
        ...("retryAfterMs" in answer &&
          answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
      };
    case "calendar": {
      const calendar = readBusyPeriods(answer.bytes, { range, hostZone: timeZone, isBooking });
      if (!calendar.ok) {
        return {
          kind: "failed",
          problem: calendar.refusal === "too-large" ? "too-large" : "not-a-calendar",
        };
      }
      const { busy, events } = calendar;
      const { refreshMinutes } = answer;
      const reading: CalendarReading = { kind: "read", busy, events, ...validatorsOf(answer) };
      return {
        kind: "read",
        calendars: new Map([[asked.id, reading]]),
        ...(refreshMinutes !== undefined && { restMs: refreshMinutes * MINUTE }),
      };
    }
  }
}

function validatorsOf({ etag, lastModified }: Extract<FeedAnswer, { kind: "calendar" }>): {
  readonly validators?: string;
} {
  return etag === undefined && lastModified === undefined
    ? {}
    : { validators: JSON.stringify({ etag, lastModified }) };
}
