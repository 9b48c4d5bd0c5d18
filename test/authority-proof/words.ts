/** Operations and bookings on one line each, for those who read what was found. */

import type { Answer, Ask, Operation } from "./history.ts";
import type { Booked } from "./booked.ts";

export function toldOperation({ id, actor, ask, answer, invokedAt, answeredAt }: Operation): string {
  return `#${id} [${invokedAt.toFixed(1)} to ${answeredAt.toFixed(1)} ms] ${short(actor)}: ${toldAsk(ask)}: ${toldAnswer(answer)}`;
}

export function toldAsk(ask: Ask): string {
  switch (ask.kind) {
    case "hold":
      return `hold ${ask.offer} ${instant(ask.start)} (${short(ask.requestId)})`;
    case "book":
      return `book ${ask.offer} ${instant(ask.start)}${ask.holdId === undefined ? "" : ` by hold ${short(ask.holdId)}`} (${short(ask.requestId)})`;
    case "reschedule":
      return `reschedule ${short(ask.uid)} to ${instant(ask.start)} (${short(ask.requestId)})`;
    case "release":
      return `release hold ${short(ask.holdId)}`;
    case "slots":
      return `slots of ${ask.offer}`;
    case "confirm":
    case "decline":
    case "cancel":
    case "read":
      return `${ask.kind} ${short(ask.uid)}`;
  }
}

export function toldAnswer(answer: Answer): string {
  switch (answer.kind) {
    case "booking": {
      const { uid, sequence, status, start, end } = answer.booking;
      return `${answer.status} ${short(uid)} ${sequence} ${status} ${start} to ${end}`;
    }
    case "hold":
      return `${answer.status} hold ${short(answer.id)} until ${instant(answer.expiresAt)}`;
    case "slots":
      return `${answer.status} ${answer.starts.length} slots`;
    case "released":
      return "204";
    case "refused":
      return `${answer.status} ${answer.error}`;
    case "unknown":
      return "the answer was lost";
  }
}

export function toldBooking({ uid, sequence, status, meetingType, start, end }: Booked): string {
  return `${short(uid)} ${sequence} ${status} ${meetingType} ${instant(start)} to ${instant(end)}`;
}

/** RFC 3339, without what is zero anyway. */
export function instant(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, "Z");
}

/** Enough of an id to tell it from others: what follows is the same for all of them, or random. */
export function short(id: string): string {
  return id.startsWith("did:") ? id : id.slice(0, 12);
}
