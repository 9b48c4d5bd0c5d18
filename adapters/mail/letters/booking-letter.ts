/** The letters about a booking: what happened, what it is about, and what can be done. No I/O. */

import type { BookingNews } from "../../../scheduling/booking-mail.ts";
import { type Booking, expiryOf } from "../../../scheduling/booking.ts";
import { formatLongDate, formatTimeRange, zoneLabel } from "../../../scheduling/format.ts";
import { localDateOf, zonedFormatter } from "../../../scheduling/time-zone.ts";
import { plainLine, plainParagraphs } from "../../atproto/record-text.ts";
import { bookingWords, type Side } from "./booking-words.ts";
import { letterOf, type Letter, type LetterParts, type Link, type Reader } from "./letter.ts";

interface LetterContext {
  /** Where people reach this broker. */
  readonly publicUrl: string;
  /** Of what nobody needs. */
  readonly unsubscribeUrl?: string;
}

/** Day before month, as most of the world writes it, and 24 hours unless the reader wants twelve. */
const LOCALE = "en-GB";

const TITLE_MAX_LENGTH = 60;
const QUOTE_MAX_LENGTH = 3_000;
const PLACE_MAX_LENGTH = 500;

/** `booking` as it was decided; titles, notes, reasons and places are written by strangers. */
export function bookingLetter(
  booking: Booking,
  news: BookingNews,
  to: Side,
  reader: Reader,
  { publicUrl, unsubscribeUrl }: LetterContext,
): Letter {
  const { handle } = to === "host" ? booking.booker : booking.host;
  const names = {
    other: `@${plainLine(handle)}`,
    title: cut(plainLine(booking.meetingType.title), TITLE_MAX_LENGTH),
  };
  const words = bookingWords(booking, news, to, names);
  return letterOf({
    subject: `${words.news}: ${names.title} with ${names.other}, ${shortTime(booking.start, reader)}`,
    heading: words.heading,
    intro: words.more,
    facts: factsOf(booking, names, to, reader),
    quotes: quotesOf(booking, to),
    actions: actionsOf(booking, to, publicUrl),
    footer: footerOf(to, reader, publicUrl),
    ...(unsubscribeUrl !== undefined && {
      footerLink: { label: "No reminders by mail any more", href: unsubscribeUrl },
    }),
  });
}

function factsOf(
  booking: Booking,
  { other }: { readonly other: string },
  to: Side,
  reader: Reader,
): LetterParts["facts"] {
  const { meetingType, start, end, previousStart, location, status } = booking;
  const wasAt =
    previousStart === undefined ? undefined : { start: previousStart, end: previousStart + end - start };
  return [
    { label: "What", value: cut(plainLine(meetingType.title), PLACE_MAX_LENGTH) },
    { label: to === "host" ? "Who" : "With", value: other },
    { label: "When", value: longTime({ start, end }, reader) },
    ...(wasAt ? [{ label: "Before", value: longTime(wasAt, reader) }] : []),
    { label: "Length", value: lengthOf(end - start) },
    ...(location ? [placeOf(location)] : []),
    ...(status === "pending"
      ? [{ label: "Answer", value: `by ${momentOf(expiryOf(booking), reader)}` }]
      : []),
  ];
}

function placeOf(location: NonNullable<Booking["location"]>): LetterParts["facts"][number] {
  if (location.kind === "text") {
    return { label: "Where", value: cut(plainLine(location.text), PLACE_MAX_LENGTH) };
  }
  // A link stays whole or is none.
  const { uri } = location;
  const isWeb = URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);
  const value = plainLine(uri);
  return { label: "Where", value, ...(isWeb && { href: new URL(uri).href }) };
}

function quotesOf({ note, reason, status }: Booking, to: Side): LetterParts["quotes"] {
  const hasEnded = status === "declined" || status === "cancelled";
  return [
    ...(note === undefined
      ? []
      : [{ label: to === "host" ? "Their note" : "Your note", text: quoted(note) }]),
    ...(reason === undefined || !hasEnded ? [] : [{ label: "Reason given", text: quoted(reason) }]),
  ].filter(({ text }) => text !== "");
}

/** What the reader most likely wants comes first. */
function actionsOf({ uid, status, host }: Booking, to: Side, publicUrl: string): Link[] {
  const page = `${publicUrl}/bookings/${uid}`;
  const open: Link = { label: "Open the booking", href: page };
  if (status !== "pending" && status !== "confirmed") {
    const again = `${publicUrl}/book/${encodeURIComponent(host.handle)}`;
    return [...(to === "booker" ? [{ label: "Book another time", href: again }] : []), open];
  }
  return [
    ...(status === "pending" && to === "host" ? [{ label: "Answer", href: `${page}#answer` }] : []),
    open,
    { label: "Add to calendar", href: `${publicUrl}/api/bookings/${uid}.ics` },
    { label: "Reschedule", href: `${page}#reschedule` },
    { label: "Cancel", href: `${page}#cancel` },
  ];
}

function footerOf(to: Side, { isOwnZone }: Reader, publicUrl: string): string[] {
  const why = `You get this because you are the ${to} of this booking at ${publicUrl}.`;
  const zone =
    "Times are in the host's time zone, since yours is not known: choose it in your settings there.";
  return isOwnZone ? [why] : [zone, why];
}

/** `Thursday, 3 December 2026, 14:00–14:30 (Berlin, GMT+1)`. */
function longTime({ start, end }: { readonly start: number; readonly end: number }, reader: Reader): string {
  const { timeZone: zone, hourCycle = "h23" } = reader;
  const range = formatTimeRange({ start, end }, zone, hourCycle, LOCALE);
  // What ends at midnight ends on the day it began.
  const endsLater = localDateOf(end - 1, zone) !== localDateOf(start, zone);
  const until = endsLater ? `, until ${formatLongDate(end - 1, zone, LOCALE)}` : "";
  return `${formatLongDate(start, zone, LOCALE)}, ${range}${until} (${zoneLabel(zone, start)})`;
}

function momentOf(instant: number, { timeZone: zone, hourCycle = "h23" }: Reader): string {
  return `${formatLongDate(instant, zone, LOCALE)}, ${clock(instant, zone, hourCycle)} (${zoneLabel(zone, instant)})`;
}

/** `Thu 3 Dec, 14:00 (Berlin, GMT+1)`. */
function shortTime(instant: number, { timeZone: zone, hourCycle = "h23" }: Reader): string {
  const day = zonedFormatter(zone, LOCALE, { weekday: "short", day: "numeric", month: "short" }).format(
    instant,
  );
  return `${day.replace(",", "")}, ${clock(instant, zone, hourCycle)} (${zoneLabel(zone, instant)})`;
}

function clock(instant: number, zone: string, hourCycle: "h12" | "h23"): string {
  return zonedFormatter(zone, LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle }).format(instant);
}

function lengthOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [
    ...(hours > 0 ? [`${hours} ${hours === 1 ? "hour" : "hours"}`] : []),
    ...(rest > 0 ? [`${rest} ${rest === 1 ? "minute" : "minutes"}`] : []),
  ];
  return parts.join(" ");
}

function quoted(text: string): string {
  return cut(plainParagraphs(text), QUOTE_MAX_LENGTH);
}

function cut(text: string, maxLength: number): string {
  const characters = Array.from(text);
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join("")}…` : text;
}
