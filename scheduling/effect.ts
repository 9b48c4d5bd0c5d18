/** What a decision owes to the outside, as plain data. Who delivers it, and how, is not known here. */

import type { Booking, BookingEvent, Decision, Party } from "./booking.ts";

export type NotificationKind = `booking.${BookingEvent}`;

/** Something a person should be told in the app. */
export interface Notification {
  /** Stable: the same decision never owes two of it. */
  readonly id: string;
  readonly recipientDid: string;
  readonly kind: NotificationKind;
  readonly bookingUid: string;
  readonly otherHandle: string;
  readonly meetingTitle: string;
  /** The booking's start, epoch ms. */
  readonly start: number;
  readonly createdAt: number;
}

/** Ids are stable, so that a delivery repeated after a crash can be told from a new one. */
export type Effect =
  | { readonly id: string; readonly kind: "project-booking"; readonly booking: Booking }
  | { readonly id: string; readonly kind: "notify"; readonly notification: Notification };

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
    return {
      id,
      kind: "notify",
      notification: {
        id,
        recipientDid: recipient.did,
        kind,
        bookingUid: booking.uid,
        otherHandle: other.handle,
        meetingTitle: booking.meetingType.title,
        start: booking.start,
        createdAt: now,
      },
    };
  }
}
