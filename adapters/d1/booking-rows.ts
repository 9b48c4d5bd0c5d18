/** Bookings as rows of D1: written by versioned upserts, read for history and lists. Nothing is decided from them. */

import { and, asc, desc, eq, gt, gte, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { union } from "drizzle-orm/sqlite-core";
import { bookings } from "../../migrations/schema.ts";
import { type Booking, type BookingStatus, effectiveStatus } from "../../scheduling/booking.ts";
import type { MeetingLocation } from "../../scheduling/meeting-type.ts";
import { inTime } from "./deadline.ts";
import { upsertFromJson } from "./upsert-from-json.ts";

export type BookingRow = typeof bookings.$inferSelect;

/** What to list. Instants are epoch ms; `from` is inclusive, `to` exclusive, both about the booking's start. */
interface BookingListQuery {
  readonly role: "host" | "booker";
  readonly did: string;
  readonly status?: BookingStatus;
  readonly from?: number;
  readonly to?: number;
  /** By start: earliest first, or latest first. */
  readonly order: "asc" | "desc";
  /** The last booking of the page before. */
  readonly after?: { readonly start: number; readonly uid: string };
  readonly limit: number;
}

const UPSERT = upsertFromJson(bookings, {
  onConflict: (columns) =>
    `DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}
     WHERE excluded.sequence >= bookings.sequence`,
});

/**
 * Writes bookings' rows, each unless a later one is there: replay and reorder are harmless. A row of the same sequence is written again:
 * it says the same, or is mended.
 */
export function upsertBookings(
  db: D1Database,
  written: readonly Booking[],
  now: number,
): D1PreparedStatement {
  return db.prepare(UPSERT).bind(JSON.stringify(written.map((booking) => bookingRow(booking, now))));
}

/** Bookings of one person in one role, with their status as of `now` (epoch ms). */
export async function listBookings(db: D1Database, query: BookingListQuery, now: number): Promise<Booking[]> {
  const party = query.role === "host" ? bookings.hostDid : bookings.bookerDid;
  const [along, beyond] = query.order === "asc" ? [asc, gt] : [desc, lt];
  const rows = await drizzle(db)
    .select()
    .from(bookings)
    .where(
      and(
        eq(party, query.did),
        query.status && hasStatus(query.status, now),
        query.from === undefined ? undefined : gte(bookings.startTime, query.from),
        query.to === undefined ? undefined : lt(bookings.startTime, query.to),
        query.after &&
          or(
            beyond(bookings.startTime, query.after.start),
            and(eq(bookings.startTime, query.after.start), beyond(bookings.id, query.after.uid)),
          ),
      ),
    )
    .orderBy(along(bookings.startTime), along(bookings.id))
    .limit(query.limit);
  return rows.map(bookingOf).map((booking) => ({ ...booking, status: effectiveStatus(booking, now) }));
}

/** The uid that begins with this, up to its first hyphen; undefined where none does, or none yet. */
export async function findBookingUid(db: D1Database, beginning: string): Promise<string | undefined> {
  // The character after the hyphen: what the primary key's index finds without reading more than a row.
  const [row] = await drizzle(db)
    .select({ id: bookings.id })
    .from(bookings)
    .where(and(gte(bookings.id, `${beginning}-`), lt(bookings.id, `${beginning}.`)))
    .limit(1);
  return row?.id;
}

/** The hosts with whom a person has confirmed bookings ahead of `now` (epoch ms), themselves among them where they are the host. */
export async function hostsOfUpcoming(db: D1Database, did: string, now: number): Promise<string[]> {
  const { hostDid, bookerDid, status, startTime } = bookings;
  const isAhead = and(eq(status, "confirmed"), gt(startTime, now));
  const orm = drizzle(db);
  const rows = await inTime(
    union(
      orm
        .select({ hostDid })
        .from(bookings)
        .where(and(eq(hostDid, did), isAhead)),
      orm
        .select({ hostDid })
        .from(bookings)
        .where(and(eq(bookerDid, did), isAhead)),
    ),
  );
  return rows.map((row) => row.hostDid);
}

/** As `expiryOf`: rows written before there was such a time have none. */
const EXPIRY = sql<number>`coalesce(${bookings.expiresAt}, ${bookings.startTime})`;

/** As `effectiveStatus`: a row may not know yet that its pending booking has expired. */
function hasStatus(status: BookingStatus, now: number): SQL | undefined {
  const isIt = eq(bookings.status, status);
  switch (status) {
    case "pending":
      return and(isIt, gt(EXPIRY, now));
    case "expired":
      return or(isIt, and(eq(bookings.status, "pending"), lte(EXPIRY, now)));
    case "confirmed":
    case "declined":
    case "cancelled":
      return isIt;
  }
}

/** A booking as its row. */
export function bookingRow(booking: Booking, now: number): BookingRow {
  return {
    id: booking.uid,
    sequence: booking.sequence,
    hostDid: booking.host.did,
    hostHandle: booking.host.handle,
    bookerDid: booking.booker.did,
    bookerHandle: booking.booker.handle,
    availabilityId: booking.availabilityRkey,
    meetingTypeId: booking.meetingType.rkey,
    meetingTypeTitle: booking.meetingType.title,
    startTime: booking.start,
    endTime: booking.end,
    bufferBeforeMinutes: booking.bufferBeforeMinutes,
    bufferAfterMinutes: booking.bufferAfterMinutes,
    timeZone: booking.timeZone,
    status: booking.status,
    bookerEmail: booking.email ?? null,
    bookerNote: booking.note ?? null,
    locationJson: booking.location ? JSON.stringify(booking.location) : null,
    createdAt: booking.createdAt,
    expiresAt: booking.expiresAt ?? null,
    confirmedAt: booking.confirmedAt ?? null,
    rescheduledAt: booking.rescheduledAt ?? null,
    rescheduledBy: booking.rescheduledBy ?? null,
    previousStart: booking.previousStart ?? null,
    cancelledAt: booking.cancelledAt ?? null,
    cancelledBy: booking.cancelledBy ?? null,
    reason: booking.reason ?? null,
    calendarsAsOf: booking.calendarsSeen?.asOf ?? null,
    calendarsCurrent: booking.calendarsSeen?.isCurrent ?? null,
    updatedAt: now,
  };
}

/** A row as the booking it was written from. */
export function bookingOf(row: BookingRow): Booking {
  return {
    uid: row.id,
    sequence: row.sequence,
    status: row.status,
    host: { did: row.hostDid, handle: row.hostHandle },
    booker: { did: row.bookerDid, handle: row.bookerHandle },
    meetingType: { rkey: row.meetingTypeId, title: row.meetingTypeTitle },
    availabilityRkey: row.availabilityId,
    start: row.startTime,
    end: row.endTime,
    bufferBeforeMinutes: row.bufferBeforeMinutes,
    bufferAfterMinutes: row.bufferAfterMinutes,
    timeZone: row.timeZone,
    createdAt: row.createdAt,
    ...(row.bookerEmail !== null && { email: row.bookerEmail }),
    ...(row.bookerNote !== null && { note: row.bookerNote }),
    // Written by bookingRow from a checked location.
    ...(row.locationJson !== null && { location: JSON.parse(row.locationJson) as MeetingLocation }),
    ...(row.expiresAt !== null && { expiresAt: row.expiresAt }),
    ...(row.rescheduledAt !== null && { rescheduledAt: row.rescheduledAt }),
    ...(row.rescheduledBy !== null && { rescheduledBy: row.rescheduledBy }),
    ...(row.previousStart !== null && { previousStart: row.previousStart }),
    ...(row.confirmedAt !== null && { confirmedAt: row.confirmedAt }),
    ...(row.cancelledAt !== null && { cancelledAt: row.cancelledAt }),
    ...(row.cancelledBy !== null && { cancelledBy: row.cancelledBy }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.calendarsAsOf !== null && {
      calendarsSeen: { asOf: row.calendarsAsOf, isCurrent: row.calendarsCurrent === true },
    }),
  };
}
