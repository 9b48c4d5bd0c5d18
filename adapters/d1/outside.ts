/** Delivers effects to D1: one statement for each kind, in one batch, which is delivered whole or not at all. */

import { getTableColumns, getTableName } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { bookings, notifications, userSettings } from "../../migrations/schema.ts";
import type { Effect } from "../../scheduling/effect.ts";
import { upsertBookings } from "./booking-rows.ts";
import { inTime } from "./deadline.ts";
import { insertNotifications } from "./notification-rows.ts";
import { insertReminders } from "./reminder-rows.ts";

/** The outside as the outbox sees it: D1. */
export function d1Outside(db: D1Database) {
  return {
    /** @throws NoAnswerInTime, or whatever D1 refuses with */
    async deliver(effects: readonly Effect[]): Promise<void> {
      const decided = effects.flatMap((effect) => (effect.kind === "project-booking" ? effect.booking : []));
      const told = effects.flatMap((effect) => (effect.kind === "notify" ? effect.notification : []));
      const reminders = told.filter(({ lead }) => lead !== undefined);
      const others = told.filter(({ lead }) => lead === undefined);
      await inTime(
        db.batch([
          ...(decided.length > 0 ? [upsertBookings(db, decided, Date.now())] : []),
          ...(others.length > 0 ? [insertNotifications(db, others)] : []),
          ...(reminders.length > 0 ? [insertReminders(db, reminders)] : []),
        ]),
      );
    },
    async isReachable(): Promise<boolean> {
      try {
        await inTime(
          db.batch([bookings, notifications, userSettings].map((table) => db.prepare(nothingOf(table)))),
        );
        return true;
      } catch {
        return false;
      }
    },
  };
}

/**
 * Fails where a column is missing: a D1 that was not migrated yet is away, and what it refuses is not poisoned. Names without quotes,
 * since SQLite takes a quoted one that it does not know for a text.
 */
function nothingOf(table: SQLiteTable): string {
  const names = Object.values(getTableColumns(table)).map((column) => column.name);
  return `SELECT ${names.join(", ")} FROM ${getTableName(table)} LIMIT 0`;
}
