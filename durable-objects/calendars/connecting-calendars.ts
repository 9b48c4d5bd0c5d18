/** Connecting a host's own calendars, giving access anew, letting go. Waits for sources outside of every transaction. */

import { revokeAccess } from "../../adapters/calendars/google/google-consent.ts";
import { sourceOf } from "../../adapters/calendars/sources.ts";
import type { Access, FoundCalendar, SourceKind } from "../../adapters/calendars/source.ts";
import { accepted, refused, type Result } from "../../scheduling/refusal.ts";
import {
  announceDifference,
  type CalendarWork,
  type ConnectionView,
  NOT_CONNECTED,
  type OpenedSecret,
  openedSecretOf,
  secretOf,
  viewOfId,
} from "./calendar-work.ts";
import { sealSecret } from "./connection-secret.ts";
import type { Connection } from "./connection-store.ts";
import { readNew, withFound } from "./found-calendars.ts";
import { forgetChannels } from "./push-channels.ts";
import { refresh } from "./reading-calendars.ts";
import { forgetWrittenIn } from "./written-bookings.ts";

/** How many accounts a host may connect. */
const MAX_CONNECTIONS = 10;

const TOO_MANY = {
  code: "NotAllowed",
  why: `You can connect ${MAX_CONNECTIONS} calendars at most. Disconnect one first.`,
} as const;

/** Which of the account's calendars are ours is sealed as well. */
const CANNOT_BE_OPENED = {
  code: "NotAllowed",
  why: "What was kept about this calendar cannot be opened any more. Disconnect it, and connect it again.",
} as const;

/** What a host connects. Whoever has the access reads the calendars. */
export interface ConnectCalendars {
  readonly kind: SourceKind;
  readonly label: string;
  readonly access: Access;
}

/**
 * Looks for an account's calendars and reads those that are its owner's; keeps them only if that went well. One that cannot be read does
 * not block. Refusals: NotAllowed where there are too many, CalendarUnreadable.
 */
export async function connect(
  work: CalendarWork,
  { kind, label, access }: ConnectCalendars,
  now: number,
): Promise<Result<ConnectionView>> {
  const { desk, hostDid, sealer, transaction } = work;
  const isFull = () => desk.connections.all().length >= MAX_CONNECTIONS;
  if (isFull()) {
    return refused(TOO_MANY);
  }
  const id = crypto.randomUUID();
  const fresh: Connection = { id, kind, label, state: "ok", nextRefreshAt: now, attempts: 0, generation: 0 };
  const found = await sourceOf(kind).find(access, work.env, now);
  if (found.kind === "failed") {
    return refused({ code: "CalendarUnreadable", problem: found.problem });
  }
  const named = withFound([], {}, id, found.calendars);
  const own = found.calendars.map(({ isOwn }) => isOwn);
  const calendars = named.calendars.map((one, index) => ({
    ...one,
    blocks: own[index] === true || !own.includes(true),
  }));
  const secret = { access: found.access ?? access, calendars: named.names };
  const blocking = calendars.filter(({ blocks }) => blocks);
  const read = await readNew(work, fresh, blocking, secret, now);
  if (!read.ok) {
    return read;
  }
  const sealed = await sealSecret(sealer, hostDid, id, read.value.secret);
  const others = calendars.filter(({ blocks }) => !blocks).map((calendar) => ({ calendar, busy: undefined }));
  const kept = transaction((): Result<Connection> => {
    if (isFull()) {
      return refused(TOO_MANY);
    }
    desk.connections.add(read.value.connection, sealed, now);
    for (const { calendar, busy } of [...read.value.calendars, ...others]) {
      announceDifference(desk, [], busy ?? []);
      desk.calendars.save(calendar, busy);
    }
    desk.timers.setNoLaterThan("refresh-calendars", read.value.connection.nextRefreshAt);
    desk.timers.setNoLaterThan("renew-channels", now);
    return accepted(read.value.connection);
  });
  return kept.ok ? viewOfId(work, id) : kept;
}

