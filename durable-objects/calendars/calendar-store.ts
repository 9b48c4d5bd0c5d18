/** The calendars of a host's connections, in the authority's SQLite: which block, what is known of each, its busy time. No decisions. */

import type { CalendarsSeen } from "../../scheduling/calendars-seen.ts";
import { CURRENT_FOR_MS } from "../../scheduling/calendars-seen.ts";
import type { CalendarProblem } from "../../scheduling/refusal.ts";
import { mergePeriods, type Period } from "../../scheduling/period.ts";
import { busyOf, busyTouching, deleteBusy, replaceBusy } from "./busy-store.ts";

/** One calendar of a connection. Its name is sealed with the connection's secret. Instants are epoch ms. */
export interface ConnectedCalendar {
  readonly id: string;
  readonly connectionId: string;
  /** Its place among those of its connection. */
  readonly position: number;
  /** Whether its busy time is not offered. */
  readonly blocks: boolean;
  readonly isWritable: boolean;
  /** Whether confirmed bookings are written into it. */
  readonly takesBookings: boolean;
  /** Why it could not be read. */
  readonly problem?: CalendarProblem;
  /** When its busy time was last known to be right; 0 for one that was never read. */
  readonly asOf: number;
  /** Its busy time is known up to here. */
  readonly coversUntil: number;
  /** The zone in which its all-day events were read. */
  readonly timeZone: string;
  readonly events: number;
  /** What the source said of it last time. */
  readonly validators?: string;
}

/** What is known of all that block together, nulls without any, and whether one takes bookings. */
type Known = {
  readonly coversUntil: number | null;
  readonly asOf: number | null;
  readonly takesBookings: number;
};

export class CalendarStore {
  readonly #sql: SqlStorage;
  /** Undefined until it was read. Most hosts have no calendar, and then nothing is asked. */
  #known: Known | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): ConnectedCalendar[] {
    return this.#select("1 = 1 ORDER BY connection_id, position");
  }

  ofConnection(connectionId: string): ConnectedCalendar[] {
    return this.#select("connection_id = ? ORDER BY position", connectionId);
  }

  /** Whether there is one into which bookings are written. Asked with every decision. */
  get takesBookings(): boolean {
    return this.#read().takesBookings === 1;
  }

  /** The one into which bookings are written. */
  takingBookings(): ConnectedCalendar | undefined {
    return this.#select("takes_bookings = 1")[0];
  }

  find(id: string): ConnectedCalendar | undefined {
    return this.#select("id = ?", id)[0];
  }

  /** Adds one, or writes how one stands now, and its busy time where that is known anew. */
  save(calendar: ConnectedCalendar, busy: readonly Period[] | undefined): void {
    this.#sql.exec(
      `INSERT INTO calendars (id, connection_id, position, blocks, is_writable, takes_bookings, problem, as_of, covers_until,
         time_zone, events, validators)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET position = excluded.position, blocks = excluded.blocks, is_writable = excluded.is_writable,
         takes_bookings = excluded.takes_bookings, problem = excluded.problem, as_of = excluded.as_of,
         covers_until = excluded.covers_until, time_zone = excluded.time_zone, events = excluded.events,
         validators = excluded.validators`,
      calendar.id,
      calendar.connectionId,
      calendar.position,
      Number(calendar.blocks),
      Number(calendar.isWritable),
      Number(calendar.takesBookings),
      calendar.problem ?? null,
      calendar.asOf,
      calendar.coversUntil,
      calendar.timeZone,
      calendar.events,
      calendar.validators ?? null,
    );
    if (busy) {
      replaceBusy(this.#sql, calendar.id, busy);
    }
    this.#known = undefined;
  }

  /** Bookings go into this one from now on, and into no other; undefined: into none. */
  takeBookings(id: string | undefined): void {
    this.#sql.exec(
      "UPDATE calendars SET takes_bookings = (id = ?1) WHERE takes_bookings <> (id = ?1)",
      id ?? "",
    );
    this.#known = undefined;
  }

  remove(id: string): void {
    deleteBusy(this.#sql, id);
    this.#sql.exec("DELETE FROM calendars WHERE id = ?", id);
    this.#known = undefined;
  }

  /** The busy time of one, merged. */
  busyOf(id: string): Period[] {
    return mergePeriods(busyOf(this.#sql, id));
  }

  /**
   * What of the host's time is taken in `range`: busy time, merged, and all that lies beyond what a calendar that blocks was asked about.
   * Nobody knows of that whether it is free.
   */
  busyIn(range: Period): Period[] {
    const { coversUntil } = this.#read();
    if (coversUntil === null) {
      return [];
    }
    const unknown = coversUntil < range.end ? [{ start: coversUntil, end: range.end }] : [];
    return mergePeriods([...busyTouching(this.#sql, range), ...unknown]);
  }

  /** What is known of all that block, and whether it is current at `now`; undefined without any. */
  seenAt(now: number): CalendarsSeen | undefined {
    return seen(this.#read().asOf, now);
  }

  /** The same of one connection. */
  seenOf(connectionId: string, now: number): CalendarsSeen | undefined {
    const { asOf } = this.#sql
      .exec<{ asOf: number | null }>(
        "SELECT min(as_of) AS asOf FROM calendars WHERE blocks = 1 AND connection_id = ?",
        connectionId,
      )
      .one();
    return seen(asOf, now);
  }

  /** A transaction was rolled back: what was remembered may never have been stored. */
  forgetWhatIsKnown(): void {
    this.#known = undefined;
  }

  #read(): Known {
    return (this.#known ??= this.#sql
      .exec<Known>(
        `SELECT min(covers_until) AS coversUntil, min(as_of) AS asOf,
           EXISTS (SELECT 1 FROM calendars WHERE takes_bookings = 1) AS takesBookings
         FROM calendars WHERE blocks = 1`,
      )
      .one());
  }

  #select(condition: string, ...values: string[]): ConnectedCalendar[] {
    return this.#sql
      .exec<CalendarRow>(`SELECT * FROM calendars WHERE ${condition}`, ...values)
      .toArray()
      .map(fromRow);
  }
}

/** A clock that was set back does not make what was read before any newer. */
function seen(asOf: number | null, now: number): CalendarsSeen | undefined {
  return asOf === null ? undefined : { asOf, isCurrent: Math.abs(now - asOf) <= CURRENT_FOR_MS };
}

type CalendarRow = {
  id: string;
  connection_id: string;
  position: number;
  blocks: number;
  is_writable: number;
  takes_bookings: number;
  problem: CalendarProblem | null;
  as_of: number;
  covers_until: number;
  time_zone: string;
  events: number;
  validators: string | null;
};

function fromRow(row: CalendarRow): ConnectedCalendar {
  return {
    id: row.id,
    connectionId: row.connection_id,
    position: row.position,
    blocks: row.blocks === 1,
    isWritable: row.is_writable === 1,
    takesBookings: row.takes_bookings === 1,
    ...(row.problem !== null && { problem: row.problem }),
    asOf: row.as_of,
    coversUntil: row.covers_until,
    timeZone: row.time_zone,
    events: row.events,
    ...(row.validators !== null && { validators: row.validators }),
  };
}
