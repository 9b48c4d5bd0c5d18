/** Delivers effects to D1, a batch at a time. One batch is one transaction, so it is delivered whole or not at all. */

import { drizzle } from "drizzle-orm/d1";
import type { Effect } from "../../scheduling/effect.ts";
import { upsertBooking } from "./booking-rows.ts";
import { insertNotification } from "./notification-rows.ts";

/** The outside as the outbox sees it: D1. */
export function d1Outside(db: D1Database) {
  return {
    async deliver(effects: readonly Effect[]): Promise<void> {
      const now = Date.now();
      const [first, ...rest] = effects.map((effect) => statementOf(db, effect, now));
      if (first) {
        await drizzle(db).batch([first, ...rest]);
      }
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

function statementOf(db: D1Database, effect: Effect, now: number) {
  switch (effect.kind) {
    case "project-booking":
      return upsertBooking(db, effect.booking, now);
    case "notify":
      return insertNotification(db, effect.notification);
  }
}
