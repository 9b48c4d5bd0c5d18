/** Lines of iCalendar, folded as RFC 5545 3.1 says: at most 75 octets, never inside a character. */

const MAX_OCTETS = 75;

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
    const length = octetsOf(character);
    if (octets + length > MAX_OCTETS) {
      folded += "\r\n ";
      octets = 1; // The space that marks the continuation.
    }
    folded += character;
    octets += length;
  }
  return folded;
}

/** In UTF-8. */
function octetsOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}
