/** Reminders in D1: notifications that whoever they are for may have switched off. */

import { notifications } from "../../migrations/schema.ts";
import type { Notification } from "../../scheduling/effect.ts";
import { notificationRow } from "./notification-rows.ts";
import { upsertFromJson } from "./upsert-from-json.ts";

/** Asked as it is delivered, so that a switch counts up to the last moment. Who never chose is reminded. */
const IS_WANTED = `NOT EXISTS (
  SELECT 1 FROM user_settings WHERE did = value ->> '$.recipientDid'
    AND CASE value ->> '$.lead' WHEN 'day' THEN remind_day_before ELSE remind_hour_before END = 0)`;

const INSERT = upsertFromJson(notifications, { where: IS_WANTED, onConflict: () => "DO NOTHING" });

/** Adds the reminders that are wanted; a replay of one that is there changes nothing. */
export function insertReminders(db: D1Database, added: readonly Notification[]): D1PreparedStatement {
  const rows = added.map((one) => ({ ...notificationRow(one), lead: one.lead }));
  return db.prepare(INSERT).bind(JSON.stringify(rows));
}
