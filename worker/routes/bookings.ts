/** Asking for, reading and changing bookings. Parses and forwards: the host's authority decides. */

import * as z from "zod/mini";
import { bookingCalendar } from "../../adapters/ics/booking-calendar.ts";
import { listBookings } from "../../adapters/d1/booking-rows.ts";
import { hostOfBookingUid } from "../../durable-objects/booking-uid.ts";
import type { ChangeBooking } from "../../durable-objects/host-calendar.ts";
import type { Booking } from "../../scheduling/booking.ts";
import { refused, type Result } from "../../scheduling/refusal.ts";
import { resolveActorDid } from "../actors.ts";
import { atHostCalendar, type Calendar, hostCalendar } from "../authority.ts";
import { bookingJson } from "../booking-json.ts";
import { nextCursor, pageAfter } from "../cursor.ts";
import { refusalResponse } from "../errors.ts";
import {
  actorField,
  durationField,
  emailField,
  idField,
  instantField,
  requestIdField,
  rkeyField,
  textField,
  timeZoneField,
} from "../fields.ts";
import { parseQuery } from "../query.ts";
import { parseBody } from "../request-body.ts";
import type { SignedInCall } from "../signed-in.ts";
import type { BookingInput, BookingListJson, RescheduleInput } from "../wire.ts";

const NOTE_MAX_LENGTH = 2000;
const REASON_MAX_LENGTH = 1000;
const PAGE_MAX = 100;

const bookingInput = z.object({
  host: actorField,
  meetingType: rkeyField,
  start: instantField,
  durationMinutes: z.exactOptional(durationField),
  note: z.exactOptional(textField(NOTE_MAX_LENGTH)),
  email: z.exactOptional(emailField),
  timeZone: z.exactOptional(timeZoneField),
  requestId: requestIdField,
  holdId: z.exactOptional(idField),
}) satisfies z.ZodMiniType<unknown, BookingInput>;

const rescheduleInput = z.object({
  start: instantField,
  requestId: requestIdField,
}) satisfies z.ZodMiniType<unknown, RescheduleInput>;

const changeInput = z.object({ reason: z.exactOptional(textField(REASON_MAX_LENGTH)) });

const listInput = z.object({
  role: z.enum(["host", "booker"], "say host or booker"),
  status: z.exactOptional(
    z.enum(
      ["pending", "confirmed", "declined", "cancelled", "expired"],
      "say pending, confirmed, declined, cancelled or expired",
    ),
  ),
  from: z.exactOptional(instantField),
  to: z.exactOptional(instantField),
  order: z._default(z.enum(["asc", "desc"], "say asc or desc"), "asc"),
  cursor: z.exactOptional(z.string().check(z.maxLength(600))),
  limit: z._default(
    z.coerce
      .number()
      .check(
        z.int("give a whole number from 1 to 100"),
        z.minimum(1, "give a whole number from 1 to 100"),
        z.maximum(PAGE_MAX, "give a whole number from 1 to 100"),
      ),
    50,
  ),
});

/** `POST /api/bookings` (requestBooking): 201 `{booking}` or a refusal; a repeat of a requestId gets the first answer. */
export async function requestBooking({ request, env, caller }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, bookingInput);
  if (!input.ok) {
    return input.response;
  }
  const { meetingType, start, durationMinutes, note, email, timeZone, requestId, holdId } = input.value;
  const host = await resolveActorDid(env, input.value.host);
  if (!host.ok) {
    return refusalResponse(host.refusal);
  }
  const answer = await atHostCalendar(env, host.value, (calendar) =>
    calendar.requestBooking({
      callerDid: caller.did,
      requestId,
      // Answers kept by the version before know no duration, so one that is absent leaves no trace.
      fingerprint: JSON.stringify([meetingType, start, note ?? "", email ?? "", ...given(durationMinutes)]),
      booker: { did: caller.did, handle: caller.handle },
      meetingTypeRkey: meetingType,
      start,
      ...(durationMinutes !== undefined && { durationMinutes }),
      ...(note !== undefined && { note }),
      ...(email !== undefined && { email }),
      ...(timeZone !== undefined && { bookerTimeZone: timeZone }),
      ...(holdId !== undefined && { holdId }),
    }),
  );
  return bookingResponse(answer, caller.did, 201);
}

