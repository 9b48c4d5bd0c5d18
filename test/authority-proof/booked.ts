/** A booking as an answer shows it, reduced to what decisions change. */

import type { BookingJson } from "../../worker/wire.ts";

export interface Booked {
  readonly uid: string;
  readonly sequence: number;
  readonly status: BookingJson["status"];
  readonly booker: string;
  /** Record key. */
  readonly meetingType: string;
  /** Epoch ms, as all instants here. */
  readonly start: number;
  readonly end: number;
  readonly createdAt: number;
  readonly confirmedAt?: number;
  readonly rescheduledAt?: number;
  readonly rescheduledBy?: "host" | "booker";
  readonly previousStart?: number;
  readonly cancelledAt?: number;
  readonly cancelledBy?: "host" | "booker";
}

export function bookedOf(json: BookingJson): Booked {
  const { confirmedAt, rescheduledAt, rescheduledBy, previousStart, cancelledAt, cancelledBy } = json;
  return {
    uid: json.uid,
    sequence: json.sequence,
    status: json.status,
    booker: json.booker.did,
    meetingType: json.meetingType.rkey,
    start: Date.parse(json.start),
    end: Date.parse(json.end),
    createdAt: Date.parse(json.createdAt),
    ...(confirmedAt !== undefined && { confirmedAt: Date.parse(confirmedAt) }),
    ...(rescheduledAt !== undefined && { rescheduledAt: Date.parse(rescheduledAt) }),
    ...(rescheduledBy !== undefined && { rescheduledBy }),
    ...(previousStart !== undefined && { previousStart: Date.parse(previousStart) }),
    ...(cancelledAt !== undefined && { cancelledAt: Date.parse(cancelledAt) }),
    ...(cancelledBy !== undefined && { cancelledBy }),
  };
}

/** The fields in which two views of one booking differ. */
export function differences(one: Booked, other: Booked): string[] {
  const fields = new Map(Object.entries(other));
  const names = new Set([...Object.keys(one), ...fields.keys()]);
  const values = new Map(Object.entries(one));
  return [...names].filter((name) => values.get(name) !== fields.get(name));
}

/** When the authority says that it made the decision which this sequence number stands for; a decline does not say. */
export function decidedAt(booked: Booked): number | undefined {
  switch (booked.status) {
    case "cancelled":
      return booked.cancelledAt;
    case "declined":
    case "expired":
      return undefined;
    case "pending":
    case "confirmed":
      return Math.max(booked.createdAt, booked.confirmedAt ?? 0, booked.rescheduledAt ?? 0);
  }
}

/** Whether it takes its time away from others. */
export function blocks({ status }: Pick<Booked, "status">): boolean {
  return status === "pending" || status === "confirmed";
}
