/** A mail about a booking as it leaves, put together from facts that are the same at every try. */

import { invitation, type InvitedPerson } from "../../adapters/ics/invitation.ts";
import { bookingLetter } from "../../adapters/mail/letters/booking-letter.ts";
import type { MailAddress, MailInvite, MailMessage } from "../../adapters/mail/mail.ts";
import { sha256Hex } from "../../adapters/sha-256.ts";
import type { BookingMail, PlannedMail } from "../../scheduling/booking-mail.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { aliasAddress, bookingAddress } from "./booking-address.ts";
import type { Invited, Partstat, Role } from "./invited-store.ts";

/** What a mail is made of beside the booking as it was decided. Kept before the first try. */
export interface MailFacts extends PlannedMail {
  /** The reader's. */
  readonly address: string;
  /** IANA zone, and whether it is the reader's own: else it is the host's, and the letter says so. */
  readonly timeZone: string;
  readonly isOwnZone: boolean;
  readonly hourCycle?: "h12" | "h23";
  /** When it was put together (DTSTAMP), epoch ms. */
  readonly at: number;
  readonly partstat: Readonly<Record<Role, Partstat>>;
  /** Of what nobody needs, such as reminders. */
  readonly unsubscribeUrl?: string;
}

interface MessageContext {
  readonly publicUrl: string;
  readonly from: MailAddress;
  /** Where answers to invitations come in. */
  readonly invitesDomain: string;
}

/** @throws when the `ics` package refuses what we built, which is a bug */
export async function mailMessage(
  effectId: string,
  { booking, news, to }: BookingMail,
  facts: MailFacts,
  context: MessageContext,
): Promise<MailMessage> {
  const { address, timeZone, isOwnZone, hourCycle, at, unsubscribeUrl } = facts;
  const { publicUrl, from } = context;
  const reader = { timeZone, isOwnZone, ...(hourCycle && { hourCycle }) };
  const unsubscribes = unsubscribeUrl === undefined ? {} : { unsubscribeUrl };
  const invite = inviteOf(booking, to, facts, context);
  return {
    // The same at every try, and another one for another address: an address is not told by it.
    key: await sha256Hex(`${effectId} ${address}`),
    to: address,
    from,
    ...bookingLetter(booking, news, to, reader, { publicUrl, at, ...unsubscribes }),
    ...(invite && { invite }),
    ...unsubscribes,
  };
}

/** Who counts as having said what. The host offered the time; the booker is asked, though they asked for it: calendars add it on a Yes. */
export function partstats(
  booking: Pick<Booking, "sequence">,
  invited: readonly Invited[],
): MailFacts["partstat"] {
  return { host: answerOf("host") ?? "ACCEPTED", booker: answerOf("booker") ?? "NEEDS-ACTION" };

  /** An answer is to one version of the booking. */
  function answerOf(role: Role): Partstat | undefined {
    const one = invited.find((each) => each.role === role);
    return one?.answeredAt !== undefined && one.sequence === booking.sequence ? one.partstat : undefined;
  }
}

function inviteOf(
  booking: Booking,
  to: Role,
  { invite: method, address, at, partstat }: MailFacts,
  { publicUrl, invitesDomain }: MessageContext,
): MailInvite | undefined {
  if (method === undefined) {
    return undefined;
  }
  const { uid } = booking;
  const attendee = (role: Role): InvitedPerson => ({
    role,
    address: role === to ? address : aliasAddress(uid, role, invitesDomain),
    name: `@${booking[role].handle}`,
    partstat: partstat[role],
  });
  const ics = invitation(booking, {
    method,
    publicUrl,
    organizerAddress: bookingAddress(uid, invitesDomain),
    attendees: [attendee("host"), attendee("booker")],
    now: at,
  });
  return ics === undefined ? undefined : { method, ics };
}
