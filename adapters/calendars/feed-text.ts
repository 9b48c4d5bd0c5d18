/** What must be known of a feed before it is parsed: whether it is whole, and how often it wants to be read. No I/O. */

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
  const lines = decoded(bytes.subarray(0, HEAD_BYTES))
    .replaceAll(/\r?\n[ \t]/g, "")
    .split(/\r?\n/)
    .slice(1);
  // Properties of the calendar come before its components (RFC 5545 3.4); an event's own text is none of them.
  const firstComponent = lines.findIndex((line) => /^BEGIN:/i.test(line));
  const properties = firstComponent === -1 ? lines : lines.slice(0, firstComponent);
  for (const name of ["REFRESH-INTERVAL", "X-PUBLISHED-TTL"]) {
    const line = properties.find((candidate) => new RegExp(`^${name}[:;]`, "i").test(candidate));
    const minutes = line === undefined ? undefined : durationMinutes(line.slice(line.lastIndexOf(":") + 1));
    if (minutes !== undefined) {
      return minutes;
    }
  }
  return undefined;
}

/** RFC 5545 3.3.6, in whole minutes rounded up. Undefined for what is no duration, or none that is longer than nothing. */
function durationMinutes(text: string): number | undefined {
  const parts =
    /^\+?P(?:(?<weeks>\d{1,9})W)?(?:(?<days>\d{1,9})D)?(?:T(?:(?<hours>\d{1,9})H)?(?:(?<minutes>\d{1,9})M)?(?:(?<seconds>\d{1,9})S)?)?$/i.exec(
      text.trim(),
    )?.groups;
  if (parts === undefined) {
    return undefined;
  }
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parts;
  const total =
    (Number(weeks) * 7 + Number(days)) * 24 * 60 +
    Number(hours) * 60 +
    Number(minutes) +
    Math.ceil(Number(seconds) / 60);
  return total > 0 ? Math.min(total, MAX_REFRESH_MINUTES) : undefined;
}

/** Never throws: a character that was cut in two, or is no UTF-8, becomes a replacement character. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
