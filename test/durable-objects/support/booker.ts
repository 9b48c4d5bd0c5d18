/** Somebody who asks a host's authority for slots, in the words a test would say. */

import { env } from "cloudflare:workers";
import type { Calendar } from "../../../worker/authority.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import type { Result } from "../../../scheduling/refusal.ts";

const DAY_MS = 24 * 60 * 60_000;

export interface Booker {
  readonly did: string;
  asksFor(
    start: number,
    options?: { requestId?: string; meetingType?: string; durationMinutes?: number; note?: string },
  ): Promise<Result<Booking>>;
}

/** Midnight UTC, `days` from now: on every half-hour grid of a host in UTC. */
export function midnightIn(days: number): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS;
}

export function calendarOf(hostDid: string): Calendar {
  return env.HOST_CALENDAR.getByName(hostDid);
}

export function booker(hostDid: string, name: string): Booker {
  const did = `did:plc:${name}`;
  return {
    did,
    asksFor(start, { requestId = crypto.randomUUID(), meetingType = "intro", durationMinutes, note } = {}) {
      return calendarOf(hostDid).requestBooking({
        callerDid: did,
        requestId,
        fingerprint: JSON.stringify([meetingType, start, note ?? ""]),
        booker: { did, handle: `${name}.test` },
        meetingTypeRkey: meetingType,
        start,
        ...(durationMinutes !== undefined && { durationMinutes }),
        ...(note !== undefined && { note }),
      });
    },
  };
}

/** The code of a refusal, or the status of a booking: what a person would say happened. */
export function outcome(result: Result<Booking>): string {
  return result.ok ? result.value.status : result.refusal.code;
}
