/** Lines of iCalendar, folded as RFC 5545 3.1 says: at most 75 octets, never inside a character. */

const MAX_OCTETS = 75;
const encoder = new TextEncoder();

/** The content lines of a text that may be folded in any way. */
export function unfoldLines(text: string): string[] {
  return text.replaceAll(/\r?\n[ \t]/g, "").split(/\r?\n/);
}

/** Content lines as the text they are on the wire. */
export function foldLines(lines: readonly string[]): string {
  return lines.map(foldLine).join("\r\n");
}

function foldLine(line: string): string {
  let folded = "";
  let octets = 0;
  for (const character of line) {
    const length = encoder.encode(character).length;
    if (octets + length > MAX_OCTETS) {
      folded += "\r\n ";
      octets = 1; // The space that marks the continuation.
    }
    folded += character;
    octets += length;
  }
  return folded;
}
