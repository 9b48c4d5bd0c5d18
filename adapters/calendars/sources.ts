/** The kinds of calendar sources, one file each. None of them ever throws or logs: what they are asked with is a secret. */

import type { Booking } from "../../scheduling/booking.ts";
import { readFeedSource } from "./feed-source.ts";
import type {
  Access,
  CalendarsAnswer,
  SourceKind,
  SourceQuestion,
  SourceReading,
  SourceSettings,
  WriteAnswer,
  WritePlace,
} from "./source.ts";

/** Which calendars an account has. A feed is one, and is not asked. `now` in epoch ms. */
export async function findCalendars(
  kind: SourceKind,
  access: Access,
  settings: SourceSettings,
  now: number,
): Promise<CalendarsAnswer> {
  switch (kind) {
    case "feed":
      return { kind: "found", calendars: [{ ref: "", name: "", isOwn: true, isWritable: false }] };
    case "caldav":
    case "google":
      return notYet(access, settings, now);
  }
}

/** Asks a source of this kind for busy time. `now` in epoch ms. */
export async function readSource(
  kind: SourceKind,
  question: SourceQuestion,
  settings: SourceSettings,
  now: number,
): Promise<SourceReading> {
  switch (kind) {
    case "feed":
      return readFeedSource(question, settings, now);
    case "caldav":
    case "google":
      return notYet(question.access, settings, now);
  }
}

/** Writes a confirmed booking into a calendar, in the place of any earlier version. `now` in epoch ms. */
export async function writeBooking(
  kind: SourceKind,
  place: WritePlace,
  _booking: Booking,
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  switch (kind) {
    case "feed":
      return { kind: "failed", problem: "unauthorized" };
    case "caldav":
    case "google":
      return notYet(place.access, settings, now);
  }
}

/** Takes a booking out of a calendar. `now` in epoch ms. */
export async function removeBooking(
  kind: SourceKind,
  place: WritePlace,
  _uid: string,
  settings: SourceSettings,
  now: number,
): Promise<WriteAnswer> {
  switch (kind) {
    case "feed":
      return { kind: "failed", problem: "unauthorized" };
    case "caldav":
    case "google":
      return notYet(place.access, settings, now);
  }
}

function notYet(_access: Access, _settings: SourceSettings, _now: number) {
  return { kind: "failed", problem: "unreachable" } as const;
}
