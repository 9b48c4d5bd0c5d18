/** How a booker stands with a host, apart from any slot: blocked or not, and how many of their requests wait. No I/O, no clock. */

import type { Approval } from "./meeting-type.ts";
import type { Refusal } from "./refusal.ts";

/** How many requests of one booker may wait for one host. */
export const MAX_PENDING = 5;

/** How long a request waits for its answer unless its host said otherwise. */
export const DEFAULT_PENDING_HOURS = 48;

export interface Standing {
  /** Whether the host takes no requests from this booker. */
  readonly isBlocked: boolean;
  /** Requests of this booker that wait for this host, besides the one in question. */
  readonly pendingRequests: number;
  /** How long this host lets a request wait. */
  readonly pendingHours: number;
}

/**
 * Why this booker may ask this host for nothing now: NotAllowed for hosts who book themselves and for those they blocked,
 * TooManyPending where the request would have to wait behind five others.
 */
export function refusedBooker(
  standing: Standing,
  approval: Approval,
  { host, booker }: { readonly host: { readonly did: string }; readonly booker: { readonly did: string } },
): Refusal | undefined {
  if (host.did === booker.did) {
    return {
      code: "NotAllowed",
      why: "You cannot book yourself. Block the time in your own calendar instead.",
    };
  }
  if (standing.isBlocked) {
    return { code: "NotAllowed", why: "This host takes no requests from you. Ask them another way." };
  }
  return approval === "manual" && standing.pendingRequests >= MAX_PENDING
    ? { code: "TooManyPending", max: MAX_PENDING }
    : undefined;
}
