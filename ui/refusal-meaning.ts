/** What the worker's refusals mean for somebody who is choosing a time. Pure; the codes are those of the rules. */

/** Refusals after which another time or another length can be chosen. */
const OTHER_TIME = new Set([
  "SlotTaken",
  "HoldExpired",
  "OutsideAvailability",
  "TooSoon",
  "BeyondHorizon",
  "LimitReached",
  "DurationNotOffered",
]);

/** Refusals of this person, or of the whole meeting. */
const NO_TIME = new Set([
  "NotAllowed",
  "TooManyPending",
  "MeetingTypeInactive",
  "MeetingTypeNotFound",
  "HostNotFound",
]);

/** Refusals that contradict what is shown of the host. */
const STALE_HOST = new Set([
  "DurationNotOffered",
  "MeetingTypeInactive",
  "MeetingTypeNotFound",
  "HostNotFound",
]);

/** Whether the refusal is about this time or length only. */
export function asksForAnotherTime(code: string): boolean {
  return OTHER_TIME.has(code);
}

/** Whether a hold was refused for a reason that refuses a booking as well; anything else that goes wrong with it hinders nobody. */
export function refusesBookingToo(code: string): boolean {
  return OTHER_TIME.has(code) || NO_TIME.has(code);
}

/** Whether the host and their meeting types should be asked for again. */
export function saysHostChanged(code: string): boolean {
  return STALE_HOST.has(code);
}

/** What is said above the times to somebody who was led back to them. `chosen` names the time they wanted. */
export function problemText({ error, message }: { error: string; message: string }, chosen: string): string {
  switch (error) {
    case "SlotTaken":
      return `${chosen} was just taken. Here are the times that are still free.`;
    case "HoldExpired":
      return `Your five minutes were over, and ${chosen} was given to somebody else. Here are the times that are still free.`;
    default:
      return message;
  }
}
