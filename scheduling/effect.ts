/** What a decision owes to the outside, as plain data. Who delivers it, and how, is not known here. */

import type { Booking, BookingEvent, Decision, Party } from "./booking.ts";
import type { BookingMail } from "./booking-mail.ts";
import type { ReminderLead } from "./reminders.ts";

/** `booking.conflict`: something was put upon it in its host's calendar. `calendar.broken`: one cannot be read, and its host should look. `mail.bounced`: mail to somebody is returned for good. `webhook.off`: one is called no more. */
export type NotificationKind =
  | `booking.${BookingEvent | "conflict" | "reminder"}`
  | "calendar.broken"
  | "mail.bounced"
  | "webhook.off";

/** Something a person should be told in the app. */
export interface Notification {
  /** Stable: the same decision never owes two of it. */
  readonly id: string;
  readonly recipientDid: string;
  readonly kind: NotificationKind;
  /** Empty for what is about no booking, as are the other's handle; the title is the connection's label then. */
  readonly bookingUid: string;
  readonly otherHandle: string;
  readonly meetingTitle: string;
  /** The booking's start, or until when a broken calendar was right, epoch ms. */
  readonly start: number;
  readonly createdAt: number;
  /** Of reminders only: which one it is, since each can be switched off. */
  readonly lead?: ReminderLead;
}

/** Ids are stable, so that a delivery repeated after a crash can be told from a new one. */
export type Effect =
  | { readonly id: string; readonly kind: "project-booking"; readonly booking: Booking }
  | { readonly id: string; readonly kind: "notify"; readonly notification: Notification }
  /** The booking as it is to stand in its host's own calendar; gone from there unless it is confirmed. */
  | { readonly id: string; readonly kind: "write-calendar"; readonly booking: Booking }
  /** A mail to one of the two, if they have an address that is theirs. */
  | { readonly id: string; readonly kind: "send-mail"; readonly mail: BookingMail }
  /** An address that somebody gave as theirs: one link goes there, by which its owner can prove it. */
  | { readonly id: string; readonly kind: "ask-address"; readonly asked: AskedAddress }
  /** A message that waits for a webhook; about no booking where the uid is empty. */
  | {
      readonly id: string;
      readonly kind: "call-webhook";
      readonly webhookId: string;
      readonly messageId: string;
      readonly bookingUid: string;
    };

/** Who gave which address, and the zone in which they read times (IANA), where their browser told. */
export interface AskedAddress {
  readonly did: string;
  readonly handle: string;
  readonly address: string;
  readonly timeZone?: string;
}

/** The booking's row in the history. */
export function bookingEffect(booking: Booking): Effect {
  return { id: `${booking.uid}/${booking.sequence}/history`, kind: "project-booking", booking };
}

/**
 * What is owed because of a decision of `actorDid`: the booking's row in the history, and a word to whoever does not know yet.
 * Whoever decided has the answer in hand and is not told again; what time decided (`actorDid` undefined), both are told.
 */
export function effectsOf({ booking, event }: Decision, actorDid: string | undefined, now: number): Effect[] {
  const { host, booker } = booking;
  return [
    bookingEffect(booking),
    ...(actorDid === host.did ? [] : [word(host, booker)]),
    ...(actorDid === booker.did ? [] : [word(booker, host)]),
  ];

  function word(recipient: Party, other: Party): Effect {
    const kind = `booking.${event}` as const;
    const side = recipient === host ? "host" : "booker";
    const id = `${booking.uid}/${booking.sequence}/${kind}/${side}`;
    return wordAbout(booking, { id, kind, recipient, other }, now);
  }
}

/** A word to the host that something in their own calendar has been put upon a booking. */
export function conflictEffect(booking: Booking, now: number): Effect {
  const { uid, sequence, host, booker } = booking;
  const id = `${uid}/${sequence}/booking.conflict/host`;
  return wordAbout(booking, { id, kind: "booking.conflict", recipient: host, other: booker }, now);
}

/**
 * A reminder to both that their booking is coming up. Its id has the start and not the sequence: a change that does not move the booking
 * reminds nobody twice, and one that does reminds anew.
 */
