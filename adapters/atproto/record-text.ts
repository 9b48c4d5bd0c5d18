/**
 * Text from records as plain text that cannot break a line, a mail header or the direction of what follows. No escaping:
 * a script in a title is just text, and whoever shows it escapes it for where it is shown.
 */

/** Direction overrides and isolates (they reorder what is shown after them) and the byte order mark. */
const INVISIBLE = /[\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** One line: line breaks and control characters become a space, direction overrides go, the ends are trimmed. */
export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replace(INVISIBLE, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}

/** Some lines: every kind of line break becomes `\n`, other control characters and direction overrides go. */
export function plainParagraphs(text: string): string {
  return text
    .toWellFormed()
    .replace(INVISIBLE, "")
    .replace(/\r\n?|\p{Zl}|\p{Zp}|\u0085/gu, "\n")
    .replace(/(?![\n\t])\p{Cc}/gu, "")
    .trim();
}
