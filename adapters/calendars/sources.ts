/** The kinds of calendar sources, one file each. None of them ever throws or logs: what they are asked with is a secret. */

import type { Booking } from "../../scheduling/booking.ts";
import { findCalDavCalendars } from "./caldav/caldav-discovery.ts";
import { readCalDavSource } from "./caldav/caldav-source.ts";
import { removeCalDavBooking, writeCalDavBooking } from "./caldav/caldav-write.ts";
import { readFeedSource } from "./feed/feed-source.ts";
import { findGoogleCalendars } from "./google/google-calendars.ts";
import { readGoogleSource } from "./google/google-source.ts";
import { removeGoogleBooking, writeGoogleBooking } from "./google/google-write.ts";
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

/** What a kind of source can do. */
interface Source {
  /** Which calendars an account has. */
  readonly find: (access: Access, settings: SourceSettings, now: number) => Promise<CalendarsAnswer>;
  /** When people are busy. */
  readonly read: (question: SourceQuestion, settings: SourceSettings, now: number) => Promise<SourceReading>;
  /** A confirmed booking comes to stand in a calendar, in the place of any earlier version. */
  readonly write: (
    place: WritePlace,
    booking: Booking,
    settings: SourceSettings,
    now: number,
  ) => Promise<WriteAnswer>;
  /** A booking, by its uid, stands in a calendar no more. */
  readonly remove: (
    place: WritePlace,
    bookingUid: string,
    settings: SourceSettings,
    now: number,
  ) => Promise<WriteAnswer>;
}

const CANNOT_WRITE = async (): Promise<WriteAnswer> => ({ kind: "failed", problem: "read-only" });

const SOURCES: Readonly<Record<SourceKind, Source>> = {
  feed: {
    // A file is one calendar, and its name is its owner's business.
    find: async () => ({
      kind: "found",
      calendars: [{ ref: "", name: "", isOwn: true, isWritable: false }],
    }),
    read: readFeedSource,
    write: CANNOT_WRITE,
    remove: CANNOT_WRITE,
  },
  caldav: {
    find: findCalDavCalendars,
    read: readCalDavSource,
    write: writeCalDavBooking,
    remove: removeCalDavBooking,
  },
  google: {
    find: findGoogleCalendars,
    read: readGoogleSource,
    write: writeGoogleBooking,
    remove: removeGoogleBooking,
  },
};

/** The source of this kind. `now` is in epoch ms everywhere. */
export function sourceOf(kind: SourceKind): Source {
  return SOURCES[kind];
}
