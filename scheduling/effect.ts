/** What a decision owes to the outside, as plain data. Who delivers it, and how, is not known here. */

import type { Booking } from "./booking.ts";

export type NotificationKind =
  | "booking.requested"
  | "booking.confirmed"
  | "booking.declined"
  | "booking.cancelled";

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

/**
 * What is owed because `booking` has just been decided by `actorDid`: its row in the history, and a word to the other
 * person. Whoever decided has the answer in hand and is not told again.
 */
export function effectsOf(booking: Booking, actorDid: string, now: number): Effect[] {
  const effects: Effect[] = [
    { id: `${booking.uid}/${booking.sequence}/history`, kind: "project-booking", booking },
  ];
  const kind = notificationKindOf(booking);
  if (kind === undefined) {
    return effects;
  }
  const told =
    actorDid === booking.host.did
      ? { recipient: booking.booker, other: booking.host }
      : { recipient: booking.host, other: booking.booker };
  const id = `${booking.uid}/${booking.sequence}/${kind}`;
  effects.push({
    id,
    kind: "notify",
    notification: {
      id,
      recipientDid: told.recipient.did,
      kind,
      bookingUid: booking.uid,
      otherHandle: told.other.handle,
      meetingTitle: booking.meetingType.title,
      start: booking.start,
      createdAt: now,
    },
  });
  return effects;
}

function notificationKindOf(booking: Booking): NotificationKind | undefined {
  switch (booking.status) {
    case "pending":
      return "booking.requested";
    case "confirmed":
      return "booking.confirmed";
    case "declined":
      return "booking.declined";
    case "cancelled":
      return "booking.cancelled";
    case "expired":
      return undefined;
  }
}
