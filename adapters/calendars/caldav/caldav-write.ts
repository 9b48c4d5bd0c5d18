/** Writes bookings into a calendar on a CalDAV server (RFC 4791 5.3.2), one resource each, and removes them. */

import type { Booking } from "../../../scheduling/booking.ts";
import { bookingCalendarObject } from "../../ics/booking-calendar.ts";
import { calendarUid } from "../../ics/booking-text.ts";
import { parseAccess } from "./caldav-access.ts";
import { findConflict, findInCalendar } from "./caldav-find.ts";
import { createDav } from "./dav-requests.ts";
import type { Dav, DavFailure } from "./dav-requests.ts";
import { sha256Hex } from "../../sha-256.ts";
import type { SourceSettings, WriteAnswer, WritePlace } from "../source.ts";

const TIMEOUT_MS = 15_000;

/** File systems below servers take 255 bytes, and some servers add to a name. */
const NAME_MAX_LENGTH = 150;

/** Said of an event that is there under another name: RFC 4791 5.3.2.1 (403 or 409), and what servers say instead. */
const MAY_BE_CONFLICT: ReadonlySet<number | undefined> = new Set([400, 403, 409, 412]);

const IS_PASSING = new Set(["unreachable", "timeout", "rate-limited"]);

/** Too slow, locked by somebody (RFC 4918 11.3), too early (RFC 8470 5.2). */
const PASSES: ReadonlySet<number> = new Set([408, 423, 425]);

type Sent = { readonly kind: "done" } | DavFailure;

interface OpenPlace {
  readonly dav: Dav;
  /** The collection, with a slash at its end. */
  readonly calendar: URL;
}

/**
 * Puts the booking as it is now into the calendar, over an earlier version of it. Where the host has the same event there already, under
 * another name (imported from the file of the booking, or moved by the server), that one is overwritten; a server that allows an event in one
 * calendar only has it moved here. `now` in epoch ms.
 */
export async function writeCalDavBooking(
  place: WritePlace,
  booking: Booking,
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  const open = openPlace(place, settings, now);
  if (open === undefined) {
    return REFUSED;
  }
  const { dav, calendar } = open;
  const uid = calendarUid(booking.uid, settings.PUBLIC_URL);
  const body = bookingCalendarObject(booking, { publicUrl: settings.PUBLIC_URL, now });
  const put = (url: URL): Promise<Sent> =>
    dav.send(url, { method: "PUT", contentType: "text/calendar; charset=utf-8", body });
  const own = await urlOfBooking(calendar, booking.uid);
  const answer = await put(own);
  if (answer.kind === "done" || !MAY_BE_CONFLICT.has(answer.status)) {
    return answerOf(answer);
  }
  const here = await findInCalendar(dav, calendar, uid);
  const [there] = here.kind === "found" ? here.urls : [];
  if (there !== undefined) {
    return answerOf(await put(there));
  }
  const elsewhere = await findConflict(dav, answer, uid);
  if (elsewhere === undefined) {
    return answerOf(withoutParent(answer));
  }
  const gone = await dav.send(elsewhere, { method: "DELETE" });
  return answerOf(gone.kind === "failed" && gone.problem !== "not-found" ? gone : await put(own));
}

/** Takes the booking out of the calendar, under whatever name it is there; done where it is gone. `now` in epoch ms. */
export async function removeCalDavBooking(
  place: WritePlace,
  bookingUid: string,
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  const open = openPlace(place, settings, now);
  if (open === undefined) {
    return REFUSED;
  }
  const { dav, calendar } = open;
  const own = await dav.send(await urlOfBooking(calendar, bookingUid), { method: "DELETE" });
  if (own.kind === "failed" && own.problem !== "not-found") {
    return answerOf(own);
  }
  const copies = await findInCalendar(dav, calendar, calendarUid(bookingUid, settings.PUBLIC_URL));
  if (copies.kind === "failed") {
    // A server that cannot look has no more to say; one that did not get to it must be asked again.
    return IS_PASSING.has(copies.problem) ? answerOf(copies) : { kind: "done" };
  }
  for (const url of copies.urls) {
    const copy = await dav.send(url, { method: "DELETE" });
    if (copy.kind === "failed" && copy.problem !== "not-found") {
      return answerOf(copy);
    }
  }
  return { kind: "done" };
}

const REFUSED: WriteAnswer = { kind: "failed", problem: "refused-address" };

function openPlace(
  { access, ref }: WritePlace,
  settings: SourceSettings,
  now: number,
): OpenPlace | undefined {
  const account = parseAccess(access, settings.ALLOW_LOOPBACK === "true");
  if (account === undefined || !URL.canParse(ref)) {
    return undefined;
  }
  const calendar = new URL(ref);
  if (!calendar.pathname.endsWith("/")) {
    calendar.pathname += "/";
  }
  return { calendar, dav: createDav(account, settings, AbortSignal.timeout(TIMEOUT_MS), now) };
}

/** Always the same for a booking, so that nothing about it has to be remembered. */
async function urlOfBooking(calendar: URL, bookingUid: string): Promise<URL> {
  const isPlain = /^[A-Za-z0-9_-]+$/.test(bookingUid) && bookingUid.length <= NAME_MAX_LENGTH;
  return new URL(`${isPlain ? bookingUid : await sha256Hex(bookingUid)}.ics`, calendar);
}

/** RFC 4918 9.7.1: a PUT into a collection that is not there is a conflict. */
function withoutParent(failure: DavFailure): DavFailure {
  return failure.status === 409 ? { kind: "failed", problem: "not-found" } : failure;
}

function answerOf(answer: Sent): WriteAnswer {
  if (answer.kind === "done") {
    return { kind: "done" };
  }
  const { retryAfterMs } = answer;
  const problem = isRefusal(answer) ? "read-only" : answer.problem;
  return { kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/**
 * Whether asking again does not help: who signed in may not do that there (403, 405, RFC 4918 9.7.2; 401 is who did not sign in), or the
 * server does not take this entry.
 */
function isRefusal({ status = 0, problem }: DavFailure): boolean {
  const isOfEntry = problem === "server-error" && status >= 400 && status < 500 && !PASSES.has(status);
  return status === 403 || status === 405 || isOfEntry;
}
