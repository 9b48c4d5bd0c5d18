/** Which of a host's connected calendars block, and which one takes bookings. Waits for sources outside of every transaction. */

import { refused, type Result } from "../scheduling/refusal.ts";
import {
  announceDifference,
  type CalendarWork,
  type ConnectionView,
  NOT_CONNECTED,
  saveReading,
  secretOf,
  viewOfId,
} from "./calendar-work.ts";
import { notBlocking, readNew } from "./found-calendars.ts";
import { oweUpcoming } from "./writing-calendars.ts";

/** Which calendars of a connection block, and which one takes confirmed bookings; by our ids. */
export interface CalendarChoice {
  readonly blocking: readonly string[];
  readonly takesBookings?: string;
}

/**
 * Which calendars block, and which one takes bookings. Those that newly block are read first. Refusals: CalendarUnreadable, NotAllowed for
 * a calendar that nobody can write into, CalendarNotFound.
 */
export async function choose(
  work: CalendarWork,
  id: string,
  choice: CalendarChoice,
  now: number,
): Promise<Result<ConnectionView>> {
  const { desk, transaction } = work;
  const connection = desk.connections.find(id);
  const secret = connection && (await secretOf(work, id));
  if (!connection) {
    return NOT_CONNECTED;
  }
  const known = desk.calendars.ofConnection(id);
  const taking = known.find((calendar) => calendar.id === choice.takesBookings);
  if (choice.takesBookings !== undefined && taking?.isWritable !== true) {
    return refused({
      code: "NotAllowed",
      why: "Bookings cannot be written into that calendar. Choose another one.",
    });
  }
  const added = known.filter((one) => choice.blocking.includes(one.id) && !one.blocks);
  const read = secret
    ? await readNew(work, connection, added, secret, now)
    : refused({ code: "CalendarUnreadable", problem: "unauthorized" });
  if (!read.ok) {
    return read;
  }
  const unread = read.value.calendars.find(({ calendar }) => !calendar.blocks);
  if (unread) {
    return refused({ code: "CalendarUnreadable", problem: unread.calendar.problem ?? "unreachable" });
  }
  transaction(() => {
    // What is under way was asked about other calendars.
    if (!desk.connections.beginReading(id)) {
      return;
    }
    saveReading(desk, read.value.calendars, now);
    for (const calendar of desk.calendars.ofConnection(id)) {
      if (calendar.blocks && !choice.blocking.includes(calendar.id)) {
        announceDifference(desk, desk.calendars.busyOf(calendar.id), []);
        desk.calendars.save(notBlocking(calendar), []);
      }
    }
    const before = desk.calendars.takingBookings();
    if (taking && taking.id !== before?.id) {
      desk.calendars.takeBookings(taking.id);
      oweUpcoming(desk, now);
    } else if (!taking && before?.connectionId === id) {
      desk.calendars.takeBookings(undefined);
    }
    desk.timers.setNoLaterThan("renew-channels", now);
  });
  return viewOfId(work, id);
}
