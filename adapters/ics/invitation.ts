/** What is mailed to people about a booking, so that it stands in their calendars: iTIP (RFC 5546) REQUEST and CANCEL. No I/O. */

import type { Attendee } from "ics";
import type { Booking } from "../../scheduling/booking.ts";
import { eventStatus } from "./booking-calendar.ts";
import { addressInUri, isMailAddress } from "./mail-address.ts";
import { calendarText, eventOfBooking } from "./safe-calendar.ts";
import { safeName } from "./safe-text.ts";

export type InvitationMethod = "REQUEST" | "CANCEL";

/** Everybody whom the same message names sees everybody's address in it. */
export interface InvitedPerson {
  readonly role: "host" | "booker";
  readonly address: string;
  readonly name: string;
  /** What is known of their answer. */
  readonly partstat: "NEEDS-ACTION" | "ACCEPTED" | "DECLINED" | "TENTATIVE";
}

/** `publicUrl`: where people reach this broker. `now` in epoch ms. */
export interface InvitationContext {
  readonly method: InvitationMethod;
  readonly publicUrl: string;
  /** The broker's own address for this booking, to which answers come back. The same in all messages about it. */
  readonly organizerAddress: string;
  readonly attendees: readonly InvitedPerson[];
  readonly now: number;
}

/**
 * One VEVENT with the booking's UID and SEQUENCE: what a later message says counts (RFC 5546 2.1.5), since every change of a booking raises
 * its sequence, the one that ends it too. A REQUEST is for a booking that takes place (pending ones are TENTATIVE), a CANCEL for one that no
 * longer does; which of them is due is for the caller. Undefined where an address is none.
 * @throws when the `ics` package refuses what we built, which is a bug.
 */
export function invitation(booking: Booking, context: InvitationContext): string | undefined {
  const { method, publicUrl, organizerAddress, attendees, now } = context;
  if (![organizerAddress, ...attendees.map(({ address }) => address)].every(isMailAddress)) {
    return undefined;
  }
  const event = {
    ...eventOfBooking(booking, publicUrl, now),
    status: method === "CANCEL" ? ("CANCELLED" as const) : requestedStatus(booking),
    organizer: {
      name: `${nameOfHost(booking, attendees)} via atproto Cal`,
      email: addressInUri(organizerAddress),
    },
    attendees: attendees.map((person) => attendeeOf(person, method)),
  };
  return calendarText([event], [`METHOD:${method}`]);
}

function requestedStatus({ status }: Booking): "TENTATIVE" | "CONFIRMED" {
  return eventStatus(status) === "TENTATIVE" ? "TENTATIVE" : "CONFIRMED";
}

function nameOfHost({ host }: Booking, attendees: readonly InvitedPerson[]): string {
  const named = attendees.find(({ role }) => role === "host")?.name ?? "";
  return safeName(named) || safeName(`@${host.handle}`);
}

function attendeeOf({ address, name, partstat }: InvitedPerson, method: InvitationMethod): Attendee {
  return {
    name: safeName(name) || safeName(address),
    email: addressInUri(address),
    role: "REQ-PARTICIPANT",
    partstat,
    // Who has answered is not asked again, and nobody is asked about what is off.
    ...(partstat === "NEEDS-ACTION" && method === "REQUEST" && { rsvp: true }),
  };
}
