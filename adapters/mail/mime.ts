/**
 * A message as it travels (RFC 5322, RFC 2045, RFC 6047): ASCII, lines of 76, nothing that anybody wrote outside an encoding.
 *
 * Our own, since none of the libraries fits (measured, November 2026): mimetext 3.0.28 refuses `text/calendar`, puts UTF-8 into parts it calls
 * 7bit and writes lines of 13,000 characters; nodemailer 10.6.1 builds the right parts and runs in workerd, for 41 KB gzipped and `node:fs`,
 * `node:http` and seven more, lets line breaks into decoded names and bare LF into bodies. No I/O but a digest.
 */

import { sha256Hex } from "../sha-256.ts";
import type { MailAddress, MailInvite } from "./mail.ts";
import { mailHeaders } from "./mail-headers.ts";
import { base64Lines, header, headerTokens, nameTokens, quotedPrintable } from "./mime-encoding.ts";
import type { ReadyMessage } from "./ready-message.ts";

// `=_` occurs neither in quoted-printable nor in base64 (RFC 2045 6.7), and every part is one of the two, so these are in none of them.
const MIXED = "=_mixed";
const ALTERNATIVE = "=_alternative";

/** The whole message, headers and body, with CRLF at the end of each line. `now` in epoch ms becomes its Date. */
export async function mimeMessage(message: ReadyMessage, now: number): Promise<string> {
  const { from, to, replyTo, subject, invite } = message;
  const lines = [
    addressHeader("From", from),
    addressHeader("To", { name: "", address: to }),
    ...(replyTo === undefined ? [] : [addressHeader("Reply-To", replyTo)]),
    header("Subject", headerTokens(subject)),
    `Message-ID: ${await messageId(message)}`,
    `Date: ${new Date(now).toUTCString().replace("GMT", "+0000")}`,
    ...Object.entries(mailHeaders(message)).map(([name, value]) => `${name}: ${value}`),
    "MIME-Version: 1.0",
    invite === undefined ? alternatives(message) : withAttachment(alternatives(message), invite),
    "",
  ];
  return lines.join("\r\n");
}

/** With its angle brackets: the same for the same key, of which it says nothing. */
export async function messageId({ key, from }: ReadyMessage): Promise<string> {
  const digest = await sha256Hex(key);
  return `<${digest.slice(0, 32)}@${domainOf(from.address)}>`;
}

/** What is behind the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

function addressHeader(name: string, { name: shown, address }: MailAddress): string {
  return header(name, [...nameTokens(shown), shown === "" ? address : `<${address}>`]);
}

/** The last one that a mail program understands is what it shows (RFC 2046 5.1.4), and an invitation makes it show Yes and No. */
function alternatives({ text, html, invite }: ReadyMessage): string {
  return multipart("alternative", ALTERNATIVE, [
    textPart("text/plain; charset=UTF-8", text),
    textPart("text/html; charset=UTF-8", html),
    // Without a disposition: Thunderbird shows no invitation where there is one. In base64, as Office writes it, its lines stay its own.
    ...(invite === undefined
      ? []
      : [base64Part(`text/calendar; charset=UTF-8; method=${invite.method}`, invite.ics)]),
  ]);
}

/** The same file again, for mail programs without a calendar. */
function withAttachment(content: string, { ics }: MailInvite): string {
  const type = 'application/ics; name="invite.ics"\r\nContent-Disposition: attachment; filename="invite.ics"';
  return multipart("mixed", MIXED, [content, base64Part(type, ics)]);
}

function multipart(subtype: string, boundary: string, parts: readonly string[]): string {
  return [
    `Content-Type: multipart/${subtype}; boundary="${boundary}"`,
    "",
    ...parts.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
  ].join("\r\n");
}

function textPart(type: string, text: string): string {
  const quoted = quotedPrintable(text);
  const inBase64 = base64Lines(text.replaceAll(/\r\n?|\n/g, "\r\n"));
  // Readable as it is where that is shorter, which it is for Latin scripts.
  return quoted.length < inBase64.length
    ? encodedPart(type, "quoted-printable", quoted)
    : encodedPart(type, "base64", inBase64);
}

function base64Part(type: string, text: string): string {
  return encodedPart(type, "base64", base64Lines(text));
}

function encodedPart(type: string, encoding: string, encoded: string): string {
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}`;
}
