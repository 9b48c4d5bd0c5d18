/** Where a list goes on: opaque to callers, the last booking of the page before to us. */

import type { Booking } from "../scheduling/booking.ts";
import { errorResponse } from "./errors.ts";
import type { Parsed } from "./request-body.ts";

const CURSOR = /^(-?\d{1,16})_([A-Za-z0-9-_]{1,500})$/;

/** The cursor that continues after `last`. */
export function nextCursor(last: Booking): string {
  return `${last.start}_${last.uid}`;
}

/** What a caller's cursor stands for; a 400 for one we never gave. */
export function pageAfter(cursor: string | undefined): Parsed<{ start: number; uid: string } | undefined> {
  if (cursor === undefined) {
    return { ok: true, value: undefined };
  }
  const match = CURSOR.exec(cursor);
  return match
    ? { ok: true, value: { start: Number(match[1]), uid: match[2] ?? "" } }
    : {
        ok: false,
        response: errorResponse(400, "InvalidRequest", "`cursor` is not one we gave. Start without it."),
      };
}
