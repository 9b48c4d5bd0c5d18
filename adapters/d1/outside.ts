/** Delivers effects to D1: one statement for each kind, in one batch, which is delivered whole or not at all. */

import type { Effect } from "../../scheduling/effect.ts";
import { upsertBookings } from "./booking-rows.ts";
import { insertNotifications } from "./notification-rows.ts";

/** The outside as the outbox sees it: D1. */
export function d1Outside(db: D1Database) {
  return {
    async deliver(effects: readonly Effect[]): Promise<void> {
      const bookings = effects.flatMap((effect) => (effect.kind === "project-booking" ? effect.booking : []));
      const notifications = effects.flatMap((effect) =>
        effect.kind === "notify" ? effect.notification : [],
      );
      await db.batch([
        ...(bookings.length > 0 ? [upsertBookings(db, bookings, Date.now())] : []),
        ...(notifications.length > 0 ? [insertNotifications(db, notifications)] : []),
      ]);
    },
    async isReachable(): Promise<boolean> {
      try {
        await db.prepare("SELECT 1").run();
        return true;
      } catch {
        return false;
      }
    },
  };
}
