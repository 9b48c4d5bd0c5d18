/** Texts as lines of at most 76 ASCII characters (RFC 2045 6.7 and 6.8, RFC 2047). No I/O. */

const LINE_LENGTH = 76;
/** So that an encoded word fits behind the name of a header: 39 octets become 52 characters, and 64 with what is around them. */
const WORD_OCTETS = 39;
/** Behind the longest of our header names on a line of 76. */
const TOKEN_LENGTH = 60;

const encoder = new TextEncoder();

/** The UTF-8 of a text in base64, on one line. */
export function base64(text: string): string {
  let binary = "";
  for (const octet of encoder.encode(text)) {
    binary += String.fromCharCode(octet);
  }
  return btoa(binary);
}

/** The same on lines of 76. */
export function base64Lines(text: string): string {
  return base64(text)
    .replaceAll(/.{1,76}/g, "$&\r\n")
    .trimEnd();
}

/** RFC 2045 6.7; lines end as they do in mail, whichever way they ended before. */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => quotedLine(line))
    .join("\r\n");
}

function quotedLine(line: string): string {
  const octets = encoder.encode(line);
  let quoted = "";
  let length = 0;
  octets.forEach((octet, at) => {
    const isLast = at === octets.length - 1;
    const isBlank = octet === 0x20 || octet === 0x09;
    const isPlain = (octet > 0x20 && octet < 0x7f && octet !== 0x3d) || (isBlank && !isLast);
    const token = isPlain
      ? String.fromCharCode(octet)
      : `=${octet.toString(16).toUpperCase().padStart(2, "0")}`;
    // One is kept for the `=` of a soft line break.
    if (length + token.length > LINE_LENGTH - 1) {
      quoted += "=\r\n";
      length = 0;
    }
    quoted += token;
    length += token.length;
  });
  return quoted;
}

/** A text without a line break as what may stand in a header, to be folded between its tokens. */
export function headerTokens(text: string): string[] {
  const words = text.split(" ");
  // `=?` is how an encoded word begins.
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?");
  return isPlain && words.every(({ length }) => length > 0 && length <= TOKEN_LENGTH)
    ? words
    : encodedWords(text);
}

/** A name as what may stand before an address: a quoted string (RFC 5322 3.2.4), or encoded words. None for no name. */
export function nameTokens(name: string): string[] {
  if (name === "") {
    return [];
  }
  const quoted = `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  const isPlain = /^[\x20-\x7e]*$/.test(name) && !name.includes("=?");
  return isPlain && quoted.length <= TOKEN_LENGTH ? [quoted] : encodedWords(name);
}

/** RFC 2047 2: none longer than 75, none ends inside a character (5). */
function encodedWords(text: string): string[] {
  const words: string[] = [];
  let chunk = "";
  let octets = 0;
  const end = (): void => {
    if (chunk !== "") {
      words.push(`=?UTF-8?B?${base64(chunk)}?=`);
    }
  };
  for (const character of text) {
    const { length } = encoder.encode(character);
    if (octets + length > WORD_OCTETS) {
      end();
      chunk = "";
      octets = 0;
    }
    chunk += character;
    octets += length;
  }
  end();
  return words;
}

/** A header of these tokens, folded (RFC 5322 2.2.3) where a line would be longer than 76; a token that is longer stands alone. */
export function header(name: string, tokens: readonly string[]): string {
  let folded = `${name}:`;
  let length = folded.length;
  tokens.forEach((token, at) => {
    const isFirst = at === 0;
    if (!isFirst && length + 1 + token.length > LINE_LENGTH) {
      folded += "\r\n";
      length = 0;
    }
    folded += ` ${token}`;
    length += 1 + token.length;
  });
  return folded;
}