export function reminderEffects(booking: Booking, lead: ReminderLead, now: number): Effect[] {
  const { uid, host, booker, start } = booking;
  return [reminder("host", host, booker), reminder("booker", booker, host)];

  function reminder(side: "host" | "booker", recipient: Party, other: Party): Effect {
    const id = `${uid}/${start}/booking.reminder/${lead}/${side}`;
    return wordAbout(booking, { id, kind: "booking.reminder", recipient, other, lead }, now);
  }
}

/**
 * A mail. A reminder's id has the start and not the sequence, as that of the reminder in the app. What is owed again after it was sent has
 * the same id.
 */
export function mailEffect(mail: BookingMail): Effect {
  const { booking, news, to } = mail;
  const about =
    news.kind === "reminder"
      ? `${booking.start}/mail.reminder/${news.lead}`
      : `${booking.sequence}/mail.${news.kind}`;
  return { id: `${booking.uid}/${about}/${to}`, kind: "send-mail", mail };
}

/** The link by which an address that came with a booking can be proved. */
export function askAddressEffect(bookingUid: string, asked: AskedAddress): Effect {
  return { id: `${bookingUid}/ask-address`, kind: "ask-address", asked };
}

/**
 * Mail to one of the two is returned for good: they are told, and so is the host where it is the booker, who may be waiting for it.
 * @param addressHash of the address: nobody is told twice of the same one
 */
export function bouncedEffects(
  booking: Booking,
  to: "host" | "booker",
  addressHash: string,
  now: number,
): Effect[] {
  const { host, booker } = booking;
  const person = to === "host" ? host : booker;
  const id = `${person.did}/${addressHash}/mail.bounced`;
  const own = { id, kind: "mail.bounced", recipient: person, other: person } as const;
  const hosts = { id: `${id}/host`, kind: "mail.bounced", recipient: host, other: booker } as const;
  return [
    // About no booking: it is their address that they should look at.
    wordAbout({ ...booking, uid: "" }, own, now),
    ...(to === "host" ? [] : [wordAbout(booking, hosts, now)]),
  ];
}

/** A notification about a booking as it is. */
function wordAbout(
  { uid, meetingType, start }: Booking,
  told: Pick<Notification, "id" | "kind" | "lead"> & { readonly recipient: Party; readonly other: Party },
  now: number,
): Effect {
  const { recipient, other, ...rest } = told;
  return {
    id: told.id,
    kind: "notify",
    notification: {
      ...rest,
      recipientDid: recipient.did,
      bookingUid: uid,
      otherHandle: other.handle,
      meetingTitle: meetingType.title,
      start,
      createdAt: now,
    },
  };
}

/** A word to the host that a webhook was turned off. `host`: where it is, without what may be secret in its address. */
export function webhookOffEffect(
  hostDid: string,
  webhook: { readonly id: string; readonly host: string },
  now: number,
): Effect {
  const id = `${webhook.id}/${now}/webhook.off`;
  return aboutNoBooking(
    { id, recipientDid: hostDid, kind: "webhook.off", meetingTitle: webhook.host, start: now },
    now,
  );
}

/** A word to the host that a calendar cannot be read. `generation` is the reading that found out. */
export function brokenCalendarEffect(
  hostDid: string,
  connection: { readonly id: string; readonly label: string; readonly generation: number },
  asOf: number,
  now: number,
): Effect {
  const id = `${connection.id}/${connection.generation}/calendar.broken`;
  const told = {
    id,
    recipientDid: hostDid,
    kind: "calendar.broken",
    meetingTitle: connection.label,
  } as const;
  return aboutNoBooking({ ...told, start: asOf }, now);
}

function aboutNoBooking(
  told: Pick<Notification, "id" | "recipientDid" | "kind" | "meetingTitle" | "start">,
  now: number,
): Effect {
  return {
    id: told.id,
    kind: "notify",
    notification: { ...told, bookingUid: "", otherHandle: "", createdAt: now },
  };
}

/** The booking's entry in its host's own calendar, as the booking is now. */
export function calendarEntryEffect(booking: Booking): Effect {
  return { id: `${booking.uid}/${booking.sequence}/calendar`, kind: "write-calendar", booking };
}
