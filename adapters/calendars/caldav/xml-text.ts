/** Text in XML 1.0, in and out: XML's own entities and numbers, and nothing that a document could declare. No I/O. */

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);
/** `&#x10FFFF;`, with room for a few zeros. */
const ENTITY_MAX_LENGTH = 12;

/** Text with its entities resolved; undefined where one of them is not XML's own, or none at all. */
export function decoded(text: string): string | undefined {
  let resolved = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf("&", at);
    if (start === -1) {
      return resolved + text.slice(at);
    }
    const end = text.indexOf(";", start);
    const character =
      end === -1 || end - start > ENTITY_MAX_LENGTH ? undefined : characterOf(text.slice(start + 1, end));
    if (character === undefined) {
      return undefined;
    }
    resolved += text.slice(at, start) + character;
    at = end + 1;
  }
}

function characterOf(entity: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(entity);
  if (digits === null) {
    return ENTITIES.get(entity);
  }
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

/** Any text as characters of an element or an attribute value. What XML cannot say at all is left out. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}
