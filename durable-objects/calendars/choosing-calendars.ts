/** Which of a host's connected calendars block, and which one takes bookings. Waits for sources outside of every transaction. */

import { refused, type Result } from "../../scheduling/refusal.ts";
import type { ReadCalendar } from "./calendar-refresh.ts";
import {
  announceDifference,
  type CalendarWork,
  type ConnectionView,
  keepAccess,
  NOT_CONNECTED,
  openedSecretOf,
  saveReading,
  viewOfId,
} from "./calendar-work.ts";
import type { Desk } from "../desk.ts";
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
  const opened = connection && (await openedSecretOf(work, id));
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
  if (!opened) {
    return desk.connections.find(id)
      ? refused({ code: "CalendarUnreadable", problem: "unauthorized" })
      : NOT_CONNECTED;
  }
  const read = await readNew(work, connection, added, opened.secret, now);
  if (!read.ok) {
    return read;
  }
  const unread = read.value.calendars.find(({ calendar }) => !calendar.blocks);
  if (unread) {
    return refused({ code: "CalendarUnreadable", problem: unread.calendar.problem ?? "unreachable" });
  }
  await keepAccess(work, id, opened, read.value.secret.access);
  const isMade = transaction(() => commitChoice(desk, id, choice, read.value.calendars, now));
  return isMade ? viewOfId(work, id) : choose(work, id, choice, now);
}

/** False, and nothing is done, where another choice came between, so that this one has to be looked at anew. Call inside a transaction. */
function commitChoice(
  desk: Desk,
  id: string,
  { blocking, takesBookings }: CalendarChoice,
  read: readonly ReadCalendar[],
  now: number,
): boolean {
  const known = desk.calendars.ofConnection(id);
  const readById = new Map(read.map((one) => [one.calendar.id, one]));
  const chosen = known.filter((one) => blocking.includes(one.id));
  const taking = known.find((one) => one.id === takesBookings);
  if (chosen.some((one) => !one.blocks && !readById.has(one.id)) || taking?.id !== takesBookings) {
    return desk.connections.find(id) === undefined;
  }
  // What is under way was asked about other calendars.
  const connection = desk.connections.beginReading(id);
  const newlyRead = chosen.flatMap((one) => {
    const reading = one.blocks ? undefined : readById.get(one.id);
    const { isWritable, takesBookings: takes } = one;
    // Only what was read is news: the rest may have changed meanwhile.
    return reading
      ? [{ ...reading, calendar: { ...reading.calendar, isWritable, takesBookings: takes } }]
      : [];
  });
  saveReading(desk, newlyRead, now);
  for (const calendar of known) {
    if (calendar.blocks && !blocking.includes(calendar.id)) {
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
  if (chosen.length === 0 && connection?.state === "failing") {
    // Nobody reads it any more, and so nobody would find out that it is well.
    const { problem: _past, ...rest } = connection;
    desk.connections.update({ ...rest, state: "ok", attempts: 0 });
  }
  const next = desk.connections.nextToRead();
  if (next) {
    // While none blocked, no timer stood.
    desk.timers.setNoLaterThan("refresh-calendars", next.at);
  }
  desk.timers.setNoLaterThan("renew-channels", now);
  return true;
}
