/** Channels on which Google tells of changes (Calendar API, push notifications): made, and made anew before they end. Never relied upon. */

import { stopWatching, watchGoogleCalendar } from "../../adapters/calendars/google/google-push.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { type CalendarWork, keepAccess, openedSecretOf } from "./calendar-work.ts";
import type { ConnectedCalendar } from "./calendar-store.ts";
import { channelToken } from "./channel-token.ts";
import type { Desk } from "../desk.ts";

/** Where Google sends its notifications. */
const PUSH_PATH = "/api/calendar/google/push";

/** A channel is made anew so long before it ends; and it is tried again after so long where that fails. */
const AHEAD_MS = DAY;

interface Channel {
  readonly id: string;
  readonly calendarId: string;
  readonly connectionId: string;
  readonly resourceId: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** The calendars of a connection that are watched at `now`. */
export function watchedCalendars(sql: SqlStorage, connectionId: string, now: number): ReadonlySet<string> {
  const live = channels(sql).filter((one) => one.connectionId === connectionId && one.expiresAt > now);
  return new Set(live.map(({ calendarId }) => calendarId));
}

/** The connection that a channel is about. */
export function connectionOfChannel(sql: SqlStorage, channelId: string): string | undefined {
  return channels(sql).find(({ id }) => id === channelId)?.connectionId;
}

/** A connection got another access: its channels may have ended with the one before. */
export function forgetChannels(sql: SqlStorage, connectionId: string): void {
  sql.exec("DELETE FROM push_channels WHERE connection_id = ?", connectionId);
}

/** Makes the channels that are missing or about to end, and forgets those that nobody needs; returns when to look again, epoch ms. */
export async function renewChannels(work: CalendarWork, now: number): Promise<number | undefined> {
  const { sql } = work.desk;
  const tried = new Set<string>();
  for (const calendar of calendarsToWatch(work.desk)) {
    const current = channels(sql).find(({ calendarId }) => calendarId === calendar.id);
    if (current === undefined || current.expiresAt <= now + AHEAD_MS) {
      await watch(work, calendar, current, now);
    }
    tried.add(calendar.id);
  }
  // Others may have been chosen meanwhile, or let go of.
  const wanted = calendarsToWatch(work.desk).map(({ id }) => id);
  sql.exec(
    "DELETE FROM push_channels WHERE calendar_id NOT IN (SELECT value FROM json_each(?))",
    JSON.stringify(wanted),
  );
  if (wanted.length === 0) {
    return undefined;
  }
  const ends = channels(sql).map(({ expiresAt }) => Math.max(expiresAt - AHEAD_MS, now + AHEAD_MS / 24));
  return wanted.every((id) => tried.has(id)) ? Math.min(now + AHEAD_MS, ...ends) : now;
}

function calendarsToWatch({ connections, calendars }: Desk): ConnectedCalendar[] {
  const google = connections.all().filter(({ kind, state }) => kind === "google" && state !== "needs_reauth");
  return google.flatMap(({ id }) => calendars.ofConnection(id).filter(({ blocks }) => blocks));
}

/** A channel cannot be extended: a new one begins before the old one ends, so that nothing is missed. */
async function watch(
  work: CalendarWork,
  { id: calendarId, connectionId }: ConnectedCalendar,
  old: Channel | undefined,
  now: number,
): Promise<void> {
  const { desk, env, hostDid } = work;
  const id = crypto.randomUUID();
  const token = await channelToken(env, hostDid, id);
  const opened = await openedSecretOf(work, connectionId);
  const secret = opened?.secret;
  const ref = secret?.calendars[calendarId]?.ref;
  if (token === undefined || !opened || !secret || ref === undefined) {
    return;
  }
  const address = new URL(PUSH_PATH, env.PUBLIC_URL).href;
  const answer = await watchGoogleCalendar(secret.access, ref, { id, token, address }, env, now);
  await keepAccess(work, connectionId, opened, answer.access);
  if (answer.kind !== "watching") {
    return;
  }
  desk.sql.exec("DELETE FROM push_channels WHERE calendar_id = ?", calendarId);
  desk.sql.exec(
    "INSERT INTO push_channels (id, calendar_id, connection_id, resource_id, expires_at) VALUES (?, ?, ?, ?, ?)",
    id,
    calendarId,
    connectionId,
    answer.resourceId,
    answer.expiresAt,
  );
  if (old) {
    // One that does not stop ends by itself; what it says until then is about an unknown channel.
    await stopWatching(answer.access ?? secret.access, { id: old.id, resourceId: old.resourceId }, env, now);
  }
}

function channels(sql: SqlStorage): Channel[] {
  return sql
    .exec<{
      id: string;
      calendar_id: string;
      connection_id: string;
      resource_id: string;
      expires_at: number;
    }>("SELECT * FROM push_channels")
    .toArray()
    .map((row) => ({
      id: row.id,
      calendarId: row.calendar_id,
      connectionId: row.connection_id,
      resourceId: row.resource_id,
      expiresAt: row.expires_at,
    }));
}
