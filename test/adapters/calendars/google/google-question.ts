/** One question to Google Calendar as plain data there and back, so that it can be asked in Node and inside workerd alike. */

import { findGoogleCalendars } from "../../../../adapters/calendars/google/google-calendars.ts";
import {
  finishConsent,
  newConsent,
  revokeAccess,
} from "../../../../adapters/calendars/google/google-consent.ts";
import type { ConsentReturn, ConsentWanted } from "../../../../adapters/calendars/google/google-consent.ts";
import { stopWatching, watchGoogleCalendar } from "../../../../adapters/calendars/google/google-push.ts";
import type { NewChannel } from "../../../../adapters/calendars/google/google-push.ts";
import { readGoogleSource } from "../../../../adapters/calendars/google/google-source.ts";
import {
  removeGoogleBooking,
  writeGoogleBooking,
} from "../../../../adapters/calendars/google/google-write.ts";
import type { SourceQuestion, SourceSettings } from "../../../../adapters/calendars/source.ts";
import type { Booking } from "../../../../scheduling/booking.ts";
import type { Told } from "../question.ts";

type Asked =
  | { readonly what: "consent"; readonly wanted: ConsentWanted }
  | { readonly what: "finish"; readonly back: ConsentReturn }
  | { readonly what: "revoke"; readonly access: string }
  | { readonly what: "find"; readonly access: string }
  | ({ readonly what: "read" } & Pick<SourceQuestion, "access" | "calendars" | "range">)
  | { readonly what: "write"; readonly access: string; readonly ref: string; readonly booking: Booking }
  | { readonly what: "remove"; readonly access: string; readonly ref: string; readonly bookingUid: string }
  | { readonly what: "watch"; readonly access: string; readonly ref: string; readonly channel: NewChannel }
  | { readonly what: "stop"; readonly access: string; readonly id: string; readonly resourceId: string };

export type GoogleQuestion = Asked & { readonly settings: SourceSettings; readonly now: number };

/** The answer, a reading's calendars as an object. */
export async function ask(question: GoogleQuestion): Promise<Told> {
  const told = await answerTo(question);
  return "calendars" in told && told.calendars instanceof Map
    ? { ...told, calendars: Object.fromEntries(told.calendars) }
    : { ...told };
}

async function answerTo(question: GoogleQuestion): Promise<object> {
  const { settings, now } = question;
  switch (question.what) {
    case "consent":
      return (await newConsent(settings, question.wanted)) ?? {};
    case "finish":
      return finishConsent(settings, question.back, now);
    case "revoke":
      return revokeAccess(question.access, settings, now);
    case "find":
      return findGoogleCalendars(question.access, settings, now);
    case "read": {
      const { access, calendars, range } = question;
      const wanted = { access, calendars, range, timeZone: "UTC", isBooking: () => false };
      return readGoogleSource(wanted, settings, now);
    }
    case "write":
      return writeGoogleBooking(question, question.booking, settings, now);
    case "remove":
      return removeGoogleBooking(question, question.bookingUid, settings, now);
    case "watch":
      return watchGoogleCalendar(question.access, question.ref, question.channel, settings, now);
    case "stop":
      return stopWatching(question.access, question, settings, now);
  }
}
