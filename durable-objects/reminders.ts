/** Reminders the authority has yet to send: a row for each, written with the decision and gone once it is owed. */

import type { Booking } from "../scheduling/booking.ts";
import { reminderEffects } from "../scheduling/effect.ts";
import { type ReminderLead, remindersAhead, stillReminds } from "../scheduling/reminders.ts";
import { findBooking } from "./booking-store.ts";
import type { Desk } from "./desk.ts";
import { reminderMailOwed } from "./mail/owing-mail.ts";
import { oweAndRelay } from "./outbox-store.ts";

/** Replaces the reminders of a booking by those of how it has just been decided. Call inside the transaction of the decision. */
export function setReminders({ sql, timers }: Desk, booking: Booking, now: number): void {
  if (booking.sequence > 0) {
    sql.exec("DELETE FROM reminders WHERE booking_uid = ?", booking.uid);
  }
  const ahead = remindersAhead(booking, now);
  const [first] = ahead;
  if (first === undefined) {
    return;
  }
  sql.exec(
    `INSERT INTO reminders (booking_uid, lead, start_at, due_at) VALUES ${ahead.map(() => "(?, ?, ?, ?)").join(", ")}`,
    ...ahead.flatMap(({ lead, dueAt }) => [booking.uid, lead, booking.start, dueAt]),
  );
  timers.setNoLaterThan("remind", first.dueAt);
}

/** Owes every reminder that is due. Call inside a transaction, so that a row goes if and only if it is owed. */
export function remindDue(desk: Desk, now: number): void {
  const due = desk.sql
    .exec<{ booking_uid: string; lead: string; start_at: number }>(
      "DELETE FROM reminders WHERE due_at <= CAST(? AS INTEGER) RETURNING booking_uid, lead, start_at",
      now,
    )
    .toArray();
  for (const { booking_uid: uid, lead, start_at: start } of due) {
    const booking = findBooking(desk.sql, uid);
    // A version before this one may have decided the booking meanwhile, and knows nothing of these rows.
    if (booking && stillReminds(booking, start, now)) {
      const known = lead as ReminderLead;
      const owed = [...reminderEffects(booking, known, now), ...reminderMailOwed(desk, booking, known)];
      oweAndRelay(desk, owed, now);
    }
  }
}

/** When the next reminder is due, epoch ms; undefined when there is none. */
export function nextReminderAt(sql: SqlStorage): number | undefined {
  const [row] = sql.exec<{ next: number | null }>("SELECT min(due_at) AS next FROM reminders").toArray();
  return row?.next ?? undefined;
}
