/** The fields that several operations share, as schemas. Every text is bounded and plain. */

import * as z from "zod/mini";
import { isRecordKey } from "../adapters/atproto/record-address.ts";
import { isMailAddress } from "../adapters/ics/mail-address.ts";
import { plainParagraphs } from "../adapters/atproto/record-text.ts";
import { isKnownTimeZone } from "../scheduling/time-zone.ts";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Epoch milliseconds of an RFC 3339 instant; undefined for anything else, a date that does not exist included. */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) {
    return undefined;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) || !isRealDate(text.slice(0, 10)) ? undefined : at;
}

/** Whether `text` is a `YYYY-MM-DD` that exists. */
export function isRealDate(text: string): boolean {
  if (!LOCAL_DATE.test(text)) {
    return false;
  }
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** An RFC 3339 instant, as epoch milliseconds. */
export const instantField = z.pipe(
  z.string("give an RFC 3339 instant such as 2026-12-01T09:00:00Z").check(
    z.refine((text) => parseInstant(text) !== undefined, {
      error: "give an RFC 3339 instant such as 2026-12-01T09:00:00Z",
    }),
  ),
  z.transform((text) => parseInstant(text) ?? 0),
);

const DURATION_WANTED = "give a whole number of minutes";

/** A length in minutes; whether it is one of the meeting type's is decided by the host's authority. */
export const durationField = z
  .number(DURATION_WANTED)
  .check(z.int(DURATION_WANTED), z.minimum(1, DURATION_WANTED), z.maximum(1440, DURATION_WANTED));

/** The same where it comes as text. */
export const durationParameter = z.pipe(
  z.string(DURATION_WANTED).check(z.regex(/^\d{1,4}$/, DURATION_WANTED)),
  z.pipe(z.transform(Number), durationField),
);

/** A DID or a handle, as a caller typed it. */
export const actorField = z
  .string("give a handle or a DID")
  .check(z.minLength(1, "give a handle or a DID"), z.maxLength(2048, "give a handle or a DID"));

/** A record key (atproto record-key syntax). */
export const rkeyField = z
  .string("give a record key")
  .check(z.refine((text) => isRecordKey(text), { error: "give a record key" }));

/** An identifier that this broker gave away: whether it is one is found out where it is looked up. */
export const idField = z.string("give an id").check(z.regex(/^[A-Za-z0-9._:-]{1,128}$/, "give an id"));

/** Made by the caller, one for each thing they want once. */
export const requestIdField = z
  .string("make one, such as a UUID")
  .check(z.regex(/^[A-Za-z0-9._:-]{8,128}$/, "give 8 to 128 letters, digits or . _ : -"));

/** A free text: what could break a line or turn its direction goes, nothing left means absent. */
export function textField(maxLength: number) {
  return z.pipe(
    z.string("give a text").check(z.maxLength(maxLength, `give at most ${maxLength} characters`)),
    z.transform((text) => {
      const clean = plainParagraphs(text);
      return clean === "" ? undefined : clean;
    }),
  );
}

/** A plain e-mail address (see isMailAddress): whether it is somebody's is proved elsewhere. */
export const emailField = z.string("give a plain e-mail address such as ann@example.com").check(
  z.maxLength(254, "give an e-mail address of at most 254 characters"),
  z.refine((address) => isMailAddress(address), {
    error: "give a plain e-mail address such as ann@example.com",
  }),
);

const ZONE_WANTED = "give an IANA zone such as Europe/Berlin";

/** An IANA zone that the runtime knows. */
export const timeZoneField = z.string(ZONE_WANTED).check(
  z.maxLength(64, ZONE_WANTED),
  z.refine((zone) => isKnownTimeZone(zone), { error: ZONE_WANTED }),
);
