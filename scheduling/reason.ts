/** Why a start is not offered: plain values, and what of them is for whose eyes. No I/O, no clock. */

import type { Period } from "./period.ts";
import type { Refusal } from "./refusal.ts";

/** What takes time: something outside the broker, a booking, or a hold. */
export type TakenBy =
  | { readonly code: "busy"; readonly period: Period }
  | { readonly code: "booked"; readonly uid: string; readonly period: Period }
  | { readonly code: "held"; readonly expiresAt: number; readonly period: Period };

/** In this order one speaks before another. Instants are epoch ms, dates `YYYY-MM-DD` of the host's zone. */
export type Reason =
  | { readonly code: "inactive" }
  /** The slot does not lie wholly in the windows, though it may start in one. Names the Availability that holds on its date. */
  | { readonly code: "outside_window"; readonly startsInside: boolean; readonly availabilityRkey: string }
  /** It would, but for the override of that date. Names the Availability whose override it is. */
  | { readonly code: "closed_by_override"; readonly date: string; readonly availabilityRkey: string }
  /** It does, but slots start elsewhere: the nearest starts around it, if there are any. */
  | { readonly code: "off_grid"; readonly before?: number; readonly after?: number }
  | { readonly code: "too_soon"; readonly minimumNoticeMinutes: number; readonly isPast: boolean }
  | { readonly code: "beyond_horizon"; readonly horizonDays: number; readonly lastDate: string }
  | TakenBy
  /** It takes nobody's time but keeps no distance. */
  | { readonly code: "buffer"; readonly of: TakenBy }
  | { readonly code: "limit_reached"; readonly per: "day" | "week"; readonly max: number };

/** What anybody may know: that a time is taken, not by what. */
export type PublicReason = Exclude<Reason, TakenBy | { code: "buffer" }> | { readonly code: "taken" };

/** The reasons without the host's private time: everything that takes time becomes one `taken`. */
export function publicReasons(reasons: readonly Reason[]): PublicReason[] {
  const shown: PublicReason[] = [];
  for (const reason of reasons) {
    if (!isPrivate(reason)) shown.push(reason);
    else if (shown.at(-1)?.code !== "taken") shown.push({ code: "taken" });
  }
  return shown;
}

/** The refusal with which a booking of such a start is answered. */
export function refusalOf(reason: Reason): Refusal {
  switch (reason.code) {
    case "inactive":
      return { code: "MeetingTypeInactive" };
    case "outside_window":
    case "closed_by_override":
    case "off_grid":
      return { code: "OutsideAvailability" };
    case "too_soon":
      return { code: "TooSoon", minimumNoticeMinutes: reason.minimumNoticeMinutes };
    case "beyond_horizon":
      return { code: "BeyondHorizon", horizonDays: reason.horizonDays };
    case "busy":
    case "booked":
    case "held":
    case "buffer":
      return { code: "SlotTaken" };
    case "limit_reached":
      return { code: "LimitReached", per: reason.per, max: reason.max };
  }
}

function isPrivate(reason: Reason): reason is TakenBy | Extract<Reason, { code: "buffer" }> {
  return ["busy", "booked", "held", "buffer"].includes(reason.code);
}
