/** Every letter there is, each about the booking that it would be about. */

import { addressLetter } from "../../../../adapters/mail/letters/address-letter.ts";
import { bookingLetter } from "../../../../adapters/mail/letters/booking-letter.ts";
import type { Letter, Reader } from "../../../../adapters/mail/letters/letter.ts";
import type { BookingNews } from "../../../../scheduling/booking-mail.ts";
import type { Booking } from "../../../../scheduling/booking.ts";
import { DAY, MINUTE } from "../../../../scheduling/time-zone.ts";
import { BOOKING } from "../../ics/booking.ts";

export const PUBLIC_URL = "https://cal.example";
export const CONTEXT = { publicUrl: PUBLIC_URL };
export const UNSUBSCRIBE_URL = "https://cal.example/email/unsubscribe?token=abc-123";
export const BERLIN: Reader = { timeZone: "Europe/Berlin", isOwnZone: true };

const { confirmedAt: _confirmedAt, ...asked } = BOOKING;
const { start } = BOOKING;

export const PENDING: Booking = { ...asked, status: "pending", sequence: 0, expiresAt: start - DAY };
const MOVED = { rescheduledAt: 1, rescheduledBy: "host", previousStart: start - 3 * DAY } as const;
const CANCELLED = { ...BOOKING, status: "cancelled", cancelledAt: 1, reason: "I am ill." } as const;

interface Story {
  readonly name: string;
  readonly booking: Booking;
  readonly news: BookingNews;
}

export const STORIES: readonly Story[] = [
  { name: "requested", booking: PENDING, news: { kind: "requested" } },
  { name: "confirmed", booking: BOOKING, news: { kind: "confirmed" } },
  {
    name: "declined",
    booking: { ...PENDING, status: "declined", reason: "I am away.\nTry my colleague." },
    news: { kind: "declined" },
  },
  {
    name: "cancelled-by-host",
    booking: { ...CANCELLED, cancelledBy: "host" },
    news: { kind: "cancelled" },
  },
  {
    name: "cancelled-by-booker",
    booking: { ...CANCELLED, cancelledBy: "booker" },
    news: { kind: "cancelled" },
  },
  { name: "rescheduled", booking: { ...BOOKING, ...MOVED }, news: { kind: "rescheduled" } },
  {
    name: "rescheduled-to-be-answered",
    booking: { ...PENDING, ...MOVED, rescheduledBy: "booker" },
    news: { kind: "rescheduled" },
  },
  { name: "expired", booking: { ...PENDING, status: "expired" }, news: { kind: "expired" } },
  { name: "invitation", booking: BOOKING, news: { kind: "invitation" } },
  { name: "reminder-a-day-before", booking: BOOKING, news: { kind: "reminder", lead: "day" } },
  { name: "reminder-an-hour-before", booking: BOOKING, news: { kind: "reminder", lead: "hour" } },
];

/** The reader in New York reads twelve hours; the booker without a zone reads the host's. */
export function everyLetter(): { readonly name: string; readonly letter: Letter }[] {
  const booking = STORIES.flatMap(({ name, booking: about, news }) =>
    (["host", "booker"] as const).map((to) => ({
      name: `${name}.${to}`,
      letter: bookingLetter(about, news, to, readerOf(name, to), {
        ...CONTEXT,
        ...(news.kind === "reminder" && { unsubscribeUrl: UNSUBSCRIBE_URL }),
        at: start - (name === "reminder-an-hour-before" ? 60 * MINUTE : DAY),
      }),
    })),
  );
  const link = `${PUBLIC_URL}/email/confirm#did-and-secret`;
  const address = addressLetter({ handle: "bob.test", link, publicUrl: PUBLIC_URL });
  return [...booking, { name: "address", letter: address }];
}

function readerOf(name: string, to: "host" | "booker"): Reader {
  if (to === "host") return BERLIN;
  return name === "requested"
    ? { ...BERLIN, isOwnZone: false }
    : { timeZone: "America/New_York", hourCycle: "h12", isOwnZone: true };
}
