/** An expected "no": a plain value with a code and its data, never thrown. No HTTP here; the door maps codes to statuses. */

export type Refusal =
  | { readonly code: "SlotTaken" }
  | { readonly code: "OutsideAvailability" }
  | { readonly code: "TooSoon"; readonly minimumNoticeMinutes: number }
  | { readonly code: "BeyondHorizon"; readonly horizonDays: number }
  | { readonly code: "LimitReached"; readonly per: "day" | "week"; readonly max: number }
  | { readonly code: "DurationNotOffered"; readonly durations: readonly number[] }
  | { readonly code: "MeetingTypeInactive" }
  | { readonly code: "TooManyPending"; readonly max: number }
  | { readonly code: "HoldExpired" }
  | { readonly code: "MeetingTypeNotFound" }
  | { readonly code: "NotAllowed"; readonly why: string }
  | { readonly code: "NotYourBooking" }
  | { readonly code: "BookingNotFound" }
  | { readonly code: "WrongStatus"; readonly status: string }
  | { readonly code: "RequestIdReused" }
  | { readonly code: "HostNotFound"; readonly why: string }
  | { readonly code: "HostUnreachable"; readonly why: string }
  /** Nobody can tell now whether the host is free. */
  | { readonly code: "CalendarsSilent" }
  | { readonly code: "CalendarNotFound" }
  | { readonly code: "CalendarUnreadable"; readonly problem: CalendarProblem }
  | { readonly code: "WebhookNotFound" }
  | { readonly code: "WebhookOff" }
  | { readonly code: "TooManyWebhooks"; readonly max: number };

/** Why a host's own calendar could not be read. */
export type CalendarProblem =
  | "unreachable"
  | "timeout"
  | "too-large"
  | "not-a-calendar"
  | "not-found"
  | "unauthorized"
  | "rate-limited"
  | "server-error"
  /** Its address, or one it leads to, is not on the public internet. */
  | "refused-address"
  /** It can be read, but not written into. */
  | "read-only"
  /** It had events, and now has none: that is believed of nobody. */
  | "emptied";

/** The value of something that may be refused. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal };

export function accepted<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}
