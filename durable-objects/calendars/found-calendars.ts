/** The calendars that an account was found to have: how they become ours, and the first reading of those that block. */

import type { FoundCalendar } from "../../adapters/calendars/source.ts";
import { accepted, refused } from "../../scheduling/refusal.ts";
import { afterReading } from "./calendar-refresh.ts";
import type { ConnectedCalendar } from "./calendar-store.ts";
import { askedOfHost, askSource, type CalendarWork } from "./calendar-work.ts";
import type { ConnectionSecret } from "./connection-secret.ts";
import type { Connection } from "./connection-store.ts";

/** How many calendars of an account are known. */
const MAX_CALENDARS = 50;

/**
 * Reads calendars that are to block from now on. CalendarUnreadable where none of them can be read; one that cannot while others can is
 * returned as one that does not block.
 */
export async function readNew(
  work: CalendarWork,
  connection: Connection,
  calendars: readonly ConnectedCalendar[],
  secret: ConnectionSecret,
  now: number,
) {
  if (calendars.length === 0) {
    return accepted({ connection, secret, calendars: [] });
  }
  const asked = askedOfHost(work, now);
  const reading = await askSource(work, { kind: connection.kind, calendars, secret, asked }, now);
  const after = afterReading(connection, calendars, reading, { ...asked, now, chance: Math.random() });
  if (after.calendars.every(({ busy }) => busy === undefined)) {
    return refused({ code: "CalendarUnreadable", problem: after.connection.problem ?? "not-a-calendar" });
  }
  return accepted({
    connection: after.connection,
    secret: { ...secret, access: reading.access ?? secret.access },
    calendars: after.calendars.map(({ calendar, busy }) =>
      busy ? { calendar: { ...calendar, blocks: true }, busy } : { calendar: notBlocking(calendar) },
    ),
  });
}

/** What is known of a calendar's time is let go of with its say in it. */
export function notBlocking({ validators: _known, ...calendar }: ConnectedCalendar): ConnectedCalendar {
  return { ...calendar, blocks: false, asOf: 0, coversUntil: 0, events: 0 };
}

function newCalendar(
  connectionId: string,
  id: string,
  { isWritable }: FoundCalendar,
  position: number,
  blocks: boolean,
): ConnectedCalendar {
  return {
    id,
    connectionId,
    position,
    blocks,
    isWritable,
    takesBookings: false,
    asOf: 0,
    coversUntil: 0,
    timeZone: "",
    events: 0,
  };
}

/**
 * The calendars of a connection after its source was asked which there are: those that came block nothing. And those that are not there
 * any more.
 */
export function withFound(
  known: readonly ConnectedCalendar[],
  names: ConnectionSecret["calendars"],
  connectionId: string,
  found: readonly FoundCalendar[],
) {
  const idOf = new Map(Object.entries(names).map(([id, { ref }]) => [ref, id]));
  const next = found.slice(0, MAX_CALENDARS).map((one, index) => {
    const before = known.find(({ id }) => id === idOf.get(one.ref));
    const calendar =
      before === undefined
        ? newCalendar(connectionId, crypto.randomUUID(), one, known.length + index, false)
        : { ...before, isWritable: one.isWritable };
    return { calendar, name: { ref: one.ref, name: one.name } };
  });
  const kept = new Set(next.map(({ calendar }) => calendar.id));
  return {
    calendars: next.map(({ calendar }) => calendar),
    gone: known.filter(({ id }) => !kept.has(id)),
    names: { ...names, ...Object.fromEntries(next.map(({ calendar, name }) => [calendar.id, name])) },
  };
}
