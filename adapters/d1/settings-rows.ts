/** What a person chose about how they see things, in D1. */

import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { userSettings } from "../../migrations/schema.ts";

interface Settings {
  /** IANA zone. */
  readonly timeZone?: string | undefined;
  readonly hourCycle?: "h12" | "h23" | undefined;
  /** Both are on where nothing was chosen. */
  readonly reminders?: { readonly dayBefore: boolean; readonly hourBefore: boolean } | undefined;
}

/** One person's settings; nothing chosen yet is an empty object. */
export async function readSettings(db: D1Database, did: string): Promise<Settings> {
  const [row] = await drizzle(db).select().from(userSettings).where(eq(userSettings.did, did));
  const [dayBefore, hourBefore] = [row?.remindDayBefore ?? undefined, row?.remindHourBefore ?? undefined];
  const hasChosen = dayBefore !== undefined || hourBefore !== undefined;
  return {
    ...(row?.timeZone && { timeZone: row.timeZone }),
    ...(row?.hourCycle && { hourCycle: row.hourCycle }),
    ...(hasChosen && { reminders: { dayBefore: dayBefore ?? true, hourBefore: hourBefore ?? true } }),
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
    remindDayBefore: settings.reminders?.dayBefore ?? null,
    remindHourBefore: settings.reminders?.hourBefore ?? null,
    updatedAt: now,
  };
  await drizzle(db)
    .insert(userSettings)
    .values({ did, ...chosen })
    .onConflictDoUpdate({ target: userSettings.did, set: chosen });
}
