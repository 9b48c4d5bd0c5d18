/** An answer to an invitation, out of the e-mail that brings it (RFC 6047, RFC 5546 3.2.3). Throws on no input, and keeps nothing of its texts. */

import PostalMime, { addressParser } from "postal-mime";
import type { Attachment, Email } from "postal-mime";
import type { InvitationAnswer, InvitationReply } from "../../scheduling/invitation-reply.ts";
import { linesOf, lineOf, readComponents } from "../calendars/icalendar/components.ts";
import type { Component } from "../calendars/icalendar/components.ts";
import { nameOfLine, parseContentLine, unfoldedLines } from "../calendars/icalendar/content-lines.ts";
import type { ContentLine } from "../calendars/icalendar/content-lines.ts";
import { parseDateValue } from "../calendars/icalendar/date-values.ts";
import { senderVerdicts } from "./authentication-results.ts";
import type { SenderVerdicts } from "./authentication-results.ts";
import { addressOfUri, isMailAddress } from "./mail-address.ts";

/** Larger messages are refused unread: an answer is a few kilobytes. */
export const MAX_REPLY_BYTES = 1_000_000;
/** A megabyte in base64 has 13,000; the parser needs ten seconds for a megabyte of nothing but line ends. */
const MAX_LINES = 20_000;
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_CALENDAR_BYTES = 128 * 1024;
const MAX_FROM_LENGTH = 1_000;
const MAX_NESTING = 16;
const MAX_PARTS = 8;
const MAX_UID_LENGTH = 255;

/** Cloudflare Email Routing calls itself so (seen in its headers, November 2026). */
const AUTHSERV_ID = "mx.cloudflare.net";

const ANSWERS: ReadonlyMap<string, InvitationAnswer> = new Map([
  ["ACCEPTED", "accepted"],
  ["DECLINED", "declined"],
  ["TENTATIVE", "tentative"],
]);

/** The answer, and all that is known of who sent it. */
export interface ReadReply extends InvitationReply {
  readonly sender: { readonly address: string } & SenderVerdicts;
}

type Answer = Omit<InvitationReply, "sender">;

/**
 * Undefined for everything that is not exactly one person's answer about one event: no METHOD:REPLY, several events or attendees, parts that
 * disagree, one instance of a series, no single From, an answer that is none (NEEDS-ACTION, DELEGATED), too large. The calendar may be the
 * message itself, a part, or an .ics file attached; what is inside a forwarded message is somebody else's.
 *
 * Of the sender is trusted: the address in From, and what senderVerdicts makes of the topmost Authentication-Results. Not trusted: the
 * envelope, Reply-To, Sender, Received-SPF, and ARC.
 * @param raw the whole message, as it was taken in
 * @param authservId by which the server that took it in names itself in Authentication-Results
 */
export async function readReply(raw: Uint8Array, authservId = AUTHSERV_ID): Promise<ReadReply | undefined> {
  if (raw.length > MAX_REPLY_BYTES || countLines(raw) > MAX_LINES) return undefined;
  const mail = await parsed(raw);
  const from = mail && senderOf(mail);
  if (from === undefined) return undefined;
  const calendars = mail!.attachments.filter(isCalendar);
  if (calendars.length > MAX_PARTS) return undefined;
  const answers = calendars.map(answerIn).filter((answer) => answer !== undefined);
  const [answer] = answers;
  // Some send it twice, as a part and as a file.
  if (answer === undefined || answers.some((other) => JSON.stringify(other) !== JSON.stringify(answer))) {
    return undefined;
  }
  const results = mail!.headers.filter(({ key }) => key === "authentication-results");
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const verdicts = senderVerdicts(
    results.map(({ value }) => value),
    authservId,
    domain,
  );
  return { ...answer, sender: { address: from, ...verdicts } };
}

function countLines(raw: Uint8Array): number {
  return raw.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
}

async function parsed(raw: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(raw, {
      // Otherwise the parts of a forwarded message would be taken for parts of this one.
      forceRfc822Attachments: true,
      maxHeadersSize: MAX_HEADER_BYTES,
      maxNestingDepth: MAX_NESTING,
    });
  } catch {
    return undefined;
  }
}

/**
 * The one address in the one From (RFC 5322 3.6.2 allows more), in lower case. It must stand there as it is and alone, so that whoever
 * checked the sender has read the same one.
 */
function senderOf({ headers }: Email): string | undefined {
  const fields = headers.filter(({ key }) => key === "from");
  const written = fields.length === 1 ? fields[0]!.value.slice(0, MAX_FROM_LENGTH).toLowerCase() : "";
  const isAlone = written.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").split("@").length === 2;
  const address = isAlone ? addressParser(written, { flatten: true })[0]?.address : undefined;
  return address !== undefined && isMailAddress(address) && written.includes(address) ? address : undefined;
}

function isCalendar({ mimeType, filename }: Attachment): boolean {
  return mimeType === "text/calendar" || mimeType === "application/ics" || /\.ics$/i.test(filename ?? "");
}

function answerIn({ content }: Attachment): Answer | undefined {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  if (bytes.length > MAX_CALENDAR_BYTES) return undefined;
  const lines = unfoldedLines(bytes);
  const { calendars } = readComponents(lines);
  const events = calendars.flatMap(({ children }) => children).filter(({ name }) => name !== "VTIMEZONE");
  const [event] = events;
  const isOne = calendars.length === 1 && events.length === 1 && event?.name === "VEVENT";
  return isOne && methodOf(lines) === "REPLY" ? answerOf(event) : undefined;
}

/** Properties of the calendar come before its components (RFC 5545 3.4); an event's own are none of them. */
function methodOf(lines: readonly string[]): string | undefined {
  const [, ...inside] = lines;
  const firstComponent = inside.findIndex((line) => nameOfLine(line) === "BEGIN");
  const methods = inside.slice(0, firstComponent).filter((line) => nameOfLine(line) === "METHOD");
  return methods.length === 1 ? parseContentLine(methods[0]!)?.value.toUpperCase() : undefined;
}

function answerOf(event: Component): Answer | undefined {
  const attendees = linesOf(event, "ATTENDEE");
  const [attendee] = attendees;
  const uid = lineOf(event, "UID")?.value ?? "";
  const sequence = sequenceOf(lineOf(event, "SEQUENCE")?.value);
  const stamp = parseDateValue(lineOf(event, "DTSTAMP")?.value ?? "");
  const isSeries = lineOf(event, "RECURRENCE-ID") !== undefined;
  if (attendee === undefined || attendees.length > 1 || isSeries) return undefined;
  const attendeeAddress = addressOf(attendee);
  const partstat = ANSWERS.get(attendee.parameters.get("PARTSTAT")?.toUpperCase() ?? "");
  if (uid === "" || uid.length > MAX_UID_LENGTH || sequence === undefined) return undefined;
  if (attendeeAddress === undefined || partstat === undefined || stamp?.form !== "utc") return undefined;
  return { uid, sequence, attendeeAddress, partstat, stampedAt: stamp.local };
}

/** Absent is 0 (RFC 5545 3.8.7.4). */
function sequenceOf(value: string | undefined): number | undefined {
  if (value === undefined) return 0;
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** Calendar servers name people by other URIs, with the address beside (RFC 7986 6.2). */
function addressOf({ value, parameters }: ContentLine): string | undefined {
  return addressOfUri(value) ?? addressOfUri(`mailto:${parameters.get("EMAIL") ?? ""}`);
}
