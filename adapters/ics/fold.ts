/** Lines of iCalendar, folded as RFC 5545 3.1 says: at most 75 octets, never inside a character. */

const MAX_OCTETS = 75;
const encoder = new TextEncoder();

/** The same content with every line folded; `text` may be folded in any way already. */
export function foldLines(text: string): string {
  return text
    .replaceAll(/\r?\n[ \t]/g, "")
    .split(/\r?\n/)
    .map(foldLine)
    .join("\r\n");
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
