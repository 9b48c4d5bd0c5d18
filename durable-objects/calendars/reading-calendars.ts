/** Reading a host's own calendars, by the alarm, when somebody asks for a time, or because their host says so. Waits outside of transactions. */

import type { SourceReading } from "../../adapters/calendars/source.ts";
import { brokenCalendarEffect } from "../../scheduling/effect.ts";
import { afterReading, isWorthTelling, sooner } from "./calendar-refresh.ts";
import {
  askedOfHost,
  askSource,
  type CalendarWork,
  keepAccess,
  openedSecretOf,
  saveReading,
} from "./calendar-work.ts";
import type { Connection } from "./connection-store.ts";
import type { Desk } from "../desk.ts";
import { oweAndRelay } from "../outbox-store.ts";
import { connectionOfChannel, watchedCalendars } from "./push-channels.ts";

/** Changes come in crowds: so long after the first they are read together. */
const GATHER_MS = 2_000;

/** How long somebody who asks for a time waits for the host's calendars. */
const PATIENCE_MS = 5_000;

/** Reads one connection again; undefined where it is not connected. What comes after a later reading began is not taken. */
export async function refresh(work: CalendarWork, id: string, now: number): Promise<Connection | undefined> {
  const { desk, transaction } = work;
  const begun = desk.connections.beginReading(id);
  if (!begun) {
    return undefined;
  }
  const blocking = desk.calendars.ofConnection(id).filter(({ blocks }) => blocks);
  const opened = await openedSecretOf(work, id);
  const asked = askedOfHost(work, now);
  const reading: SourceReading = opened
    ? await askSource(work, { kind: begun.kind, calendars: blocking, secret: opened.secret, asked }, now)
    : // Its key was retired: only connecting it again helps.
      { kind: "failed", problem: "unauthorized" };
  if (opened) {
    await keepAccess(work, id, opened, reading.access);
  }
  return transaction(() => {
    const current = desk.connections.find(id);
    if (current?.generation !== begun.generation) {
      return current;
    }
    const stillBlocking = desk.calendars.ofConnection(id).filter(({ blocks }) => blocks);
    const watched = watchedCalendars(desk.sql, id, now);
    const after = afterReading(current, stillBlocking, reading, {
      ...asked,
      now,
      chance: Math.random(),
      isPushed: stillBlocking.length > 0 && stillBlocking.every((calendar) => watched.has(calendar.id)),
    });
    const connection = notLaterThanAsked(after.connection, begun, current);
    desk.connections.update(connection);
    saveReading(desk, after.calendars, now);
    desk.timers.setNoLaterThan("refresh-calendars", connection.nextRefreshAt);
    if (isWorthTelling(current, connection)) {
      tellBroken(work, connection, now);
    }
    return connection;
  });
}

/** Who wanted it read soon while it was being read may know of something that this reading came too early for. */
function notLaterThanAsked(after: Connection, begun: Connection, current: Connection): Connection {
  return after.state === "ok" && current.nextRefreshAt !== begun.nextRefreshAt
    ? { ...after, nextRefreshAt: Math.min(after.nextRefreshAt, current.nextRefreshAt) }
    : after;
}

/** The host is told that a connection cannot be read. Call inside a transaction of the desk. */
export function tellBroken({ desk, hostDid }: CalendarWork, connection: Connection, now: number): void {
  const asOf = desk.calendars.seenOf(connection.id, now)?.asOf ?? now;
  oweAndRelay(desk, [brokenCalendarEffect(hostDid, connection, asOf, now)], now);
}

/** A channel says that something has changed: its connection is read at the next alarm. Call inside a transaction of the desk. */
export function pushed(desk: Desk, channelId: string, now: number): void {
  const id = connectionOfChannel(desk.sql, channelId);
  const connection = id === undefined ? undefined : desk.connections.find(id);
  // One that is due may be under way already, and have been answered before the change.
  const isPlanned = (at: number) => now < at && at <= now + GATHER_MS;
  if (connection?.state === "ok" && !isPlanned(connection.nextRefreshAt)) {
    desk.connections.update({ ...connection, nextRefreshAt: now + GATHER_MS });
    desk.timers.setNoLaterThan("refresh-calendars", now + GATHER_MS);
  }
}

/** The same, but whoever comes while it is being read waits for that reading. */
export async function refreshOnce(work: CalendarWork, id: string, now: number): Promise<void> {
  const { underWay } = work;
  const reading = underWay.get(id) ?? refresh(work, id, now).finally(() => underWay.delete(id));
  underWay.set(id, reading);
  await reading;
}

/**
 * Reads the one that has been due longest. One for each alarm, since a slow source takes its whole deadline, and what is owed to others is
 * not to wait for ten of them.
 */
export async function refreshNext(work: CalendarWork, now: number): Promise<void> {
  const next = work.desk.connections.nextToRead();
  if (next !== undefined && next.at <= now) {
    await refreshOnce(work, next.id, now);
  }
}

/**
 * Before a slot is given away: what is not current is read again, as far as that takes no longer than somebody waits. Sources that fail are
 * left alone until they are due. Whether the picture is current then, is for whoever decides to look at.
 */
export async function bringUpToDate(work: CalendarWork, now: number): Promise<void> {
  const { desk } = work;
  const stale = desk.connections.all().filter(({ id, state, nextRefreshAt }) => {
    const mayBeAsked = state === "ok" || (state === "failing" && nextRefreshAt <= now);
    return mayBeAsked && desk.calendars.seenOf(id, now)?.isCurrent === false;
  });
  await Promise.race([
    Promise.all(stale.map(({ id }) => refreshOnce(work, id, now))),
    scheduler.wait(PATIENCE_MS),
  ]);
}

/** Somebody looks at the host's page: what was not read lately is read soon. Waits for nothing. */
export function hasten({ desk, transaction }: Pick<CalendarWork, "desk" | "transaction">, now: number): void {
  const seen = desk.calendars.seenAt(now);
  if (seen === undefined || seen.isCurrent) {
    return;
  }
  transaction(() => {
    for (const connection of desk.connections.all()) {
      const asOf = desk.calendars.seenOf(connection.id, now)?.asOf;
      const at = asOf === undefined ? undefined : sooner(connection, asOf, now);
      if (at !== undefined) {
        desk.connections.update({ ...connection, nextRefreshAt: at });
        desk.timers.setNoLaterThan("refresh-calendars", at);
      }
    }
  });
}
