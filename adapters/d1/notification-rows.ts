/** In-app notifications in D1: added once by their stable id, listed newest first, marked read, gone after ninety days. */

import { and, count, desc, eq, gt, inArray, isNull, lt, lte, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { notifications } from "../../migrations/schema.ts";
import type { Notification } from "../../scheduling/effect.ts";
import { DAY } from "../../scheduling/time-zone.ts";
import { upsertFromJson } from "./upsert-from-json.ts";

/** How many the bell shows. */
const LISTED = 50;

const KEPT_MS = 90 * DAY;

export interface ListedNotification extends Notification {
  readonly readAt?: number;
}

const INSERT = upsertFromJson(notifications, { onConflict: () => "DO NOTHING" });

/** Adds notifications; a replay of one that is there changes nothing. */
export function insertNotifications(db: D1Database, added: readonly Notification[]): D1PreparedStatement {
  return db.prepare(INSERT).bind(JSON.stringify(added.map(notificationRow)));
}

/** A notification as its row. */
export function notificationRow(one: Notification): typeof notifications.$inferInsert {
  return {
    id: one.id,
    recipientDid: one.recipientDid,
    kind: one.kind,
    bookingId: one.bookingUid,
    otherHandle: one.otherHandle,
    meetingTitle: one.meetingTitle,
    startTime: one.start,
    createdAt: one.createdAt,
  };
}

/** The newest notifications of one person, and how many of all are unread. `now` in epoch ms. */
export async function listNotifications(
  db: D1Database,
  did: string,
  now: number,
): Promise<{ notifications: ListedNotification[]; unread: number }> {
  const orm = drizzle(db);
  const [rows, unread] = await orm.batch([
    orm
      .select()
      .from(notifications)
      .where(and(eq(notifications.recipientDid, did), isKept(now)))
      .orderBy(desc(notifications.createdAt), desc(notifications.id))
      .limit(LISTED),
    unreadOf(db, did, now),
  ]);
  return {
    notifications: rows.map(fromRow),
    unread: unread[0]?.unread ?? 0,
  };
}

/** Notifications of one person, newest first: a page of `limit`, after the last of the page before. */
export async function notificationsAfter(
  db: D1Database,
  did: string,
  last: ListedNotification | undefined,
  limit: number,
): Promise<ListedNotification[]> {
  const { createdAt, id } = notifications;
  const rows = await drizzle(db)
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.recipientDid, did),
        last && or(lt(createdAt, last.createdAt), and(eq(createdAt, last.createdAt), lt(id, last.id))),
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
  return rows.map(fromRow);
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
  const [, unread] = await orm.batch([mark, unreadOf(db, did, now)]);
  return unread[0]?.unread ?? 0;
}

/** Deletes what is older than ninety days, as of `now` (epoch ms). */
export async function deleteOldNotifications(db: D1Database, now: number): Promise<void> {
  await drizzle(db)
    .delete(notifications)
    .where(lte(notifications.createdAt, now - KEPT_MS));
}

/** What is older is shown to nobody, though it may not have been deleted yet. */
function isKept(now: number) {
  return gt(notifications.createdAt, now - KEPT_MS);
}

function unreadOf(db: D1Database, did: string, now: number) {
  return drizzle(db)
    .select({ unread: count() })
    .from(notifications)
    .where(and(eq(notifications.recipientDid, did), isNull(notifications.readAt), isKept(now)));
}

function fromRow(row: typeof notifications.$inferSelect): ListedNotification {
  return {
    id: row.id,
    recipientDid: row.recipientDid,
    kind: row.kind,
    bookingUid: row.bookingId,
    otherHandle: row.otherHandle,
    meetingTitle: row.meetingTitle,
    start: row.startTime,
    createdAt: row.createdAt,
    ...(row.readAt !== null && { readAt: row.readAt }),
  };
}