/** A new access to the same account: what is known and chosen stays, and is read again. Refusals: CalendarUnreadable, CalendarNotFound, NotAllowed. */
export async function giveAccess(
  work: CalendarWork,
  id: string,
  { kind, access }: Pick<ConnectCalendars, "kind" | "access">,
  now: number,
): Promise<Result<ConnectionView>> {
  const connection = work.desk.connections.find(id);
  if (connection?.kind !== kind) {
    return NOT_CONNECTED;
  }
  const found = await sourceOf(kind).find(access, work.env, now);
  if (found.kind === "failed") {
    return refused({ code: "CalendarUnreadable", problem: found.problem });
  }
  let isKept = false;
  while (!isKept) {
    const opened = await openedSecretOf(work, id);
    if (!opened) {
      return work.desk.connections.find(id) ? refused(CANNOT_BE_OPENED) : NOT_CONNECTED;
    }
    // What comes between is the renewal of an access that is worth nothing any more, or names.
    isKept = await keepFound(work, id, opened, found.access ?? access, found.calendars);
  }
  work.transaction(() => {
    // Channels end with the grant they were made with.
    forgetChannels(work.desk.sql, id);
    work.desk.timers.setNoLaterThan("renew-channels", now);
    work.desk.timers.setNoLaterThan("write-calendar", now);
  });
  await refresh(work, id, now);
  return viewOfId(work, id);
}

/**
 * Reads a connection because its host says so, after looking for calendars that have come to it; those block nothing until they are
 * chosen. Refusals: CalendarNotFound.
 */
export async function readNow(work: CalendarWork, id: string, now: number): Promise<Result<ConnectionView>> {
  const connection = work.desk.connections.find(id);
  const opened = connection && (await openedSecretOf(work, id));
  const found = opened && (await sourceOf(connection.kind).find(opened.secret.access, work.env, now));
  // Where that failed, the reading that follows says what is wrong.
  if (opened && found?.kind === "found") {
    // Whoever gave another access meanwhile has found the calendars too.
    await keepFound(work, id, opened, found.access ?? opened.secret.access, found.calendars);
  }
  await refresh(work, id, now);
  return viewOfId(work, id);
}

/**
 * Keeps an access of a connection, and the calendars that were found with it; false where the secret is not any more the one that was
 * opened. Read it next: what is under way with the one before is worth nothing from then on.
 */
async function keepFound(
  work: CalendarWork,
  id: string,
  opened: OpenedSecret,
  access: Access,
  found: readonly FoundCalendar[],
): Promise<boolean> {
  const { desk, hostDid, sealer, transaction } = work;
  const { calendars: names } = opened.secret;
  const { calendars, ...after } = withFound(desk.calendars.ofConnection(id), names, id, found);
  const sealed = await sealSecret(sealer, hostDid, id, { access, calendars: after.names });
  return transaction(() => {
    if (!desk.connections.exchangeSecret(id, opened.sealed, sealed)) {
      return false;
    }
    for (const calendar of calendars) {
      // What its host has chosen meanwhile holds.
      const known = desk.calendars.find(calendar.id) ?? calendar;
      desk.calendars.save({ ...known, isWritable: calendar.isWritable }, undefined);
    }
    for (const { id: goneId } of after.gone) {
      const known = desk.calendars.find(goneId);
      // Others stay, since their host has to know.
      if (known && !known.blocks && !known.takesBookings) {
        forgetWrittenIn(desk.sql, goneId);
        desk.calendars.remove(goneId);
      }
    }
    return true;
  });
}

/**
 * Forgets a connection; what was busy in its calendars is free at once, what was written there is its host's own. Google is told that we
 * want its access no more, as far as it listens.
 */
export async function letGo(work: CalendarWork, id: string, now: number): Promise<void> {
  const { desk, transaction, env } = work;
  const secret = await secretOf(work, id);
  const kind = desk.connections.find(id)?.kind;
  transaction(() => {
    for (const calendar of desk.calendars.ofConnection(id)) {
      announceDifference(desk, desk.calendars.busyOf(calendar.id), []);
      forgetWrittenIn(desk.sql, calendar.id);
      desk.calendars.remove(calendar.id);
    }
    desk.connections.remove(id);
    desk.timers.setNoLaterThan("renew-channels", now);
  });
  if (kind === "google" && secret) {
    await revokeAccess(secret.access, env, now);
  }
}
