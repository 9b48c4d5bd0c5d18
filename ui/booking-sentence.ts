/** What is said of a booking's life, to its host or its booker: until when it waits, how it ended, where it was, what was known. Pure. */

import type { BookingJson, MeetingTypeJson } from "../worker/wire.ts";
import type { Side } from "./booking-standing.ts";
import { clockTime, listDay, type HourCycle } from "./clock-format.ts";

/** How the reader sees times; `now` is epoch ms. */
interface ReaderTime {
  readonly zone: string;
  readonly hourCycle: HourCycle;
  readonly now: number;
}

/** `The host has until Thu 27 Nov, 14:00 to answer.`; undefined for what waits for nobody. */
export function deadlineSentence(
  { status, expiresAt }: Pick<BookingJson, "status" | "expiresAt">,
  reader: Side,
  time: ReaderTime,
): string | undefined {
  if (status !== "pending" || expiresAt === undefined) return undefined;
  const until = dayAndTime(expiresAt, time);
  return reader === "host"
    ? `Answer until ${until}; then it expires.`
    : `The host has until ${until} to answer.`;
}

/** Whose silence ended it; undefined for what did not expire. */
export function expirySentence(status: BookingJson["status"], reader: Side): string | undefined {
  if (status !== "expired") return undefined;
  return reader === "host" ? "You did not answer in time." : "The host did not answer in time.";
}

/** `Moved from Tue 24 Nov, 10:00 by you`; undefined for what is where it was. */
export function movedSentence(
  { rescheduledBy, previousStart }: Pick<BookingJson, "rescheduledBy" | "previousStart">,
  reader: Side,
  time: ReaderTime,
): string | undefined {
  if (rescheduledBy === undefined || previousStart === undefined) return undefined;
  const who = rescheduledBy === reader ? "you" : `the ${rescheduledBy}`;
  return `Moved from ${dayAndTime(previousStart, time)} by ${who}`;
}

/** What its host is told while it is ahead, when the time was given without knowing their calendars. */
export function unseenSentence(
  { status, end, calendarsSeen }: Pick<BookingJson, "status" | "end" | "calendarsSeen">,
  reader: Side,
  time: ReaderTime,
): string | undefined {
  if (reader !== "host" || calendarsSeen === undefined || calendarsSeen.isCurrent) return undefined;
  if (Date.parse(end) <= time.now) return undefined;
  const lastRead = `(last read ${dayAndTime(calendarsSeen.asOf, time)})`;
  if (status === "pending")
    return `Your calendars could not be read when this was asked for ${lastRead}. Look before you approve.`;
  if (status === "confirmed") return `Your calendars could not be read when this time was given ${lastRead}.`;
  return undefined;
}

/** What becomes of the booking when it is moved; the worker decides it by the same facts. */
export function moveSentence(
  status: BookingJson["status"],
  mover: Side,
  approval: MeetingTypeJson["approval"],
): string {
  if (mover === "host") {
    return status === "pending"
      ? "This approves the request as well: it is confirmed at the new time."
      : "It stays confirmed.";
  }
  if (approval === "automatic")
    return status === "pending" ? "It is confirmed at once." : "It stays confirmed.";
  return status === "pending"
    ? "The host still has to approve it."
    : "The host has to approve it again; until then it is only a request.";
}

/** `Thu 27 Nov, 14:00`. */
function dayAndTime(instant: string, { zone, hourCycle, now }: ReaderTime): string {
  const at = Date.parse(instant);
  return `${listDay(at, zone, now)}, ${clockTime(at, zone, hourCycle)}`;
}
