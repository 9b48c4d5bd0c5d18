/** Where a booking could be moved. Forwards: the host's authority judges. */

import * as z from "zod/mini";
import { hostOfBookingUid } from "../../durable-objects/booking-uid.ts";
import { atHostCalendar } from "../authority.ts";
import { refusalResponse } from "../errors.ts";
import { parseQuery } from "../query.ts";
import type { SignedInCall } from "../signed-in.ts";
import { refusedRange, slotRangeFields, slotsResponse } from "../slot-range.ts";

const movesInput = z.object(slotRangeFields);

/** `GET /api/bookings/:uid/moves` (listMoves), for host or booker: `SlotsJson`; a range as for a host's slots. */
export async function listMoves({ env, caller, params, url }: SignedInCall): Promise<Response> {
  const input = parseQuery(url, movesInput);
  if (!input.ok) {
    return input.response;
  }
  const range = input.value;
  const notARange = refusedRange(range);
  if (notARange) {
    return notARange;
  }
  const uid = params["uid"] ?? "";
  const host = hostOfBookingUid(uid);
  if (host === undefined) {
    return refusalResponse({ code: "BookingNotFound" });
  }
  return slotsResponse(
    await atHostCalendar(env, host, (calendar) =>
      calendar.listMoves({ uid, callerDid: caller.did, ...range }),
    ),
  );
}
