/** Connecting a host's own calendars, choosing among them, giving access anew, letting go. Waits for sources outside of every transaction. */

import { revokeAccess } from "../adapters/calendars/google/google-consent.ts";
import { sourceOf } from "../adapters/calendars/sources.ts";
import type { Access, FoundCalendar, SourceKind } from "../adapters/calendars/source.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { afterReading, questionFor } from "./calendar-refresh.ts";
import type { ConnectedCalendar } from "./calendar-store.ts";
import {
  announceDifference,
  askedOfHost,
  type CalendarWork,
  type ConnectionView,
  saveReading,
  NOT_CONNECTED,
  secretOf,
  viewOfId,
} from "./calendar-work.ts";
import { type ConnectionSecret, sealSecret } from "./connection-secret.ts";
import type { Connection } from "./connection-store.ts";
import { refresh } from "./reading-calendars.ts";
import { oweUpcoming } from "./writing-calendars.ts";
import { calendarsWithBookings, forgetWrittenIn } from "./written-bookings.ts";

/** How many accounts a host may connect, and how many calendars of each are known. */
const MAX_CONNECTIONS = 10;
const MAX_CALENDARS = 50;

const TOO_MANY = {
  code: "NotAllowed",
  why: `You can connect ${MAX_CONNECTIONS} calendars at most. Disconnect one first.`,
} as const;

/** What a host connects. Whoever has the access reads the calendars. */
export interface ConnectCalendars {
  readonly kind: SourceKind;
  readonly label: string;
  readonly access: Access;
}

/** Which calendars of a connection block, and which one takes confirmed bookings; by our ids. */
export interface CalendarChoice {
  readonly blocking: readonly string[];
  readonly takesBookings?: string;
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

/** A new access to the same account: what is known and chosen stays, and is read again. Refusals: CalendarUnreadable, CalendarNotFound. */
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
  const calendars = (await secretOf(work, id))?.calendars ?? {};
  await keepFound(work, id, { access: found.access ?? access, calendars }, found.calendars);
  work.desk.timers.setNoLaterThan("write-calendar", now);
  await refresh(work, id, now);
  return viewOfId(work, id);
}

/**
 * Reads a connection because its host says so, after looking for calendars that have come to it; those block nothing until they are
 * chosen. Refusals: CalendarNotFound.
 */
export async function readNow(work: CalendarWork, id: string, now: number): Promise<Result<ConnectionView>> {
  const connection = work.desk.connections.find(id);
  const secret = connection && (await secretOf(work, id));
  const found = secret && (await sourceOf(connection.kind).find(secret.access, work.env, now));
  // Where that failed, the reading that follows says what is wrong.
  if (secret && found?.kind === "found") {
    await keepFound(work, id, { ...secret, access: found.access ?? secret.access }, found.calendars);
  }
  await refresh(work, id, now);
  return viewOfId(work, id);
}

/** Keeps a new secret of a connection, and the calendars that were found with it. What is under way with the old one is worth nothing any more. */
async function keepFound(
  work: CalendarWork,
  id: string,
  { access, calendars }: ConnectionSecret,
  found: readonly FoundCalendar[],
): Promise<void> {
  const { desk, hostDid, sealer, transaction } = work;
  const begun = desk.connections.beginReading(id);
  const after = withFound(desk.calendars.ofConnection(id), calendars, id, found);
  const sealed = await sealSecret(sealer, hostDid, id, { access, calendars: after.names });
  transaction(() => {
    if (begun && desk.connections.find(id)?.generation === begun.generation) {
      desk.connections.replaceSecret(id, sealed);
      after.calendars.forEach((calendar) => desk.calendars.save(calendar, undefined));
    }
  });
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
    if (!desk.connections.find(id)) {
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

/**
 * Reads calendars that are to block from now on. CalendarUnreadable where none of them can be read; one that cannot while others can is
 * returned as one that does not block.
 */
async function readNew(
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
  const refs = new Map(Object.entries(secret.calendars).map(([id, { ref }]) => [id, ref]));
  const question = questionFor(
    calendars,
    { access: secret.access, refs, holding: calendarsWithBookings(work.desk.sql) },
    asked,
  );
  const reading = await sourceOf(connection.kind).read(question, work.env, now);
  const after = afterReading(connection, calendars, reading, { ...asked, now, chance: Math.random() });
  if (reading.kind === "failed" || after.calendars.every(({ busy }) => busy === undefined)) {
    const problem = reading.kind === "failed" ? reading.problem : after.connection.problem;
    return refused({ code: "CalendarUnreadable", problem: problem ?? "not-a-calendar" });
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
function notBlocking({ validators: _known, ...calendar }: ConnectedCalendar): ConnectedCalendar {
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

/** The calendars of a connection after its source was asked which there are: those that came are added, those that went are kept. */
function withFound(
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
  return {
    calendars: next.map(({ calendar }) => calendar),
    names: { ...names, ...Object.fromEntries(next.map(({ calendar, name }) => [calendar.id, name])) },
  };
}
