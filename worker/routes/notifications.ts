/** What a person should be told, and what they have read. */

import * as z from "zod/mini";
import {
  type ListedNotification,
  listNotifications,
  markNotificationsRead,
} from "../../adapters/d1/notification-rows.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { NotificationJson, NotificationListJson } from "../wire.ts";

const readInput = z.object({
  // D1 binds at most a hundred values a statement.
  ids: z.exactOptional(
    z.array(z.string().check(z.maxLength(600))).check(z.maxLength(50, "give at most 50 ids")),
  ),
});

/** `GET /api/notifications` (listNotifications): the newest fifty, and how many are unread. */
export async function getNotifications({ env, caller, now }: SignedInCall): Promise<Response> {
  const listed = await listNotifications(env.DB, caller.did, now);
  const body: NotificationListJson = {
    notifications: listed.notifications.map(notificationJson),
    unread: listed.unread,
  };
  return Response.json(body);
}

/** `POST /api/notifications/read` (readNotifications): those named, or all; answers `{unread}`. */
export async function readNotifications({ request, env, caller, now }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, readInput);
  if (!input.ok) {
    return input.response;
  }
  return Response.json({ unread: await markNotificationsRead(env.DB, caller.did, input.value.ids, now) });
}

/** As HTTP shows it to the person it is for. */
export function notificationJson(one: ListedNotification): NotificationJson {
  return {
    id: one.id,
    kind: one.kind,
    ...(one.bookingUid !== "" && { bookingUid: one.bookingUid }),
    otherHandle: one.otherHandle,
    meetingTitle: one.meetingTitle,
    start: rfc3339(one.start),
    createdAt: rfc3339(one.createdAt),
    ...(one.readAt !== undefined && { readAt: rfc3339(one.readAt) }),
  };
}
