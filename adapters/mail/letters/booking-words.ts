/** What a letter about a booking says of the news, by what has happened and who reads it. Pure. */

import type { BookingNews } from "../../../scheduling/booking-mail.ts";
import type { Booking } from "../../../scheduling/booking.ts";

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

/** `other`, `title`: how the other person and the meeting are called. */
export function bookingWords(
  booking: Booking,
  news: BookingNews,
  to: Side,
  { other, title }: { readonly other: string; readonly title: string },
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
      const who = booking.cancelledBy === to ? "You" : other;
      return {
        news: "Cancelled",
        heading: `${who} cancelled ${title}${who === "You" ? ` with ${other}` : ""}`,
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
    case "reminder":
      return {
        news: news.lead === "day" ? "Tomorrow" : "In an hour",
        heading: `${title} with ${other} is ${news.lead === "day" ? "tomorrow" : "in an hour"}`,
        more: [],
      };
  }
}

function movedWords(
  { status, rescheduledBy }: Booking,
  to: Side,
  { other, title }: { readonly other: string; readonly title: string },
): BookingWords {
  const who = rescheduledBy === to ? "You" : other;
  const whom = who === "You" ? ` with ${other}` : "";
  const heading = `${who} moved ${title}${whom} to another time`;
  if (status !== "pending") {
    return { news: "Moved", heading, more: [ENTRY_MOVES] };
  }
  const waits =
    to === "host"
      ? "It is a request again, and waits for your answer."
      : "It is a request again, and waits for the host's answer.";
  return { news: to === "host" ? "Moved, please answer" : "Moved", heading, more: [waits] };
}
