/** Somebody who asks a host's authority for slots, in the words a test would say. */

import { env } from "cloudflare:workers";
import type { Calendar } from "../../../worker/authority.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import type { GivenHold } from "../../../scheduling/hold-decision.ts";
import type { Result } from "../../../scheduling/refusal.ts";

const DAY_MS = 24 * 60 * 60_000;

interface Wish {
  readonly requestId?: string;
  readonly meetingType?: string;
  readonly durationMinutes?: number;
  readonly note?: string;
  readonly holdId?: string;
}

export interface Booker {
  readonly did: string;
  asksFor(start: number, wish?: Wish): Promise<Result<Booking>>;
  holds(start: number, wish?: Pick<Wish, "requestId" | "meetingType">): Promise<Result<GivenHold>>;
  movesTo(uid: string, start: number, requestId?: string): Promise<Result<Booking>>;
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
  const party = { did, handle: `${name}.test` };
  return {
    did,
    asksFor(start, wish = {}) {
      const { requestId = crypto.randomUUID(), meetingType = "intro", ...rest } = wish;
      return calendarOf(hostDid).requestBooking({
        callerDid: did,
        requestId,
        fingerprint: JSON.stringify([meetingType, start, rest.note ?? ""]),
        booker: party,
        meetingTypeRkey: meetingType,
        start,
        ...rest,
      });
    },
    holds(start, { requestId = crypto.randomUUID(), meetingType = "intro" } = {}) {
      return calendarOf(hostDid).holdSlot({
        callerDid: did,
        requestId,
        fingerprint: JSON.stringify(["hold", meetingType, start]),
        booker: party,
        meetingTypeRkey: meetingType,
        start,
      });
    },
    movesTo: (uid, start, requestId) => move(hostDid, did, uid, start, requestId),
  };
}

/** Somebody, the host too, moves a booking. */
export function move(
  hostDid: string,
  callerDid: string,
  uid: string,
  start: number,
  requestId: string = crypto.randomUUID(),
): Promise<Result<Booking>> {
  const fingerprint = JSON.stringify(["reschedule", uid, start]);
  return calendarOf(hostDid).rescheduleBooking({ callerDid, requestId, fingerprint, uid, start });
}

/** The value of what must not have been refused. */
export function given<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

/** The code of a refusal, or the status of a booking: what a person would say happened. */
export function outcome(result: Result<Booking | GivenHold>): string {
  if (!result.ok) return result.refusal.code;
  return "status" in result.value ? result.value.status : "held";
}
