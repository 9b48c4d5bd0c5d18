/** What connecting, reading and writing a host's own calendars need, and what all three do alike. */

import type { HostRecords } from "../../adapters/atproto/host-records.ts";
import type { Sealed, Sealer } from "../../adapters/atproto/sealing.ts";
import type { Access, SourceKind, SourceReading } from "../../adapters/calendars/source.ts";
import { sourceOf } from "../../adapters/calendars/sources.ts";
import { conflictEffect } from "../../scheduling/effect.ts";
import { type Period, subtractPeriods } from "../../scheduling/period.ts";
import { accepted, refused, type Result } from "../../scheduling/refusal.ts";
import { hostOfBookingUid } from "../booking-uid.ts";
import { type AskedOfHost, questionFor, type ReadCalendar, rangeToAsk } from "./calendar-refresh.ts";
import type { ConnectedCalendar } from "./calendar-store.ts";
import { confirmedUpon } from "./conflicts.ts";
import { type ConnectionSecret, openSecret, sealSecret } from "./connection-secret.ts";
import type { Connection } from "./connection-store.ts";
import type { Desk } from "../desk.ts";
import { oweAndRelay } from "../outbox-store.ts";
import { calendarsWithBookings } from "./written-bookings.ts";

export interface CalendarWork {
  readonly desk: Desk;
  readonly hostDid: string;
  readonly env: Env;
  readonly sealer: Sealer;
  /** The host's records as they are known; without any, nobody can book and nothing need be known. */
  readonly records: HostRecords | undefined;
  readonly transaction: <Value>(work: () => Value) => Value;
  /** Readings that are under way in this object, by connection: whoever wants the same waits for the same. */
  readonly underWay: Map<string, Promise<unknown>>;
}

/** A connection as its host may see it. */
export interface ConnectionView extends Connection {
  readonly calendars: readonly (ConnectedCalendar & { readonly name: string })[];
}

/** What sources are asked about this host. `now` in epoch ms. */
export function askedOfHost({ records, hostDid }: CalendarWork, now: number): AskedOfHost {
  const horizonDays = Math.max(0, ...(records?.meetingTypes ?? []).map((type) => type.horizonDays));
  // Hours may have zones of their own; all-day events are read in that of the first.
  const [first] = records?.availability ?? [];
  return {
    range: rangeToAsk(horizonDays, now),
    timeZone: first?.timeZone ?? "UTC",
    // In calendar files the uid is followed by the broker's name.
    isBooking: (uid) => hostOfBookingUid(uid.split("@")[0] ?? "") === hostDid,
  };
}

/** Which calendars of a connection are asked about, with what opens it, and what is asked. */
interface CalendarsAsked {
  readonly kind: SourceKind;
  readonly calendars: readonly ConnectedCalendar[];
  readonly secret: ConnectionSecret;
  readonly asked: AskedOfHost;
}

/** Asks a connection's source about some of its calendars; nothing is asked about none. `now` in epoch ms. */
export async function askSource(
  { desk, env }: CalendarWork,
  { kind, calendars, secret, asked }: CalendarsAsked,
  now: number,
): Promise<SourceReading> {
  if (calendars.length === 0) {
    return { kind: "read", calendars: new Map() };
  }
  const refs = new Map(Object.entries(secret.calendars).map(([id, { ref }]) => [id, ref]));
  const opened = { access: secret.access, refs, holding: calendarsWithBookings(desk.sql) };
  return sourceOf(kind).read(questionFor(calendars, opened, asked), env, now);
}

/** A secret, and the sealing it came out of. */
export interface OpenedSecret {
  readonly secret: ConnectionSecret;
  readonly sealed: Sealed;
}

/**
 * What opens a connection; undefined where it is not there, or its key is gone. What was sealed under an earlier key is sealed anew, so
 * that all that is in use leaves that key by itself.
 */
export async function openedSecretOf(work: CalendarWork, id: string): Promise<OpenedSecret | undefined> {
  const { desk, hostDid, sealer } = work;
  const sealed = desk.connections.secretOf(id);
  const secret = sealed && (await openSecret(sealer, hostDid, id, sealed));
  if (!secret || sealed.keyId === sealer.activeKeyId) {
    return secret && { secret, sealed };
  }
  const anew = await sealSecret(sealer, hostDid, id, secret);
  // Where another one was kept meanwhile, that is the one to go by.
  return desk.connections.exchangeSecret(id, sealed, anew)
    ? { secret, sealed: anew }
    : openedSecretOf(work, id);
}

/** The same without the sealing. */
export async function secretOf(work: CalendarWork, id: string): Promise<ConnectionSecret | undefined> {
  return (await openedSecretOf(work, id))?.secret;
}

/** Keeps an access that an answer brought anew, unless the connection got another one meanwhile. */
export async function keepAccess(
  { desk, hostDid, sealer }: CalendarWork,
  id: string,
  asked: OpenedSecret,
  access: Access | undefined,
): Promise<void> {
  if (access === undefined || access === asked.secret.access) {
    return;
  }
  const sealed = await sealSecret(sealer, hostDid, id, { ...asked.secret, access });
  desk.connections.exchangeSecret(id, asked.sealed, sealed);
}

export const NOT_CONNECTED = refused({ code: "CalendarNotFound" });

/** All connections with their calendars by name, for their host. */
export function viewsOf(work: CalendarWork): Promise<ConnectionView[]> {
  return Promise.all(work.desk.connections.all().map((connection) => viewOf(work, connection)));
}

/** One of them as it is now. Refusals: CalendarNotFound. */
export async function viewOfId(work: CalendarWork, id: string): Promise<Result<ConnectionView>> {
  const connection = work.desk.connections.find(id);
  return connection ? accepted(await viewOf(work, connection)) : NOT_CONNECTED;
}

async function viewOf(work: CalendarWork, connection: Connection): Promise<ConnectionView> {
  const calendars = work.desk.calendars.ofConnection(connection.id);
  const secret = await secretOf(work, connection.id);
  return {
    ...connection,
    calendars: calendars.map((calendar) => ({
      ...calendar,
      name: secret?.calendars[calendar.id]?.name ?? "",
    })),
  };
}

/**
 * Writes what was read, tells those who look on what is taken and freed, and the host which bookings it has been put upon. Call inside a
 * transaction of the desk.
 */
export function saveReading(desk: Desk, calendars: readonly ReadCalendar[], now: number): void {
  const taken: Period[] = [];
  for (const { calendar, busy } of calendars) {
    const change = busy && announceDifference(desk, desk.calendars.busyOf(calendar.id), busy);
    taken.push(...(change?.taken ?? []));
    // Most readings find what the one before found, and rows cost.
    desk.calendars.save(calendar, change?.isNew === true ? busy : undefined);
  }
  const conflicts = confirmedUpon(desk.sql, taken, now);
  if (conflicts.length > 0) {
    oweAndRelay(
      desk,
      conflicts.map((booking) => conflictEffect(booking, now)),
      now,
    );
  }
}

/** Tells those who look on what is taken and freed, and says what it was. */
export function announceDifference(desk: Desk, before: readonly Period[], after: readonly Period[]) {
  const freed = subtractPeriods(before, after);
  const taken = subtractPeriods(after, before);
  for (const period of freed) {
    desk.announce("freed", period);
  }
  for (const period of taken) {
    desk.announce("taken", period);
  }
  return { taken, isNew: freed.length + taken.length > 0 };
}
