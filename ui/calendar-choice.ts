/** Which calendars block time and which one takes bookings, while changes to that are on their way. Pure. */

import type { CalendarChoiceInput, CalendarJson, ConnectionJson } from "../worker/wire.ts";

/** One thing the host changed. */
export type CalendarChange =
  | {
      readonly kind: "blocks";
      readonly connectionId: string;
      readonly calendarId: string;
      readonly blocks: boolean;
    }
  | { readonly kind: "takes"; readonly connectionId: string; readonly calendarId: string | undefined };

/** The connections as they are once the change is made. A calendar that takes bookings takes them from every other. */
export function changed(connections: readonly ConnectionJson[], change: CalendarChange): ConnectionJson[] {
  const apply = (connection: ConnectionJson, calendar: CalendarJson): CalendarJson => {
    const isIts = connection.id === change.connectionId && calendar.id === change.calendarId;
    if (change.kind === "blocks") return isIts ? { ...calendar, blocks: change.blocks } : calendar;
    return calendar.takesBookings === isIts ? calendar : { ...calendar, takesBookings: isIts };
  };
  return connections.map((connection) => ({
    ...connection,
    calendars: connection.calendars.map((calendar) => apply(connection, calendar)),
  }));
}

/** The connections once one was answered, new or anew: what takes bookings there takes them from every other. */
export function answered(connections: readonly ConnectionJson[], answer: ConnectionJson): ConnectionJson[] {
  const isKnown = connections.some(({ id }) => id === answer.id);
  const placed = isKnown
    ? connections.map((each) => (each.id === answer.id ? answer : each))
    : [...connections, answer];
  const taker = answer.calendars.find((each) => each.takesBookings);
  return taker === undefined
    ? placed
    : changed(placed, { kind: "takes", connectionId: answer.id, calendarId: taker.id });
}

/** What is sent for a connection as it is to be. */
export function choiceOf({ calendars }: ConnectionJson): CalendarChoiceInput {
  const taker = calendars.find((each) => each.takesBookings);
  return {
    blocking: calendars.filter((each) => each.blocks).map((each) => each.id),
    ...(taker === undefined ? {} : { takesBookings: taker.id }),
  };
}

export interface WritePlace {
  readonly connectionId: string;
  readonly calendarId: string;
}

/** The calendar that takes bookings, if any. */
export function writePlaceIn(connections: readonly ConnectionJson[]): WritePlace | undefined {
  for (const { id, calendars } of connections) {
    const taker = calendars.find((each) => each.takesBookings);
    if (taker) return { connectionId: id, calendarId: taker.id };
  }
  return undefined;
}

/** The calendars that bookings could be written into, by connection; the one that takes them now is always among them. */
export function writablePlaces(
  connections: readonly ConnectionJson[],
): { connection: ConnectionJson; calendars: CalendarJson[] }[] {
  return connections
    .map((connection) => ({
      connection,
      calendars: connection.calendars.filter((each) => each.isWritable || each.takesBookings),
    }))
    .filter(({ calendars }) => calendars.length > 0);
}

/** Whether Google was asked for reading only. */
export function lacksWriting({ kind, state, calendars }: ConnectionJson): boolean {
  return kind === "google" && state !== "needs_reauth" && !mayBeWritten({ calendars });
}

/** Whether any of its calendars can be written into. */
export function mayBeWritten({ calendars }: Pick<ConnectionJson, "calendars">): boolean {
  return calendars.some((each) => each.isWritable || each.takesBookings);
}
