/** What a letter says of the booking itself: the table of facts, and what its people wrote. No I/O. */

import type { BookingNews } from "../../../scheduling/booking-mail.ts";
import { type Booking, expiryOf } from "../../../scheduling/booking.ts";
import { plainLine, plainParagraphs } from "../../atproto/record-text.ts";
import type { Side } from "./booking-words.ts";
import { cut } from "../cut.ts";
import type { Fact, Quote } from "./letter-parts.ts";
import { lengthOf, longMoment, longTime } from "./letter-times.ts";
import type { Reader } from "./letter.ts";
import { webAddress } from "./safe-html.ts";

const FACT_MAX_LENGTH = 500;
const QUOTE_MAX_LENGTH = 3_000;
/** As long as the lexicon lets it be, and escaped. */
const ADDRESS_MAX_LENGTH = 2048 * 3;

/** `title`, `other`: what is met about and the other person, in full. */
export function factsOf(
  booking: Booking,
  news: BookingNews,
  to: Side,
  { title, other }: { readonly title: string; readonly other: string },
  reader: Reader,
): Fact[] {
  const { start, end, previousStart, location, status } = booking;
  const was =
    news.kind === "rescheduled" && previousStart !== undefined
      ? { start: previousStart, end: previousStart + end - start }
      : undefined;
  return [
    { label: "What", value: cut(title, FACT_MAX_LENGTH) },
    { label: to === "host" ? "Who" : "With", value: cut(other, FACT_MAX_LENGTH) },
    { label: "When", value: longTime({ start, end }, reader) },
    ...(was ? [{ label: "Before", value: longTime(was, reader) }] : []),
    { label: "Length", value: lengthOf(end - start) },
    ...(location ? [placeOf(location)] : []),
    ...(status === "pending" ? [{ label: "Answer by", value: longMoment(expiryOf(booking), reader) }] : []),
  ].filter(({ value }) => value !== "");
}

/** The booker's note, and why it was declined or cancelled. */
export function quotesOf({ note, reason, status }: Booking, to: Side): Quote[] {
  const hasEnded = status === "declined" || status === "cancelled";
  return [
    ...(note === undefined
      ? []
      : [{ label: to === "host" ? "Their note" : "Your note", text: quoted(note) }]),
    ...(reason === undefined || !hasEnded ? [] : [{ label: "Reason given", text: quoted(reason) }]),
  ].filter(({ text }) => text !== "");
}

function placeOf(location: NonNullable<Booking["location"]>): Fact {
  const label = "Where";
  if (location.kind === "text") {
    return { label, value: cut(plainLine(location.text), FACT_MAX_LENGTH) };
  }
  // A link is shown as what it is, whole, or it is none.
  const address = webAddress(location.uri);
  return address === undefined || address.length > ADDRESS_MAX_LENGTH
    ? { label, value: cut(plainLine(location.uri), FACT_MAX_LENGTH) }
    : { label, value: address, href: address };
}

function quoted(text: string): string {
  // However many empty lines somebody typed, one is enough.
  return cut(plainParagraphs(text).replaceAll(/\n\s*\n/g, "\n\n"), QUOTE_MAX_LENGTH);
}
