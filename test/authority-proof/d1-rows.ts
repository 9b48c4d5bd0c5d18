/** What has come to D1, once it has caught up or should have. */

import type { Broker } from "../../dev/broker.ts";
import type { BookingRow, History, NotificationRow, Operation } from "./history.ts";

/** The host's rows, as soon as they say what the closing reads do, and otherwise as they are when patience, ms, ends. */
export async function rowsOnceCaughtUp(
  broker: Broker,
  host: string,
  closing: readonly Operation[],
  patience: number,
): Promise<History["rows"]> {
  const final = closing.flatMap(({ answer }) => (answer.kind === "booking" ? [answer.booking] : []));
  // Every sequence number is a decision, and of each somebody is told.
  const decisions = final.reduce((sum, { sequence }) => sum + sequence + 1, 0);
  const began = performance.now();
  for (;;) {
    const rows = await readRows(broker, host);
    const sequences = new Map(rows.bookings.map(({ uid, sequence }) => [uid, sequence]));
    const isCaughtUp =
      rows.notifications.length >= decisions &&
      final.every(({ uid, sequence }) => sequences.get(uid) === sequence);
    if (isCaughtUp || performance.now() - began > patience) return rows;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function readRows(broker: Broker, host: string): Promise<History["rows"]> {
  const bookings = await broker.query(
    "SELECT id, sequence, status, start_time, end_time FROM bookings WHERE host_did = ?",
    host,
  );
  const notifications = await broker.query("SELECT booking_id, recipient_did, kind FROM notifications");
  return {
    bookings: bookings.map((row): BookingRow => ({
      uid: String(row["id"]),
      sequence: Number(row["sequence"]),
      status: String(row["status"]),
      start: Number(row["start_time"]),
      end: Number(row["end_time"]),
    })),
    notifications: notifications.map((row): NotificationRow => ({
      uid: String(row["booking_id"]),
      recipient: String(row["recipient_did"]),
      kind: String(row["kind"]),
    })),
  };
}
