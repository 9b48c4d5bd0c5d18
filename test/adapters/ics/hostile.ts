/** Texts as strangers would write them to get a line of their own into somebody's calendar. */

import * as fc from "fast-check";
import { expect } from "vitest";

const PIECES = [
  "\r\n",
  "\r",
  "\n",
  "\r\n ",
  '"',
  ";",
  ":",
  ",",
  "\\",
  "\\n",
  "^n",
  "^'",
  "^^",
  "ATTENDEE:mailto:x@y.example",
  '":mailto:victim@example.com',
  "METHOD:CANCEL",
  "END:VEVENT",
  "BEGIN:VALARM",
  "🗓",
  "👩‍👩‍👧",
  "日本語",
  "\u202e",
  "\u200f",
  "\u2066",
  "\u2028",
  "\u2029",
  "\u0000",
  "\u0007",
  "\u000b",
  "\u0085",
  "\ufeff",
  "\ud83d",
  "\udc00",
  " ",
  "\t",
  "a",
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 200 }),
  // Lone surrogates among others.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
    .map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join("")),
  { arbitrary: fc.constantFrom(...PIECES).map((piece) => piece.repeat(10_000 / piece.length)), weight: 1 },
);

const ODD_IN_ADDRESS = Array.from("abzAZ09!#$%&'*+/=?^_`{|}~-");

/** Addresses that are allowed, however odd. */
export const oddAddress: fc.Arbitrary<string> = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...ODD_IN_ADDRESS), minLength: 1, maxLength: 64 }),
    fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?\.(example|xn--p1ai)$/),
  )
  .map(([local, host]) => `${local}@${host}`);

/** What a text is allowed to become: itself without control characters and line separators. */
export function cleanedText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, "")
    .slice(0, 4000)
    .toWellFormed();
}

/** RFC 5545 3.1: CRLF everywhere, at most 75 octets in a line, nothing that controls anything. */
export function expectLinesAsTheyMustBe(text: string): void {
  expect(text.endsWith("\r\nEND:VCALENDAR\r\n")).toBe(true);
  expect(text.isWellFormed()).toBe(true);
  const lines = text.split("\r\n");
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line))).toEqual([]);
}