/** `POST /api/bookings/:uid/reschedule` (rescheduleBooking), by host or booker: 200 `{booking}`, or a refusal. */
export async function rescheduleBooking({ request, env, caller, params }: SignedInCall): Promise<Response> {
  const input = await parseBody(request, rescheduleInput);
  if (!input.ok) {
    return input.response;
  }
  const { start, requestId } = input.value;
  const uid = params["uid"] ?? "";
  const host = hostOfBookingUid(uid);
  if (host === undefined) {
    return refusalResponse({ code: "BookingNotFound" });
  }
  const fingerprint = JSON.stringify(["reschedule", uid, start]);
  const answer = await atHostCalendar(env, host, (calendar) =>
    calendar.rescheduleBooking({ callerDid: caller.did, requestId, fingerprint, uid, start }),
  );
  return bookingResponse(answer, caller.did, 200);
}

/** `GET /api/bookings/:uid` (getBooking), and `….ics` for its iCalendar file. */
export async function getBooking({ env, caller, params, now }: SignedInCall): Promise<Response> {
  const asCalendar = params["uid"]?.endsWith(".ics") === true;
  const uid = asCalendar ? (params["uid"] ?? "").slice(0, -".ics".length) : (params["uid"] ?? "");
  const answer = await readBooking(env, uid, caller.did);
  if (!answer.ok || !asCalendar) {
    return bookingResponse(answer, caller.did, 200);
  }
  return new Response(bookingCalendar(answer.value, { publicUrl: env.PUBLIC_URL, now }), {
    headers: {
      "content-type": "text/calendar; charset=utf-8",
      "content-disposition": 'attachment; filename="booking.ics"',
      "cache-control": "no-store",
    },
  });
}

/** `GET /api/bookings` (listBookings): from the history in D1, earliest start first, or latest first with `order=desc`. */
export async function listOwnBookings({ env, caller, url, now }: SignedInCall): Promise<Response> {
  const input = parseQuery(url, listInput);
  if (!input.ok) {
    return input.response;
  }
  const { role, status, from, to, order, cursor, limit } = input.value;
  const after = pageAfter(cursor);
  if (!after.ok) {
    return after.response;
  }
  const query = {
    role,
    did: caller.did,
    order,
    limit,
    ...(status && { status }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(after.value && { after: after.value }),
  };
  const bookings = await listBookings(env.DB, query, now);
  const last = bookings.at(-1);
  const body: BookingListJson = {
    bookings: bookings.map((booking) => bookingJson(booking, caller.did)),
    ...(last && bookings.length === limit && { cursor: nextCursor(last) }),
  };
  return Response.json(body);
}

/** `POST /api/bookings/:uid/confirm` (confirmBooking), by the host. */
export async function confirmBooking(call: SignedInCall): Promise<Response> {
  return changeBooking(call, (calendar, change) => calendar.confirmBooking(change));
}

/** `POST /api/bookings/:uid/decline` (declineBooking), by the host. */
export async function declineBooking(call: SignedInCall): Promise<Response> {
  return changeBooking(call, (calendar, change) => calendar.declineBooking(change));
}

/** `POST /api/bookings/:uid/cancel` (cancelBooking), by host or booker. */
export async function cancelBooking(call: SignedInCall): Promise<Response> {
  return changeBooking(call, (calendar, change) => calendar.cancelBooking(change));
}

async function changeBooking(
  { request, env, caller, params }: SignedInCall,
  apply: (calendar: Calendar, change: ChangeBooking) => Promise<Result<Booking>>,
): Promise<Response> {
  // A confirmation says it all in its path; a body is optional.
  const hasBody = request.headers.get("content-length") !== "0" && request.body !== null;
  const input = hasBody
    ? await parseBody(request, changeInput)
    : { ok: true as const, value: { reason: undefined } };
  if (!input.ok) {
    return input.response;
  }
  const uid = params["uid"] ?? "";
  const host = hostOfBookingUid(uid);
  if (host === undefined) {
    return refusalResponse({ code: "BookingNotFound" });
  }
  const { reason } = input.value;
  const change = { uid, callerDid: caller.did, ...(reason !== undefined && { reason }) };
  return bookingResponse(await apply(hostCalendar(env, host), change), caller.did, 200);
}

async function readBooking(env: Env, uid: string, viewerDid: string): Promise<Result<Booking>> {
  const host = hostOfBookingUid(uid);
  return host === undefined
    ? refused({ code: "BookingNotFound" })
    : atHostCalendar(env, host, (calendar) => calendar.getBooking(uid, viewerDid));
}

function given(value: number | undefined): number[] {
  return value === undefined ? [] : [value];
}

function bookingResponse(answer: Result<Booking>, viewerDid: string, status: number): Response {
  return answer.ok
    ? Response.json({ booking: bookingJson(answer.value, viewerDid) }, { status })
    : refusalResponse(answer.refusal);
}
