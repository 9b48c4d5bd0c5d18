/** Bookings in a Google calendar: one event each, found by its iCalendar UID (RFC 5545 3.8.4.7). */

import * as z from "zod/mini";
import type { Booking } from "../../../scheduling/booking.ts";
import { rfc3339 } from "../../../scheduling/time-zone.ts";
import { bookingText, calendarUid } from "../../ics/booking-text.ts";
import type { SourceSettings, WriteAnswer, WritePlace } from "../source.ts";
import { canWrite } from "./google-access.ts";
import { withGoogle } from "./google-account.ts";
import type { CallCalendar } from "./google-account.ts";
import { Nothing } from "./google-call.ts";
import type { GoogleAnswer } from "./google-call.ts";

const EventList = z.object({
  items: z.optional(
    z.array(
      z.object({
        id: z.string().check(z.minLength(1), z.maxLength(1_024)),
        status: z.optional(z.string()),
        sequence: z.optional(z.number()),
      }),
    ),
  ),
});

/** A calendar that Google does not let us write into, or an event it does not take: asking again does not help. */
const REFUSED = "read-only";

type ListedEvent = NonNullable<z.infer<typeof EventList>["items"]>[number];

/**
 * Writes the booking as it is now. An event that is there is changed, whatever else the host made of it (colour, reminders, guests)
 * stays; one that the host threw away comes back. `read-only` where that was not consented to, or is refused. `now` in epoch ms.
 */
export function writeGoogleBooking(
  { access, ref }: WritePlace,
  booking: Booking,
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  const iCalUID = calendarUid(booking.uid, settings.PUBLIC_URL);
  return withGoogle({ access, settings, now }, async (call) => {
    if (!canWrite(access)) {
      return { kind: "failed", problem: REFUSED };
    }
    // Looked up first: importing over an event has been seen to change it, and to be refused as a duplicate.
    const found = await eventsWith(call, ref, iCalUID, true);
    if (found.kind === "failed") {
      return found;
    }
    const event = found.body.find(({ status }) => status !== "cancelled") ?? found.body[0];
    const answer = await call(
      event === undefined
        ? {
            method: "POST",
            path: `${eventsOf(ref)}/import`,
            body: { ...eventOf(booking, settings, 0), iCalUID },
            refused: REFUSED,
          }
        : {
            method: "PATCH",
            path: `${eventsOf(ref)}/${encodeURIComponent(event.id)}`,
            body: eventOf(booking, settings, event.sequence ?? 0),
            refused: REFUSED,
          },
      Nothing,
    );
    return answer.kind === "failed" ? answer : { kind: "done" };
  });
}

/** Removes the booking's event; `read-only` as for writing. `now` in epoch ms. */
export function removeGoogleBooking(
  { access, ref }: WritePlace,
  bookingUid: string,
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  return withGoogle({ access, settings, now }, async (call) => {
    if (!canWrite(access)) {
      return { kind: "failed", problem: REFUSED };
    }
    const found = await eventsWith(call, ref, calendarUid(bookingUid, settings.PUBLIC_URL), false);
    if (found.kind === "failed") {
      // Without its calendar the event is gone as well.
      return found.problem === "not-found" ? { kind: "done" } : found;
    }
    for (const { id } of found.body) {
      const answer = await call(
        { method: "DELETE", path: `${eventsOf(ref)}/${encodeURIComponent(id)}`, refused: REFUSED },
        Nothing,
      );
      if (answer.kind === "failed" && answer.problem !== "not-found") {
        return answer;
      }
    }
    return { kind: "done" };
  });
}

/** A page is enough: there is one, unless the host has made more of it. */
async function eventsWith(
  call: CallCalendar,
  ref: string,
  iCalUID: string,
  showDeleted: boolean,
): Promise<GoogleAnswer<readonly ListedEvent[]>> {
  const query = { iCalUID, showDeleted: `${showDeleted}` };
  const answer = await call({ method: "GET", path: eventsOf(ref), query }, EventList);
  return answer.kind === "failed" ? answer : { kind: "answer", body: answer.body.items ?? [] };
}

function eventsOf(ref: string): string {
  return `/calendars/${encodeURIComponent(ref)}/events`;
}

/** @param sequence of the event that is there: Google counts the host's own changes too, and refuses to count down */
function eventOf(booking: Booking, settings: SourceSettings, sequence: number): object {
  const { title, description, link, location } = bookingText(booking, settings.PUBLIC_URL);
  return {
    summary: title,
    description: escapeHtml(description),
    // Empty takes away what an earlier version of the booking said.
    location: location ?? "",
    start: { dateTime: rfc3339(booking.start) },
    end: { dateTime: rfc3339(booking.end) },
    sequence: Math.max(booking.sequence, sequence),
    status: "confirmed",
    source: { title: "atproto Cal", url: link },
  };
}

/** Google takes a description for HTML, and a note is written by a stranger. */
function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
