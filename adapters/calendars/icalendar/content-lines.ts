/** Bytes of a foreign calendar as content lines (RFC 5545 3.1): unfolded, decoded and split into name, parameters and value. */

/** `DTSTART;TZID="Europe/Berlin":20260101T090000`, taken apart. Names are in capitals. */
export interface ContentLine {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** Values of these never hold a colon, so that one in an unquoted parameter (`TZID=(UTC-03:00) Brasilia`) does no harm. */
const COLONLESS = new Set([
  "DTSTART",
  "DTEND",
  "DURATION",
  "EXDATE",
  "RDATE",
  "RECURRENCE-ID",
  "FREEBUSY",
  "RRULE",
]);

/** Text lines in order, empty ones left out. Never throws: what is not UTF-8 (or UTF-16 with its mark) becomes U+FFFD. */
export function unfoldedLines(source: string | Uint8Array): string[] {
  return unfoldedText(source)
    .replace(/^\uFEFF/, "")
    .split(/[\r\n]+/)
    .filter((line) => line !== "");
}

function unfoldedText(source: string | Uint8Array): string {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return unfoldedText(new TextDecoder("utf-16le").decode(bytes));
  // Writers fold at 75 octets, some inside a character: the folds go while it is bytes, and only then is it decoded.
  return new TextDecoder().decode(withoutFolds(bytes));
}

function withoutFolds(bytes: Uint8Array): Uint8Array {
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === CR || byte === LF) {
      // A run of CR, with an LF or without, is one line end: some gateways double the CR.
      let end = at;
      while (bytes[end] === CR) end += 1;
      if (bytes[end] === LF) end += 1;
      if (bytes[end] === SPACE || bytes[end] === TAB) {
        at = end + 1;
        continue;
      }
      while (at < end) kept[length++] = bytes[at++]!;
      continue;
    }
    kept[length++] = byte;
    at += 1;
  }
  return kept.subarray(0, length);
}

/** The name of a line in capitals, `""` where it has none. Cheap, so that lines nobody needs are never taken apart. */
export function nameOfLine(line: string): string {
  return /^[A-Za-z0-9-]{1,64}(?=\s*[;:])/.exec(line)?.[0].toUpperCase() ?? "";
}

/** The parts of a line, or undefined where it has no name or no value. Of a repeated parameter the first counts. */
export function parseContentLine(line: string): ContentLine | undefined {
  const name = nameOfLine(line);
  const colon = COLONLESS.has(name) ? line.lastIndexOf(":") : firstColonOutsideQuotes(line);
  if (name === "" || colon < 0) return undefined;
  const parameters = new Map<string, string>();
  for (const match of line
    .slice(name.length, colon)
    .matchAll(/;\s*([A-Za-z0-9-]{1,64})\s*=\s*("[^"]*"|[^;]*)/g)) {
    const key = match[1]!.toUpperCase();
    if (!parameters.has(key)) parameters.set(key, match[2]!.replaceAll('"', "").trim());
  }
  return { name, parameters, value: line.slice(colon + 1).trim() };
}

function firstColonOutsideQuotes(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    else if (character === ":" && !quoted) return at;
  }
  // An unclosed quotation mark quotes nothing.
  return line.indexOf(":");
}
