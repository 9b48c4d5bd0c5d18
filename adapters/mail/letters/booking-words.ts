/** What a letter about a booking says of the news, by what has happened and who reads it. Pure. */

import type { BookingNews } from "../../../scheduling/booking-mail.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import type { ReminderLead } from "../../../scheduling/reminders.ts";
import { MINUTE, localDayOf } from "../../../scheduling/time-zone.ts";

export type Side = "host" | "booker";

export interface BookingWords {
  /** How the subject begins: the news. */
  readonly news: string;
  /** A sentence without its full stop. */
  readonly heading: string;
  /** Sentences. */
  readonly more: readonly string[];
}

const AS_AGREED = "The invitation for your calendar comes with this mail.";
const ENTRY_MOVES = "The entry in your calendar moves with this mail.";

interface Names {
  /** How the other person is called. */
  readonly other: string;
  /** How the meeting is called. */
  readonly title: string;
}

/** Shorter than this, it is no longer an hour. */
const ALMOST_AN_HOUR = 50 * MINUTE;

/** `zone`: the reader's, known. `at`: when it is written, epoch ms; absent: as early as it should be. */
export function bookingWords(
  booking: Booking,
  news: BookingNews,
  to: Side,
  { other, title, zone, at }: Names & { readonly zone: string; readonly at?: number },
): BookingWords {
  const isHost = to === "host";
  switch (news.kind) {
    case "requested":
      return isHost
        ? {
            news: "Request",
            heading: `${other} asks for ${title}`,
            more: ["Nobody else gets this time while it waits for your answer."],
          }
        : {
            news: "Asked",
            heading: `Your request for ${title} waits for ${other}`,
            more: ["You hear from us once it is answered."],
          };
    case "confirmed":
      return { news: "Confirmed", heading: `${title} with ${other} is confirmed`, more: [AS_AGREED] };
    case "invitation":
      return {
        news: "Invitation",
        heading: `${title} with ${other}`,
        more: [`You proved this address just now, so here is what you have booked already. ${AS_AGREED}`],
      };
    case "declined":
      return isHost
        ? { news: "Declined", heading: `You declined ${title} with ${other}`, more: [] }
        : { news: "Declined", heading: `${other} cannot make it: ${title} was declined`, more: [] };
    case "cancelled": {
      return {
        news: "Cancelled",
        heading: whoDid(booking.cancelledBy, to, { other, title }, ["cancelled", ""]),
        more: ["If it stood in your calendar, this mail takes it away."],
      };
    }
    case "rescheduled":
      return movedWords(booking, to, { other, title });
    case "expired":
      return {
        news: "Expired",
        heading: `${title} with ${other} expired`,
        more: [
          isHost
            ? "You did not answer in time, so the time is free again."
            : "The host did not answer in time, so the request has ended.",
        ],
      };
    case "reminder": {
      const [begin, says] = ahead(news.lead, booking.start, zone, at);
      return { news: begin, heading: `${title} with ${other} ${says}`, more: [] };
    }
  }
}

/** How far off it is, as a subject begins and as a sentence ends. A reminder may be late, and not every day has 24 hours. */
function ahead(
  lead: ReminderLead,
  start: number,
  zone: string,
  at: number | undefined,
): readonly [string, string] {
  if (lead === "hour") {
    return at === undefined || start - at >= ALMOST_AN_HOUR
      ? ["In an hour", "is in an hour"]
      : ["Soon", "begins soon"];
  }
  switch (at === undefined ? 1 : localDayOf(start, zone) - localDayOf(at, zone)) {
    case 0:
      return ["Today", "is today"];
    case 1:
      return ["Tomorrow", "is tomorrow"];
    default:
      return ["Reminder", "is coming up"];
  }
}

/** `@bob.test cancelled Intro call`, `You cancelled Intro call with @bob.test`, or without anybody where it is not known who did. */
function whoDid(
  by: Side | undefined,
  to: Side,
  { other, title }: Names,
  [verb, rest]: readonly [string, string],
): string {
  if (by === undefined) return `${title} with ${other} was ${verb}${rest}`;
  return by === to ? `You ${verb} ${title} with ${other}${rest}` : `${other} ${verb} ${title}${rest}`;
}

function movedWords({ status, rescheduledBy }: Booking, to: Side, names: Names): BookingWords {
  const heading = whoDid(rescheduledBy, to, names, ["moved", " to another time"]);
  if (status !== "pending") {
    return { news: "Moved", heading, more: [ENTRY_MOVES] };
  }
  return to === "host"
    ? {
        news: "Moved, please answer",
        heading,
        more: ["It is a request again, and waits for your answer."],
      }
    : { news: "Moved", heading, more: ["It is a request again, and waits for the host's answer."] };
}
