/** What must be known of a feed before it is parsed: whether it is whole, and how often it wants to be read. No I/O. */

import { DAY, MINUTE } from "../../../scheduling/time-zone.ts";
import { nameOfLine, parseContentLine, unfoldedLines } from "../icalendar/content-lines.ts";
import { parseLength } from "../icalendar/date-values.ts";

/** Far more than any publisher writes before the first component. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 1_024;

/** A feed may ask to be left alone, but not for so long that busy times become history. */
const MAX_REFRESH_MINUTES = 24 * 60;

/**
 * True when the text begins with `BEGIN:VCALENDAR` and its last line begins with `END:VCALENDAR` (RFC 5545 3.4); a byte order mark
 * before, blank lines around, and a slip of the pen at the very end are forgiven. So an error page, an empty body and a body that broke off are not.
 */
export function isWholeCalendar(bytes: Uint8Array): boolean {
  return (
    /^\s*BEGIN:VCALENDAR[ \t]*[\r\n]/i.test(decoded(bytes.subarray(0, HEAD_BYTES))) &&
    /[\r\n]END:VCALENDAR[^\r\n]*\s*$/i.test(decoded(bytes.subarray(-TAIL_BYTES)))
  );
}

/**
 * Minutes until the publisher expects anything new: REFRESH-INTERVAL (RFC 7986 5.7), or else Outlook's X-PUBLISHED-TTL; at most a
 * day. Undefined where the feed names none that makes sense.
 */
export function refreshMinutes(bytes: Uint8Array): number | undefined {
  const [, ...lines] = unfoldedLines(bytes.subarray(0, HEAD_BYTES));
  // Properties of the calendar come before its components (RFC 5545 3.4); an event's own text is none of them.
  const firstComponent = lines.findIndex((line) => nameOfLine(line) === "BEGIN");
  const properties = firstComponent === -1 ? lines : lines.slice(0, firstComponent);
  for (const name of ["REFRESH-INTERVAL", "X-PUBLISHED-TTL"]) {
    const line = properties.find((candidate) => nameOfLine(candidate) === name);
    const minutes = line === undefined ? undefined : minutesIn(parseContentLine(line)?.value ?? "");
    if (minutes !== undefined) {
      return minutes;
    }
  }
  return undefined;
}

/** A DURATION in whole minutes rounded up. Undefined for what is no duration, or none that is longer than nothing. */
function minutesIn(text: string): number | undefined {
  // Numbers that long are more than a day in whatever unit.
  const length = parseLength(text.replaceAll(/\d{7,}/g, "999999"));
  const total = length && Math.ceil((length.days * DAY + length.exact) / MINUTE);
  return total !== undefined && total > 0 ? Math.min(total, MAX_REFRESH_MINUTES) : undefined;
}

/** Never throws: a character that was cut in two, or is no UTF-8, becomes a replacement character. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
