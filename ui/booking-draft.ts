/** A choice of slot on its way to becoming a booking, with the one requestId that belongs to it. Pure but for the storage given. */

import type { BookingInput } from "../worker/wire.ts";
import { dropDraft, findDraft, keepDraft, type DraftStorage } from "./draft.ts";
import { minutesBetween } from "./duration-choice.ts";
import { isDraftHold, type DraftHold } from "./hold.ts";

export interface BookingDraft {
  /** RFC 3339, as the API offered it. */
  readonly start: string;
  readonly end: string;
  readonly note: string;
  readonly email: string;
  /** In which they read times, as of when it was sent. */
  readonly timeZone?: string;
  /** Made once per choice: a repeat with it gets the first answer again. */
  readonly requestId: string;
  /** Sent but not answered: what is repeated must be exactly this. */
  readonly sent: boolean;
  /** The hold of this slot, asked for or given. */
  readonly hold?: DraftHold;
}

/** A fresh choice of a slot; what was already written in the form is kept. */
export function draftFor(
  slot: { start: string; end: string },
  requestId: string,
  before: BookingDraft | undefined,
): BookingDraft {
  // The same start for another length is another request.
  const isSame = before?.start === slot.start && before.end === slot.end;
  if (before && isSame && !before.sent) return before;
  const { note, email } = before ?? { note: "", email: "" };
  return { start: slot.start, end: slot.end, note, email, requestId, sent: false };
}

/** The choice without its hold, which was let go of or refused. */
export function withoutHold({ hold: _hold, ...draft }: BookingDraft): BookingDraft {
  return draft;
}

/** The body of `POST /api/bookings`; the same draft always gives the same body. */
export function bookingInput(draft: BookingDraft, host: string, meetingType: string): BookingInput {
  const note = draft.note.trim();
  const email = draft.email.trim();
  return {
    host,
    meetingType,
    start: draft.start,
    durationMinutes: minutesBetween(draft.start, draft.end),
    ...(note === "" ? {} : { note }),
    ...(email === "" ? {} : { email }),
    ...(draft.timeZone === undefined ? {} : { timeZone: draft.timeZone }),
    requestId: draft.requestId,
    ...(draft.hold?.given ? { holdId: draft.hold.given.id } : {}),
  };
}

export function keepBookingDraft(
  storage: DraftStorage,
  page: string,
  draft: BookingDraft,
  now: number,
): void {
  keepDraft(storage, `booking:${page}`, draft, now);
}

export function findBookingDraft(storage: DraftStorage, page: string, now: number): BookingDraft | undefined {
  return findDraft(storage, `booking:${page}`, now, isBookingDraft);
}

export function dropBookingDraft(storage: DraftStorage, page: string): void {
  dropDraft(storage, `booking:${page}`);
}

function isBookingDraft(value: unknown): value is BookingDraft {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  const texts = ["start", "end", "note", "email", "requestId"].every(
    (name) => typeof fields[name] === "string",
  );
  const { hold, timeZone } = fields;
  if (timeZone !== undefined && typeof timeZone !== "string") return false;
  return texts && typeof fields["sent"] === "boolean" && (hold === undefined || isDraftHold(hold));
}
