/** Connecting, reading and disconnecting a host's own calendars. Waits for sources outside of every transaction, and writes in one. */

import type { HostRecords } from "../adapters/atproto/host-records.ts";
import type { Sealer } from "../adapters/atproto/sealing.ts";
import { readSource } from "../adapters/calendars/sources.ts";
import { type Period, subtractPeriods } from "../scheduling/period.ts";
import { accepted, refused, type Result } from "../scheduling/refusal.ts";
import { afterReading, questionFor, rangeToAsk } from "./calendar-refresh.ts";
import type { Connection, ConnectionKind } from "./calendar-store.ts";
import type { Desk } from "./desk.ts";

/** How many calendars a host may connect. */
const MAX_CONNECTIONS = 10;

/** What a host connects. `secret` is an address: whoever has it reads the calendar. */
export interface ConnectCalendar {
  readonly kind: ConnectionKind;
  readonly label: string;
  readonly secret: string;
}

/** What connecting and reading need. */
export interface CalendarWork {
  readonly desk: Desk;
  readonly hostDid: string;
  readonly env: Env;
  readonly sealer: Sealer;
  /** The host's records as they are known; without any, nobody can book and nothing need be known. */
  readonly records: HostRecords | undefined;
  readonly transaction: <Value>(work: () => Value) => Value;
}

/** Reads the calendar, and keeps it only if that went well. Refusals: NotAllowed where there are too many, CalendarUnreadable. */
export async function connect(
  work: CalendarWork,
  command: ConnectCalendar,
  now: number,
): Promise<Result<Connection>> {
  const { desk, hostDid, sealer, transaction } = work;
  const isFull = () => desk.calendars.all().length >= MAX_CONNECTIONS;
  const tooMany = refused({
    code: "NotAllowed",
    why: `You can connect ${MAX_CONNECTIONS} calendars at most. Disconnect one first.`,
  });
  if (isFull()) {
    return tooMany;
  }
  const { kind, label, secret } = command;
  const id = crypto.randomUUID();
  const asked = aboutHost(work, now);
  const fresh: Connection = {
    id,
    kind,
    label,
    state: "ok",
    asOf: now,
    coversUntil: 0,
    timeZone: asked.timeZone,
    events: 0,
    nextRefreshAt: now,
    attempts: 0,
    generation: 0,
  };
  const reading = await readSource(kind, questionFor(fresh, secret, asked), work.env, now);
  if (reading.kind !== "read") {
    return refused({
      code: "CalendarUnreadable",
      problem: reading.kind === "failed" ? reading.problem : "not-a-calendar",
    });
  }
  const sealed = await sealer.seal(secret, boundTo(hostDid, id));
  const { connection, busy = [] } = afterReading(fresh, reading, { ...asked, now, chance: Math.random() });
  return transaction(() => {
    if (isFull()) {
      return tooMany;
    }
    desk.calendars.add(connection, sealed, busy, now);
    announceDifference(desk, [], busy);
    desk.timers.setNoLaterThan("refresh-calendars", connection.nextRefreshAt);
    return accepted(connection);
  });
}

/** Reads one calendar again; undefined where it is not connected. What comes after a later reading began is not taken. */
export async function refresh(work: CalendarWork, id: string, now: number): Promise<Connection | undefined> {
  const { desk, hostDid, sealer, transaction } = work;
  const begun = desk.calendars.beginReading(id);
  const sealed = desk.calendars.secretOf(id);
  if (!begun || !sealed) {
    return undefined;
  }
  const secret = await sealer.open(sealed, boundTo(hostDid, id));
  const asked = aboutHost(work, now);
  const reading =
    secret === undefined
      ? // Its key was retired: only connecting it again helps.
        ({ kind: "failed", problem: "unauthorized" } as const)
      : await readSource(begun.kind, questionFor(begun, secret, asked), work.env, now);
  return transaction(() => {
    const current = desk.calendars.find(id);
    if (current?.generation !== begun.generation) {
      return current;
    }
    const { connection, busy } = afterReading(current, reading, { ...asked, now, chance: Math.random() });
    // Most readings find what the one before found, and rows cost.
    const isNew = busy !== undefined && announceDifference(desk, desk.calendars.busyOf(id), busy);
    desk.calendars.update(connection, isNew ? busy : undefined);
    desk.timers.setNoLaterThan("refresh-calendars", connection.nextRefreshAt);
    return connection;
  });
}

/** Forgets a calendar; what was busy in it is free. Call inside a transaction of the desk. */
export function disconnect(desk: Desk, id: string): void {
  announceDifference(desk, desk.calendars.busyOf(id), []);
  desk.calendars.remove(id);
}

/**
 * Reads the one that has been due longest. One for each alarm, since a slow source takes its whole deadline, and what is owed to others is
 * not to wait for ten of them.
 */
export async function refreshNext(work: CalendarWork, now: number): Promise<void> {
  const next = work.desk.calendars.nextToRead();
  if (next !== undefined && next.at <= now) {
    await refresh(work, next.id, now);
  }
}

/** Tells those who look on what is taken and freed; whether anything is. */
function announceDifference(desk: Desk, before: readonly Period[], after: readonly Period[]): boolean {
  const freed = subtractPeriods(before, after);
  const taken = subtractPeriods(after, before);
  for (const period of freed) {
    desk.announce("freed", period);
  }
  for (const period of taken) {
    desk.announce("taken", period);
  }
  return freed.length + taken.length > 0;
}

function aboutHost({ records }: CalendarWork, now: number) {
  const horizonDays = Math.max(0, ...(records?.meetingTypes ?? []).map((type) => type.horizonDays));
  // Hours may have zones of their own; all-day events are read in that of the first.
  const [first] = records?.availability ?? [];
  return { range: rangeToAsk(horizonDays, now), timeZone: first?.timeZone ?? "UTC" };
}

function boundTo(hostDid: string, id: string): string {
  return `${hostDid} calendar ${id}`;
}
