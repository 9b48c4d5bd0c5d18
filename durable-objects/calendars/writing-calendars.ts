/** Writing confirmed bookings into the calendar that their host chose: as effects of the outbox, on a channel of their own. */

import { sourceOf } from "../../adapters/calendars/sources.ts";
import type { WriteAnswer } from "../../adapters/calendars/source.ts";
import { NoAnswerInTime } from "../../adapters/d1/deadline.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { calendarEntryEffect, type Effect } from "../../scheduling/effect.ts";
import type { CalendarProblem } from "../../scheduling/refusal.ts";
import { findBooking, upcomingConfirmed } from "../booking-store.ts";
import type { ConnectedCalendar } from "./calendar-store.ts";
import { type CalendarWork, keepAccess, openedSecretOf } from "./calendar-work.ts";
import type { Desk } from "../desk.ts";
import type { Outside } from "../outbox.ts";
import { isOwed, oweAndRelay } from "../outbox-store.ts";
import { tellBroken } from "./reading-calendars.ts";
import { forgetWritten, isWrittenOrOwed, saveWritten, writtenBooking } from "./written-bookings.ts";

/** Problems that have nothing to do with what is written: it waits, and counts as no failure of its own. */
const PASSING: ReadonlySet<CalendarProblem> = new Set<CalendarProblem>([
  "unreachable",
  "timeout",
  "rate-limited",
  "server-error",
  "unauthorized",
]);

/** What a decision owes to the host's calendar: an entry for what is confirmed, where one takes bookings, and an end to what stands there. */
export function calendarEntryOwed({ calendars, sql }: Desk, booking: Booking): readonly Effect[] {
  const isToStand = booking.status === "confirmed" && calendars.takesBookings;
  const mayStand = booking.sequence > 0 && isWrittenOrOwed(sql, booking.uid);
  return isToStand || mayStand ? [calendarEntryEffect(booking)] : [];
}

/** A calendar was chosen: what is confirmed already is written into it. Call inside a transaction of the desk. */
export function oweUpcoming(desk: Desk, now: number): void {
  oweAndRelay(desk, upcomingConfirmed(desk.sql, now).map(calendarEntryEffect), now);
}

/** The host's calendar, as the outbox sees it. */
export function calendarOutside(work: CalendarWork): Outside {
  return {
    async deliver(effects) {
      for (const effect of effects) {
        if (effect.kind === "write-calendar") {
          await bringAbout(work, effect.booking, Date.now());
        }
      }
    },
    // Whether it can be reached is known from what it answers to each.
    isReachable: async () => true,
  };
}

/** @throws NoAnswerInTime for what passes, CalendarRefused for what does not */
async function bringAbout(work: CalendarWork, booking: Booking, now: number): Promise<void> {
  const { desk, transaction } = work;
  const current = findBooking(desk.sql, booking.uid) ?? booking;
  if (current.sequence > booking.sequence && !isOwed(desk.sql, calendarEntryEffect(current).id)) {
    // It was parked, and comes back after what became of the booking since was brought about.
    return;
  }
  const written = writtenBooking(desk.sql, booking.uid);
  const isWanted = booking.status === "confirmed";
  const calendar = written ? desk.calendars.find(written.calendarId) : desk.calendars.takingBookings();
  if (!calendar || (!isWanted && !written) || (written && written.sequence >= booking.sequence)) {
    return;
  }
  const answer = await tell(work, calendar, booking, now);
  if (answer.kind === "failed") {
    noteProblem(work, calendar, answer.problem, now);
    throw PASSING.has(answer.problem) ? new NoAnswerInTime() : new CalendarRefused(answer.problem);
  }
  transaction(() => {
    if (!isWanted) {
      forgetWritten(desk.sql, booking.uid);
    } else if (desk.calendars.find(calendar.id)) {
      // Else it was let go of while this was on its way, and what stands there is its host's own.
      saveWritten(desk.sql, calendar.id, booking);
    }
  });
}

async function tell(
  work: CalendarWork,
  { id, connectionId }: ConnectedCalendar,
  booking: Booking,
  now: number,
): Promise<WriteAnswer> {
  const connection = work.desk.connections.find(connectionId);
  const opened = await openedSecretOf(work, connectionId);
  const secret = opened?.secret;
  const ref = secret?.calendars[id]?.ref;
  if (!connection || !opened || !secret || ref === undefined || connection.state === "needs_reauth") {
    // A wrong password is not tried again and again: servers lock accounts for that.
    return { kind: "failed", problem: "unauthorized" };
  }
  const place = { access: secret.access, ref };
  const answer =
    booking.status === "confirmed"
      ? await sourceOf(connection.kind).write(place, booking, work.env, now)
      : await sourceOf(connection.kind).remove(place, booking.uid, work.env, now);
  await keepAccess(work, connectionId, opened, answer.access);
  return answer;
}

/** A password that is wrong for writing is wrong for reading. */
function noteProblem(
  work: CalendarWork,
  { connectionId }: ConnectedCalendar,
  problem: CalendarProblem,
  now: number,
) {
  const connection = work.desk.connections.find(connectionId);
  if (problem === "unauthorized" && connection && connection.state !== "needs_reauth") {
    const broken = { ...connection, state: "needs_reauth", problem } as const;
    work.transaction(() => {
      work.desk.connections.update(broken);
      tellBroken(work, broken, now);
    });
  }
}

/** A calendar does not take an entry. Its name is for the operator. */
class CalendarRefused extends Error {
  constructor(problem: CalendarProblem) {
    super();
    this.name = `CalendarRefused ${problem}`;
  }
}
