/** In-app notifications in D1: added once by their stable id, listed newest first, marked read. */

import { and, count, desc, eq, inArray, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { notifications } from "../../migrations/schema.ts";
import type { Notification } from "../../scheduling/effect.ts";
import { upsertFromJson } from "./upsert-from-json.ts";

/** How many the bell shows. */
const LISTED = 50;

interface ListedNotification extends Notification {
  readonly readAt?: number;
}

const INSERT = upsertFromJson(notifications, { onConflict: () => "DO NOTHING" });

/** Adds notifications; a replay of one that is there changes nothing. */
export function insertNotifications(db: D1Database, added: readonly Notification[]): D1PreparedStatement {
  const rows = added.map((one): typeof notifications.$inferInsert => ({
    id: one.id,
    recipientDid: one.recipientDid,
    kind: one.kind,
    bookingId: one.bookingUid,
    otherHandle: one.otherHandle,
    meetingTitle: one.meetingTitle,
    startTime: one.start,
    createdAt: one.createdAt,
  }));
  return db.prepare(INSERT).bind(JSON.stringify(rows));
}

/** The newest notifications of one person, and how many of all are unread. */
export async function listNotifications(
  db: D1Database,
  did: string,
): Promise<{ notifications: ListedNotification[]; unread: number }> {
  const orm = drizzle(db);
  const [rows, unread] = await orm.batch([
    orm
      .select()
      .from(notifications)
      .where(eq(notifications.recipientDid, did))
      .orderBy(desc(notifications.createdAt), desc(notifications.id))
      .limit(LISTED),
    unreadOf(db, did),
  ]);
  return {
    notifications: rows.map((row) => ({
      id: row.id,
      recipientDid: row.recipientDid,
      kind: row.kind,
      bookingUid: row.bookingId,
      otherHandle: row.otherHandle,
      meetingTitle: row.meetingTitle,
      start: row.startTime,
      createdAt: row.createdAt,
      ...(row.readAt !== null && { readAt: row.readAt }),
    })),
    unread: unread[0]?.unread ?? 0,
  };
}

/** Marks one person's notifications read, those named or all; returns how many are still unread. */
export async function markNotificationsRead(
  db: D1Database,
  did: string,
  ids: readonly string[] | undefined,
  now: number,
): Promise<number> {
  const orm = drizzle(db);
  const mark = orm
    .update(notifications)
    .set({ readAt: now })
    .where(
      and(
        eq(notifications.recipientDid, did),
        isNull(notifications.readAt),
        ids && inArray(notifications.id, [...ids]),
      ),
    );
  const [, unread] = await orm.batch([mark, unreadOf(db, did)]);
  return unread[0]?.unread ?? 0;
}

function unreadOf(db: D1Database, did: string) {
  return drizzle(db)
    .select({ unread: count() })
    .from(notifications)
    .where(and(eq(notifications.recipientDid, did), isNull(notifications.readAt)));
}
