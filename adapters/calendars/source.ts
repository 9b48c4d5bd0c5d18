/** What a calendar source of any kind is asked, and what it answers: busy time, or why it cannot say. Knows nothing of who keeps it. */

import type { Period } from "../../scheduling/period.ts";
import type { CalendarProblem } from "../../scheduling/refusal.ts";

/** `feed`: a published .ics file. `caldav`: any CalDAV server (RFC 4791). `google`: Google Calendar. */
export type SourceKind = "feed" | "caldav" | "google";

/** What sources need to know of this broker. */
export interface SourceSettings {
  /** "true" lets calendars live on loopback over http: local runs only. */
  readonly ALLOW_LOOPBACK: string;
  readonly PUBLIC_URL: string;
  /** This broker as Google knows it; empty: Google Calendar is not offered. */
  readonly GOOGLE_CLIENT_ID: string;
  readonly GOOGLE_CLIENT_SECRET?: string;
  /** Empty: Google's own addresses. Else all of them are below this one. */
  readonly GOOGLE_URL: string;
}

/**
 * What opens an account at a source, in that source's own words: an address, or a name with a password, or tokens. Never in an answer,
 * an error or a log.
 */
export type Access = string;

/** A calendar that a source has. */
export interface FoundCalendar {
  /** How the source calls it; may be an address of somebody, so it is kept sealed. */
  readonly ref: string;
  /** For its host's eyes only, at most 200 characters. */
  readonly name: string;
  /** Whether it is one of those in which people are busy: not one of holidays, birthdays, or somebody else's. */
  readonly isOwn: boolean;
  /** Whether bookings can be written into it. */
  readonly isWritable: boolean;
}

/** An answer may bring the access anew, where tokens were renewed on the way: it takes the place of the one asked with. */
interface WithAccess {
  readonly access?: Access;
}

export interface SourceFailure extends WithAccess {
  readonly kind: "failed";
  readonly problem: CalendarProblem;
  /** It asks not to be asked again before so long. */
  readonly retryAfterMs?: number;
}

export type CalendarsAnswer =
  | (WithAccess & { readonly kind: "found"; readonly calendars: readonly FoundCalendar[] })
  | SourceFailure;

/** What is asked of a source about some of its calendars. */
export interface SourceQuestion {
  readonly access: Access;
  readonly calendars: readonly AskedCalendar[];
  /** Busy time in this range is wanted. */
  readonly range: Period;
  /** The host's zone, for all-day and floating times. */
  readonly timeZone: string;
  /** Whether a UID is that of a booking made here, which blocks time by itself: such an event is not busy. */
  readonly isBooking: (uid: string) => boolean;
}

export interface AskedCalendar {
  /** How the asker calls it. */
  readonly id: string;
  /** How the source calls it. */
  readonly ref: string;
  /** Bookings were written into it: only a source that knows the UID of each event can leave them out. */
  readonly holdsBookings?: boolean;
  /** What the source said of it last time; absent: it is to answer in full. */
  readonly validators?: string;
}

export type SourceReading =
  | (WithAccess & {
      readonly kind: "read";
      /** By the asker's ids; one that is missing was not answered. */
      readonly calendars: ReadonlyMap<string, CalendarReading>;
      /** It asks not to be read again before so long. */
      readonly restMs?: number;
    })
  | SourceFailure;

export type CalendarReading =
  | {
      readonly kind: "read";
      /** Merged, clipped to the range. */
      readonly busy: readonly Period[];
      /** How many events it has, busy or not, in the range or not; absent where an answer without any is as good as any other. */
      readonly events?: number;
      readonly validators?: string;
    }
  /** Only in answer to a question with validators. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "failed"; readonly problem: CalendarProblem };

/** Where a booking is written. */
export interface WritePlace {
  readonly access: Access;
  readonly ref: string;
}

/** Writing the same again changes nothing, and removing what is gone already is done. */
export type WriteAnswer = (WithAccess & { readonly kind: "done" }) | SourceFailure;
