/** The one shape of every error answer, and the one map from refusals to HTTP. Never carries an exception's own words. */

import type { CalendarProblem, Refusal } from "../scheduling/refusal.ts";
import type { ErrorJson } from "./wire.ts";

/** An answer `{"error", "message"}`; `message` is a sentence that says what to do. */
export function errorResponse(
  status: number,
  error: string,
  message: string,
  headers?: HeadersInit,
): Response {
  const body: ErrorJson = { error, message };
  const answer = Response.json(body, { status, ...(headers && { headers }) });
  answer.headers.set("cache-control", "no-store");
  return answer;
}

/** The HTTP answer to a refusal. Exhaustive: a new refusal does not compile until it is given words here. */
export function refusalResponse(refusal: Refusal): Response {
  const [status, message] = statusAndMessage(refusal);
  return errorResponse(status, refusal.code, message);
}

function statusAndMessage(refusal: Refusal): [number, string] {
  switch (refusal.code) {
    case "SlotTaken":
      return [409, "That time has just been taken. Choose another slot."];
    case "RequestIdReused":
      return [409, "This requestId was used for something else. Make a new one for a new booking."];
    case "WrongStatus":
      return [409, `This booking is already ${refusal.status}. Reload it to see what can still be done.`];
    case "OutsideAvailability":
      return [422, "The host does not offer a slot at that time. Choose one of the listed slots."];
    case "TooSoon":
      return [422, `The host needs ${refusal.minimumNoticeMinutes} minutes' notice. Choose a later slot.`];
    case "BeyondHorizon":
      return [422, `The host takes bookings ${refusal.horizonDays} days ahead. Choose an earlier slot.`];
    case "LimitReached":
      return [
        422,
        `The host takes ${refusal.max} such bookings a ${refusal.per}. Choose another ${refusal.per}.`,
      ];
    case "DurationNotOffered":
      return [422, `This meeting takes ${alternatives(refusal.durations)} minutes. Choose one of these.`];
    case "MeetingTypeInactive":
      return [422, "The host is not taking bookings of this kind now. Choose another kind of meeting."];
    case "TooManyPending":
      return [
        422,
        `${refusal.max} of your requests wait for this host already. Wait for an answer, or cancel one of them.`,
      ];
    case "HoldExpired":
      return [410, "Your hold has run out, and the time was given to somebody else. Choose another slot."];
    case "NotAllowed":
      return [403, refusal.why];
    case "NotYourBooking":
      return [403, "Only the people of this booking may do that. Sign in as the host or the booker."];
    case "HostNotFound":
      return [404, refusal.why];
    case "MeetingTypeNotFound":
      return [404, "This host has no such meeting type. Open their booking page to see what they offer."];
    case "BookingNotFound":
      return [404, "There is no such booking. Check the link."];
    case "HostUnreachable":
      return [503, refusal.why];
    case "CalendarsSilent":
      return [
        503,
        "The host's own calendar does not answer just now, so nobody can tell whether they are free. Try again in a few minutes.",
      ];
    case "CalendarNotFound":
      return [404, "You have no such calendar. Reload the list."];
    case "CalendarUnreadable":
      return [422, unreadable(refusal.problem)];
    case "WebhookNotFound":
      return [404, "You have no such webhook, or nothing of the kind was sent to it. Reload the list."];
    case "WebhookOff":
      return [409, "This webhook is off. Turn it on again first."];
    case "TooManyWebhooks":
      return [422, `You have ${refusal.max} webhooks already. Remove one of them first.`];
  }
}

/** Why a calendar cannot be connected, and what to do about it. */
function unreadable(problem: CalendarProblem): string {
  switch (problem) {
    case "unreachable":
    case "timeout":
    case "server-error":
      return "The calendar's server does not answer. Check the address, or try again in a few minutes.";
    case "rate-limited":
      return "The calendar's server asks for patience. Try again in a few minutes.";
    case "too-large":
      return "That calendar is too large to be read. Publish a smaller one, for instance without old events.";
    case "not-a-calendar":
    case "emptied":
      return "There is no calendar at that address. Copy the link to the .ics file, not to a page.";
    case "not-found":
      return "There is nothing at that address. Copy the link again; it may have been renewed.";
    case "refused-address":
      return "That address is not on the public internet. Copy the link that your calendar offers to others.";
    case "unauthorized":
      return "The calendar's server does not let us in. Check the user name and password, or use the secret link of the calendar.";
    case "read-only":
      return "That calendar can be read but not written into. Choose another one.";
  }
}

/** `15, 30 or 60`. */
function alternatives(values: readonly number[]): string {
  return [values.slice(0, -1).join(", "), ...values.slice(-1)].filter((part) => part !== "").join(" or ");
}
