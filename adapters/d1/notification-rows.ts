/** In-app notifications in D1: added once by their stable id, listed newest first, marked read. */

import { and, count, desc, eq, inArray, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { notifications } from "../../migrations/schema.ts";
import type { Notification } from "../../scheduling/effect.ts";

/** How many the bell shows. */
const LISTED = 50;

export interface ListedNotification extends Notification {
  readonly readAt?: number;
}

/** Adds a notification; a replay of the same one changes nothing. */
export function insertNotification(db: D1Database, notification: Notification) {
  return drizzle(db)
    .insert(notifications)
    .values({
      id: notification.id,
      recipientDid: notification.recipientDid,
      kind: notification.kind,
      bookingId: notification.bookingUid,
      otherHandle: notification.otherHandle,
      meetingTitle: notification.meetingTitle,
      startTime: notification.start,
      createdAt: notification.createdAt,
    })
    .onConflictDoNothing();
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
