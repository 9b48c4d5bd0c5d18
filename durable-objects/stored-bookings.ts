/** Bookings exactly as they are stored, for their host's export: the texts whose hashes the log keeps as `content`. Reads only. */

/** How many come at once: even the longest notes and reasons stay far below the 32 MB that one call may carry. */
export const STORED_BOOKINGS_PAGE = 500;

export interface StoredBooking {
  readonly uid: string;
  /** JSON of the Booking, byte for byte as it was hashed. */
  readonly json: string;
}

export interface StoredBookingsPage {
  /** Of the last row of the log at the moment of reading, 0 where there is none. */
  readonly logSeq: number;
  readonly bookings: readonly StoredBooking[];
}

export const NO_STORED_BOOKINGS: StoredBookingsPage = { logSeq: 0, bookings: [] };

/** Bookings by uid, those after `afterUid`. A uid never changes, so none is missed or met twice while others are decided. */
export function storedBookings(sql: SqlStorage, afterUid: string): StoredBookingsPage {
  const { seq: logSeq } = sql.exec<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM log").one();
  const bookings = sql
    .exec<{ uid: string; booking_json: string }>(
      "SELECT uid, booking_json FROM bookings WHERE uid > ? ORDER BY uid LIMIT CAST(? AS INTEGER)",
      afterUid,
      STORED_BOOKINGS_PAGE,
    )
    .toArray()
    .map(({ uid, booking_json: json }) => ({ uid, json }));
  return { logSeq, bookings };
}
