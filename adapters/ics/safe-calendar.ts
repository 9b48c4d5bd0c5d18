/** The one place where the `ics` package writes: what it gets wrong (quotation marks, folding, its own defaults) is put right here. */

import { createEvents } from "ics";
import type { EventAttributes } from "ics";
import type { Booking } from "../../scheduling/booking.ts";
import { bookingText, calendarUid } from "./booking-text.ts";
import { foldLines, unfoldLines } from "./fold.ts";
import { escapeText } from "./safe-text.ts";

/** A VEVENT whose texts are safe already. `timestamp` becomes DTSTAMP; the package reads it but does not declare it. */
export type SafeEvent = EventAttributes & { readonly timestamp: number };

/** What every VEVENT of a booking has, whatever for. `stampedAt` (DTSTAMP) in epoch ms. */
export function eventOfBooking(booking: Booking, publicUrl: string, stampedAt: number): SafeEvent {
  const { title, description, link, location } = bookingText(booking, publicUrl);
  return {
    uid: calendarUid(booking.uid, publicUrl),
    sequence: booking.sequence,
    timestamp: stampedAt,
    start: booking.start,
    startInputType: "utc",
    startOutputType: "utc",
    end: booking.end,
    endInputType: "utc",
    endOutputType: "utc",
    title,
    description,
    url: link,
    ...(location !== undefined && { location }),
  };
}

/**
 * One VCALENDAR. `properties` are its own content lines after VERSION, CALSCALE and PRODID, whole and escaped.
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function calendarText(events: readonly SafeEvent[], properties: readonly string[]): string {
  const made = createEvents(events.map(withoutTexts), { productId: "-//atproto Cal//EN" });
  if (!made.value) {
    throw new Error("ics refused a booking", { cause: made.error });
  }
  const lines = unfoldLines(made.value);
  const body = lines.findIndex((line) => line === "BEGIN:VEVENT" || line === "END:VCALENDAR");
  const head = lines.slice(0, body).filter((line) => !/^(?:METHOD|X-PUBLISHED-TTL):/.test(line));
  let at = -1;
  const written = lines.slice(body).map((line) => {
    if (line === "BEGIN:VEVENT") at += 1;
    return tidied(withText(line, events[at]));
  });
  return foldLines([...head, ...properties, ...written]);
}

/** The package folds in quadratic time, a tenth of a second for a long note. So it sees a dash, and the text comes in later. */
function withoutTexts(event: SafeEvent): SafeEvent {
  const { description, location } = event;
  return {
    ...event,
    title: "-",
    ...(description !== undefined && { description: "-" }),
    ...(location !== undefined && { location: "-" }),
  };
}

function withText(line: string, event: SafeEvent | undefined): string {
  switch (line) {
    case "SUMMARY:-":
      return `SUMMARY:${escapeText(event?.title ?? "")}`;
    case "DESCRIPTION:-":
      return `DESCRIPTION:${escapeText(event?.description ?? "")}`;
    case "LOCATION:-":
      return `LOCATION:${escapeText(event?.location ?? "")}`;
    default:
      return line;
  }
}

/** Words of RFC 5545 need no quotation marks, and not every reader looks inside; names have none of their own. */
function tidied(line: string): string {
  if (line.startsWith("ORGANIZER;")) {
    return line.replace(/:MAILTO:(?=[^:]*$)/, ":mailto:");
  }
  return line.startsWith("ATTENDEE;") ? line.replaceAll(/;(ROLE|PARTSTAT)="([A-Z-]+)"/g, ";$1=$2") : line;
}
