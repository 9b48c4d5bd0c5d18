/** A host whose bookings are written into a calendar on a CalDAV server. */

import { env } from "cloudflare:workers";
import type { ConnectionView } from "../../../durable-objects/calendars/calendar-work.ts";
import type { Booking } from "../../../scheduling/booking.ts";
import { booker, calendarOf, given, midnightIn } from "./booker.ts";
import { calDavOnTheNetwork } from "./caldav-on-the-network.ts";
import { calendarId, connects } from "./calendar-host.ts";
import { type HostOnTheNetwork, hostOnTheNetwork } from "./host-on-the-network.ts";
import { live, stoppedClock } from "./time.ts";

const HOUR_MS = 60 * 60_000;

export const outboxOf = (hostDid: string) => env.HOST_CALENDAR.getByName(hostDid).readOutbox();

/** Bookings go into this one from now on; of the account, this one blocks. */
export async function takes(host: HostOnTheNetwork, connection: ConnectionView, name: string): Promise<void> {
  const one = calendarId(connection, name);
  given(await calendarOf(host.did).chooseCalendars(connection.id, { blocking: [one], takesBookings: one }));
}

/** A host whose calendar `a` blocks and takes bookings; `b` is of the same account. */
export async function writingHost() {
  const clock = stoppedClock();
  const host = hostOnTheNetwork();
  const day = midnightIn(3);
  const server = calDavOnTheNetwork("a", "b");
  const connection = await connects(host, server);
  await takes(host, connection, "a");
  const books = async (hour: number, name = "ann"): Promise<Booking> =>
    given(await booker(host.did, name).asksFor(day + hour * HOUR_MS));
  const cancels = async ({ uid }: Booking): Promise<Booking> =>
    given(await calendarOf(host.did).cancelBooking({ uid, callerDid: host.did }));
  const settles = (ms = 1_000) => live(host.did, clock, ms);
  await settles();
  server.forgets();
  return { clock, host, day, server, connection, books, cancels, settles };
}

export const entry = ({ uid, start, sequence }: Booking) => ({ uid, start, sequence });
