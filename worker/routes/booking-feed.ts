/** One's own bookings as a calendar to subscribe to, at an address that nobody can guess and its owner can take back. */

import { base64url } from "jose";
import {
  bookingFeedSince,
  deleteBookingFeed,
  ownerOfBookingFeed,
  putBookingFeed,
} from "../../adapters/d1/booking-feed-rows.ts";
import { listBookings } from "../../adapters/d1/booking-rows.ts";
import { bookingFeed } from "../../adapters/ics/booking-feed.ts";
import { sha256Hex } from "../../adapters/sha-256.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { DAY, rfc3339 } from "../../scheduling/time-zone.ts";
import type { Call } from "../call.ts";
import { errorResponse } from "../errors.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { BookingFeedJson, NewBookingFeedJson } from "../wire.ts";

/** How far back a subscriber sees, and how many bookings of each role at most: calendars fetch all of it again and again. */
const LOOK_BACK_MS = 30 * DAY;
const MOST = 1_000;

const TOKEN_BYTES = 32;
const NAME = "Bookings (atproto Cal)";

/** `GET /api/booking-feed` (getBookingFeed): since when the caller has an address; it is not shown again. */
export async function getBookingFeed({ env, caller }: SignedInCall): Promise<Response> {
  const since = await bookingFeedSince(env.DB, caller.did);
  const body: BookingFeedJson = since === undefined ? {} : { since: rfc3339(since) };
  return Response.json(body);
}

/** `POST /api/booking-feed` (makeBookingFeed): 201 with a new address; any earlier one leads nowhere from now on. */
export async function makeBookingFeed({ env, caller, now }: SignedInCall): Promise<Response> {
  const token = base64url.encode(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  await putBookingFeed(env.DB, { did: caller.did, tokenHash: await sha256Hex(token) }, now);
  const { href } = new URL(`/api/booking-feed/${token}.ics`, env.PUBLIC_URL);
  const body: NewBookingFeedJson = {
    since: rfc3339(now),
    url: href,
    webcalUrl: href.replace(/^https?:/, "webcal:"),
  };
  return Response.json(body, { status: 201 });
}

/** `DELETE /api/booking-feed` (endBookingFeed): 204, also where there was none. */
export async function endBookingFeed({ env, caller }: SignedInCall): Promise<Response> {
  await deleteBookingFeed(env.DB, caller.did);
  return new Response(null, { status: 204 });
}

/**
 * `GET /api/booking-feed/:token.ics`, for calendar programs, which sign in nowhere: the bookings that take its owner's time, both as host
 * and as booker. 304 while nothing has changed (RFC 9110 13.1.2).
 */
export async function readBookingFeed({ request, env, params, now }: Call): Promise<Response> {
  const token = /^([\w-]{43})\.ics$/.exec(params["file"] ?? "")?.[1];
  const did = token === undefined ? undefined : await ownerOfBookingFeed(env.DB, await sha256Hex(token));
  if (did === undefined) {
    return errorResponse(
      404,
      "NotFound",
      "This link leads nowhere any more. Make a new one in your settings.",
    );
  }
  const text = bookingFeed(await bookingsOf(env, did, now), { publicUrl: env.PUBLIC_URL, name: NAME, now });
  const headers = {
    "content-type": "text/calendar; charset=utf-8",
    "cache-control": "private, no-cache",
    etag: `"${await sha256Hex(text)}"`,
  };
  return request.headers.get("if-none-match") === headers.etag
    ? new Response(null, { status: 304, headers })
    : new Response(text, { headers });
}

async function bookingsOf(env: Env, did: string, now: number): Promise<Booking[]> {
  const query = { did, order: "asc", from: now - LOOK_BACK_MS, limit: MOST } as const;
  const lists = await Promise.all([
    listBookings(env.DB, { ...query, role: "host" }, now),
    listBookings(env.DB, { ...query, role: "booker" }, now),
  ]);
  return lists.flat();
}
