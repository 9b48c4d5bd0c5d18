/** Everything this broker keeps about a person, as a file for them to keep, and for a host what it takes to check it. */

import { listBookings } from "../../adapters/d1/booking-rows.ts";
import { type ListedNotification, notificationsAfter } from "../../adapters/d1/notification-rows.ts";
import { LOG_PAGE, type LogRow } from "../../durable-objects/decision-log.ts";
import { STORED_BOOKINGS_PAGE, type StoredBooking } from "../../durable-objects/stored-bookings.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { atHostCalendar } from "../authority.ts";
import { bookingJson } from "../booking-json.ts";
import { rfc3339 } from "../../scheduling/time-zone.ts";
import type { SignedInCall } from "../signed-in.ts";
import { mapPages, type Paged, type Pages, pagesOf, streamJson } from "../streamed-json.ts";
import type { AccountExportJson } from "../wire.ts";
import { blockedJson } from "./blocks.ts";
import { connectionJson } from "./calendars.ts";
import { emailOf } from "./email.ts";
import { notificationJson } from "./notifications.ts";
import { settingsOf } from "./settings.ts";
import { webhookJson } from "./webhooks.ts";

/** Rows that D1 is asked for at once. */
const D1_PAGE = 500;

/** `GET /api/account/export` (exportAccount): AccountExportJson as a download. Sign-ins are left out: they are secrets, and end by signing out. */
export async function exportAccount({ env, caller, now }: SignedInCall): Promise<Response> {
  const { did, handle } = caller;
  // What is read here can still be answered with an error; what is streamed can only break off.
  const [settings, email, { blocked }, connections, webhooks, firstStored] = await Promise.all([
    settingsOf(env, did),
    emailOf(env, did),
    atHostCalendar(env, did, (calendar) => calendar.readPolicy()),
    atHostCalendar(env, did, (calendar) => calendar.listCalendars()),
    atHostCalendar(env, did, (calendar) => calendar.listWebhooks()),
    atHostCalendar(env, did, (calendar) => calendar.readStoredBookings("")),
  ]);
  const shown = (booking: Booking) => bookingJson(booking, did);
  const stored = pagesOf<StoredBooking>(STORED_BOOKINGS_PAGE, async (_, last) =>
    last ? (await readStored(env, did, last.uid)).bookings : firstStored.bookings,
  );
  const body: Paged<AccountExportJson> = {
    exportedAt: rfc3339(now),
    account: { did, handle },
    settings,
    email,
    bookings: {
      asHost: mapPages(bookingsAs("host", env, did, now), shown),
      asBooker: mapPages(bookingsAs("booker", env, did, now), shown),
    },
    notifications: mapPages(notificationsOf(env, did), notificationJson),
    blocked: blocked.map(blockedJson),
    calendars: connections.map(connectionJson),
    webhooks: webhooks.map(webhookJson),
    decisions: {
      logSeqBefore: firstStored.logSeq,
      // The log comes last: a booking that is decided meanwhile has its rows in it all the same.
      bookings: mapPages(stored, ({ json }) => json),
      // Rows are numbered from 1 without a gap, so the last of them has the number of how many there were.
      log: pagesOf<LogRow>(LOG_PAGE, (count) =>
        atHostCalendar(env, did, (calendar) => calendar.readLog(count)),
      ),
    },
  };
  return new Response(streamJson(body), {
    headers: {
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="atproto-cal-export.json"',
      "cache-control": "no-store",
    },
  });
}

function bookingsAs(role: "host" | "booker", env: Env, did: string, now: number): Pages<Booking> {
  const query = { role, did, order: "asc", limit: D1_PAGE } as const;
  return pagesOf<Booking>(D1_PAGE, (_, last) =>
    listBookings(env.DB, { ...query, ...(last && { after: { start: last.start, uid: last.uid } }) }, now),
  );
}

function notificationsOf(env: Env, did: string): Pages<ListedNotification> {
  return pagesOf<ListedNotification>(D1_PAGE, (_, last) => notificationsAfter(env.DB, did, last, D1_PAGE));
}

function readStored(env: Env, did: string, afterUid: string) {
  return atHostCalendar(env, did, (calendar) => calendar.readStoredBookings(afterUid));
}
