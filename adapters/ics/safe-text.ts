/** Texts of strangers, cleaned so that none of them can end a line or a parameter of a calendar (RFC 5545 3.1). Pure. */

const TEXT_MAX_LENGTH = 4000;
const NAME_MAX_LENGTH = 200;

// Every C0 control but line feed, DEL, C1, and the two Unicode line separators some parsers split at.
const UNSAFE_IN_TEXT = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
// A parameter needs no backslash, semicolon or colon, and readers that forget about quotation marks split at them. What turns the
// direction of writing around would do so beyond the name.
const UNSAFE_IN_NAME = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\\;:]/g;

/** A TEXT value (RFC 5545 3.3.11) before it is escaped: its lines kept, everything else that controls anything gone. */
export function safeText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(UNSAFE_IN_TEXT, "")
    .slice(0, TEXT_MAX_LENGTH)
    .toWellFormed();
}

/**
 * A name for a parameter in quotation marks. DQUOTE, which cannot be in one (RFC 5545 3.2), becomes an apostrophe and not the `^'` of
 * RFC 6868, which many readers show as it is; a circumflex that would be read by the others as an escape is left out. So both read the same.
 */
export function safeName(name: string): string {
  return name
    .replaceAll(/[\t\n\r]+/g, " ")
    .replaceAll(UNSAFE_IN_NAME, "")
    .replaceAll('"', "'")
    .replaceAll(/\^(?=[\^n'])/g, "")
    .slice(0, NAME_MAX_LENGTH)
    .toWellFormed()
    .trim();
}

/** A TEXT value as it is written (RFC 5545 3.3.11). `text` is safe already. */
export function escapeText(text: string): string {
  return text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`);
}
