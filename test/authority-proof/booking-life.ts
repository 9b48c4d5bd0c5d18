/** How a booking may change, said once more: who may, when, and what becomes of it. */

import { blocks } from "./booked.ts";
import type { Booked } from "./booked.ts";
import type { Offer } from "./offers.ts";
import { claimOf } from "./slot-rules.ts";
import type { StepAsk } from "./steps.ts";

/** What may be asked of a booking that exists. */
export type ChangeAsk = Extract<StepAsk, { uid: string }>;

export type Role = "host" | "booker";

export function roleOf(booking: Booked, actor: string, host: string): Role | undefined {
  if (actor === host) return "host";
  return actor === booking.booker ? "booker" : undefined;
}

/** Why this person may not ask this of this booking, as status and error, before any slot is looked at. */
export function refusalOfChange(booking: Booked, ask: ChangeAsk, role: Role | undefined): string | undefined {
  const isHostsOwn = ask.kind === "confirm" || ask.kind === "decline";
  if (role === undefined || (isHostsOwn && role !== "host")) return "403 NotYourBooking";
  if (ask.kind === "read") return undefined;
  const isPossible = isHostsOwn ? booking.status === "pending" : blocks(booking);
  const goesNowhere = ask.kind === "reschedule" && ask.start === booking.start;
  return isPossible && !goesNowhere ? undefined : "409 WrongStatus";
}

/** Whether moving it makes it wait for its host again. */
export function needsApproval(offer: Offer, role: Role): boolean {
  return offer.isManual && role === "booker";
}

/**
 * The booking after a change that was not refused.
 * @param at when the authority says it decided, epoch ms; undefined where nothing says so any more
 */
export function changed(
  booking: Booked,
  ask: ChangeAsk,
  by: { readonly role: Role; readonly offer: Offer; readonly at: number | undefined },
): Booked {
  const next = { ...booking, sequence: booking.sequence + 1 };
  const { role, offer, at } = by;
  switch (ask.kind) {
    case "read":
      return booking;
    case "confirm":
      return { ...next, status: "confirmed", ...(at !== undefined && { confirmedAt: at }) };
    case "decline":
      return { ...next, status: "declined" };
    case "cancel":
      return {
        ...next,
        status: "cancelled",
        cancelledBy: role,
        ...(at !== undefined && { cancelledAt: at }),
      };
    case "reschedule": {
      const { confirmedAt = at, ...rest } = next;
      const { start, end } = claimOf(offer, ask.start);
      const isPending = needsApproval(offer, role);
      return {
        ...rest,
        start,
        end,
        status: isPending ? "pending" : "confirmed",
        rescheduledBy: role,
        previousStart: booking.start,
        ...(at !== undefined && { rescheduledAt: at }),
        ...(!isPending && confirmedAt !== undefined && { confirmedAt }),
      };
    }
  }
}
