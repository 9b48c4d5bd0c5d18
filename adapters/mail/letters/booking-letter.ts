/** The letters about a booking: what happened, what it is about, and what can be done. No I/O. */

import type { BookingNews } from "../../../scheduling/booking-mail.ts";
import type { Booking, Party } from "../../../scheduling/booking.ts";
import { plainLine } from "../../atproto/record-text.ts";
import { factsOf, quotesOf } from "./booking-facts.ts";
import { bookingWords, type Side } from "./booking-words.ts";
import { cut } from "../cut.ts";
import type { Link } from "./letter-parts.ts";
import { shortMoment, zoneOf } from "./letter-times.ts";
import { letterOf, type Letter, type Reader } from "./letter.ts";

interface LetterContext {
  /** Where people reach this broker. */
  readonly publicUrl: string;
  /** Of what nobody needs. */
  readonly unsubscribeUrl?: string;
  /** When the letter is written, epoch ms, for reminders that are late; absent: they are on time. */
  readonly at?: number;
}

/** What a person is called whose handle is not known to be theirs. */
const NO_HANDLE = "handle.invalid";

const SUBJECT_MAX_LENGTH = 120;
const NAME_IN_HEADING_MAX_LENGTH = 60;
/** So much of each name is always in a subject. */
const TITLE_IN_SUBJECT_MIN_LENGTH = 10;
const OTHER_IN_SUBJECT_MIN_LENGTH = 24;

/** `booking` as it was decided; titles, notes, reasons and places are written by strangers. */
export function bookingLetter(
  booking: Booking,
  news: BookingNews,
  to: Side,
  reader: Reader,
  { publicUrl, unsubscribeUrl, at }: LetterContext,
): Letter {
  const other = nameOf(to === "host" ? booking.booker : booking.host);
  const title = plainLine(booking.meetingType.title) || "Meeting";
  const words = bookingWords(booking, news, to, {
    other: cut(other, NAME_IN_HEADING_MAX_LENGTH),
    title: cut(title, NAME_IN_HEADING_MAX_LENGTH),
    zone: zoneOf(reader),
    ...(at !== undefined && { at }),
  });
  return letterOf({
    subject: subjectOf(words.news, title, other, shortMoment(booking.start, reader)),
    heading: words.heading,
    facts: factsOf(booking, news, to, { title, other }, reader),
    paragraphs: [...(reader.isOwnZone ? [] : [zoneNote(reader, publicUrl)]), ...words.more],
    quotes: quotesOf(booking, to),
    actions: actionsOf(booking, to, publicUrl),
    footer: [
      `You get this because you are the ${to} of this booking, made with atproto Cal at ${publicUrl}.`,
    ],
    ...(unsubscribeUrl !== undefined && {
      footerLink: { label: "No reminders by mail any more", href: unsubscribeUrl },
    }),
  });
}

function nameOf({ did, handle }: Party): string {
  return handle === NO_HANDLE ? plainLine(did) : `@${plainLine(handle)}`;
}

/** `Confirmed: Intro call with @bob.test, Thu 3 Dec, 14:00 (Europe/Berlin)`: names give way to the rest. */
function subjectOf(news: string, title: string, other: string, time: string): string {
  const room = SUBJECT_MAX_LENGTH - `${news}:  with , ${time}`.length;
  const shownOther = cut(other, Math.max(OTHER_IN_SUBJECT_MIN_LENGTH, room - Array.from(title).length));
  const left = room - Array.from(shownOther).length;
  return `${news}: ${cut(title, Math.max(TITLE_IN_SUBJECT_MIN_LENGTH, left))} with ${shownOther}, ${time}`;
}

function zoneNote(reader: Reader, publicUrl: string): string {
  return `Times are in the host's time zone, ${zoneOf(reader)}, since yours is not known. You can choose it at ${publicUrl}/settings.`;
}

/** What the reader most likely wants comes first. */
function actionsOf({ uid, status, host }: Booking, to: Side, publicUrl: string): Link[] {
  const page = `${publicUrl}/bookings/${uid}`;
  const open: Link = { label: "Open the booking", href: page };
  if (status !== "pending" && status !== "confirmed") {
    // Well-formed, or it cannot be encoded.
    const actor = encodeURIComponent(plainLine(host.handle === NO_HANDLE ? host.did : host.handle));
    const again: Link = { label: "Book another time", href: `${publicUrl}/book/${actor}` };
    return to === "booker" ? [again, open] : [open];
  }
  return [
    ...(status === "pending" && to === "host" ? [{ label: "Answer", href: `${page}#answer` }] : []),
    open,
    { label: "Add to calendar", href: `${publicUrl}/api/bookings/${uid}.ics` },
    { label: "Reschedule", href: `${page}#reschedule` },
    { label: "Cancel", href: `${page}#cancel` },
  ];
}
