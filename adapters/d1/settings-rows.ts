/** What a person chose about how they see things, in D1. */

import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { userSettings } from "../../migrations/schema.ts";

interface Settings {
  /** IANA zone. */
  readonly timeZone?: string | undefined;
  readonly hourCycle?: "h12" | "h23" | undefined;
}

/** One person's settings; nothing chosen yet is an empty object. */
export async function readSettings(db: D1Database, did: string): Promise<Settings> {
  const [row] = await drizzle(db).select().from(userSettings).where(eq(userSettings.did, did));
  return {
    ...(row?.timeZone && { timeZone: row.timeZone }),
    ...(row?.hourCycle && { hourCycle: row.hourCycle }),
  };
}

/** Replaces one person's settings. */
export async function writeSettings(
  db: D1Database,
  did: string,
  settings: Settings,
  now: number,
): Promise<void> {
  const chosen = {
    timeZone: settings.timeZone ?? null,
    hourCycle: settings.hourCycle ?? null,
    updatedAt: now,
  };
  await drizzle(db)
    .insert(userSettings)
    .values({ did, ...chosen })
    .onConflictDoUpdate({ target: userSettings.did, set: chosen });
}
