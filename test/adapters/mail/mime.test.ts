/** The messages we build, read by two programs that others wrote. */

import * as fc from "fast-check";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";

import { invitation } from "../../../adapters/ics/invitation.ts";
import { mimeMessage } from "../../../adapters/mail/mime.ts";
import type { MailMessage } from "../../../adapters/mail/mail.ts";
import { BOOKING } from "../ics/booking.ts";
import { ICS, INVITATION, MESSAGE, NOW, ready } from "./any-message.ts";

interface Read {
  readonly from: unknown;
  readonly to: unknown;
  readonly replyTo: unknown;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly headers: readonly string[];
}

const READERS: readonly (readonly [string, (mime: string) => Promise<Read>])[] = [
  [
    "postal-mime",
    async (mime) => {
      const { from, to, replyTo, subject, text, html, headers } = await PostalMime.parse(mime);
      const names = headers.map(({ key }) => key).toSorted();
      return {
        from,
        to: to?.[0],
        replyTo: replyTo?.[0],
        subject,
        text: textOf(text),
        html: textOf(html),
        headers: names,
      };
    },
  ],
  [
    "mailparser",
    async (mime) => {
      const { from, to, replyTo, subject, text, html, headerLines } = await simpleParser(mime);
      const names = headerLines.map(({ key }) => key).toSorted();
      return {
        from: from?.value[0],
        to: [to].flat()[0]?.value[0],
        replyTo: replyTo?.value[0],
        subject,
        text: textOf(text),
        html: textOf(html || undefined),
        headers: names,
      };
    },
  ],
];

const HEADERS = [
  "auto-submitted",
  "content-type",
  "date",
  "from",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "message-id",
  "mime-version",
  "reply-to",
  "subject",
  "to",
];

describe.each(READERS)("%s reads of a message", (_, read) => {
  it("everything as it was said", async () => {
    expect(await read(await mimeOf(INVITATION))).toEqual({
      from: { name: "atproto Cal", address: "bookings@cal.example" },
      to: { name: "", address: "bob@booker.example" },
      replyTo: { name: "Zoë", address: "zoe@host.example" },
      subject: "Confirmed: Kaffee mit Zoë",
      text: textOf(MESSAGE.text),
      html: textOf(MESSAGE.html),
      headers: HEADERS,
    });
  });

  it("nothing that somebody wrote as a header, whatever they wrote", async () => {
    await fc.assert(
      fc.asyncProperty(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        BODY,
        BODY,
        async (name, replyName, subject, text, html) => {
          const message = ready({
            ...INVITATION,
            from: { ...MESSAGE.from, name },
            replyTo: { address: "zoe@host.example", name: replyName },
            // A subject of nothing is refused.
            subject: `x${subject}`,
            text: `x${text}`,
            html: `x${html}`,
          });
          const mime = await mimeMessage(message, NOW);
          expect(mime).toMatch(/^(?:[\x20-\x7e]{0,76}\r\n)*$/);
          const seen = await read(mime);
          expect(seen.headers).toEqual(HEADERS);
          expect(seen.from).toEqual(message.from);
          expect(seen.replyTo).toEqual(message.replyTo);
          expect(seen.subject).toBe(message.subject);
          expect(seen.text).toBe(textOf(message.text));
          expect(seen.html).toBe(textOf(message.html));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("an invitation", () => {
  it("is the last alternative with its method, and a file", async () => {
    const { attachments } = await PostalMime.parse(await mimeOf(INVITATION));
    const seen = attachments.map(({ mimeType, method, disposition, filename, content, related }) => ({
      mimeType,
      method,
      disposition,
      filename,
      related,
      ics: typeof content === "string" ? content : new TextDecoder().decode(content),
    }));
    expect(seen).toMatchObject([
      { mimeType: "text/calendar", method: "REQUEST", disposition: null, ics: withLf(ICS) },
      { mimeType: "application/ics", disposition: "attachment", filename: "invite.ics", ics: withLf(ICS) },
    ]);
  });

  it("is nested as mail programs want it", async () => {
    const types = (await mimeOf(INVITATION)).match(/^Content-Type: .*$/gm);
    expect(types).toEqual([
      'Content-Type: multipart/mixed; boundary="=_mixed"',
      'Content-Type: multipart/alternative; boundary="=_alternative"',
      "Content-Type: text/plain; charset=UTF-8",
      "Content-Type: text/html; charset=UTF-8",
      "Content-Type: text/calendar; charset=UTF-8; method=REQUEST",
      'Content-Type: application/ics; name="invite.ics"',
    ]);
  });

  it.each(["REQUEST", "CANCEL"] as const)("of a real booking (%s) arrives octet by octet", async (method) => {
    const note = "METHOD:PUBLISH\r\nMETHOD:REQUEST\n.\n日本語 ".repeat(20);
    const ics = invitation(
      { ...BOOKING, note },
      {
        method,
        publicUrl: "https://cal.example",
        organizerAddress: "b-1@invites.cal.example",
        attendees: [{ role: "booker", address: "bob@booker.example", name: "Bob", partstat: "NEEDS-ACTION" }],
        now: NOW,
      },
    );
    const { attachments } = await simpleParser(
      await mimeOf({ ...MESSAGE, invite: { method, ics: ics ?? "" } }),
    );
    expect(attachments.map(({ content }) => content.toString())).toEqual([ics, ics]);
  });

  it("of a cancellation says CANCEL", async () => {
    const ics = ICS.replace("METHOD:REQUEST", "METHOD:CANCEL");
    const mime = await mimeOf({ ...MESSAGE, invite: { method: "CANCEL", ics } });
    expect(mime).toContain("Content-Type: text/calendar; charset=UTF-8; method=CANCEL\r\n");
  });
});

describe("a message", () => {
  it("without an invitation is its two alternatives", async () => {
    const mime = await mimeOf(MESSAGE);
    expect(mime.match(/^Content-Type: .*$/gm)).toEqual([
      'Content-Type: multipart/alternative; boundary="=_alternative"',
      "Content-Type: text/plain; charset=UTF-8",
      "Content-Type: text/html; charset=UTF-8",
    ]);
  });

  it("has the Message-ID of its key, which says nothing of it, and the date", async () => {
    const [first, again, other] = await Promise.all([
      mimeOf(MESSAGE),
      mimeOf({ ...MESSAGE, subject: "another" }),
      mimeOf({ ...MESSAGE, key: "inv/b-2/0/abc" }),
    ]);
    const id = (mime: string | undefined) => /^Message-ID: (.*)$/m.exec(mime ?? "")?.[1]?.trim();
    expect(id(first)).toMatch(/^<[0-9a-f]{32}@cal\.example>$/);
    expect(id(again)).toBe(id(first));
    expect(id(other)).not.toBe(id(first));
    expect(first).toContain("\r\nDate: Wed, 25 Nov 2026 12:00:00 +0000\r\n");
  });

  it("says that no person wrote it, and how to get no more with one click", async () => {
    const mime = await mimeOf(MESSAGE);
    expect(mime).toContain("\r\nAuto-Submitted: auto-generated\r\n");
    expect(mime).toContain("\r\nList-Unsubscribe: <https://cal.example/unsubscribe/t-1>\r\n");
    expect(mime).toContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    expect(await mimeOf({ ...MESSAGE, unsubscribeUrl: "http://127.0.0.1:8787/u" })).not.toContain(
      "One-Click",
    );
    const { unsubscribeUrl: _, ...without } = MESSAGE;
    expect(await mimeOf(without)).not.toContain("Unsubscribe");
  });

  it.each([
    ["plain English is left as it is", "Hello there.\n", "quoted-printable", "Hello there."],
    [
      "a few accents are quoted",
      "Grüße aus Köln und bis bald!",
      "quoted-printable",
      "Gr=C3=BC=C3=9Fe aus K=C3=B6ln",
    ],
    ["other scripts are in base64", "会議の予約が確認されました。", "base64", "5Lya6K2w44Gu"],
    [
      "a blank at the end of a line is kept",
      "Hello there \nBob\t\n",
      "quoted-printable",
      "Hello there=20\r\nBob=09",
    ],
    [
      "a long line is broken softly",
      "x".repeat(200),
      "quoted-printable",
      `${"x".repeat(75)}=\r\n${"x".repeat(75)}=\r\n`,
    ],
    ["an escape is not broken", `${"x".repeat(74)}=y`, "quoted-printable", `${"x".repeat(74)}=\r\n=3Dy`],
    ["a lone CR is a line break", "a\rb", "quoted-printable", "a\r\nb"],
  ])("%s", async (_, text, encoding, start) => {
    const mime = await mimeOf({ ...MESSAGE, text });
    const part = mime.split("--=_alternative\r\n")[1];
    expect(part).toContain(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${start}`);
  });
});

const mimeOf = (message: MailMessage): Promise<string> => mimeMessage(ready(message), NOW);

/** Readers end lines, and the last one, as they like. */
const textOf = (text: string | undefined): string | undefined => text && withLf(text).trimEnd();

const withLf = (text: string): string => text.replaceAll(/\r\n?/g, "\n");

const NASTY = fc.constantFrom(
  "\r\nBcc: victim@victim.example\r\n",
  "\r\n\r\n<script>",
  "\n",
  "\r",
  "\0",
  '"',
  "\\",
  "<x@y.example>",
  "(comment)",
  ",;:",
  "=?UTF-8?B?QQ==?=",
  "=?",
  "?=",
  "_",
  "😀",
  "👩‍👩‍👧",
  "é",
  "\u202e",
  "\u2028",
  "\ud800",
  "שלום",
  "  ",
  "--=_alternative",
  "\r\n.\r\n",
);

const HOSTILE = fc.oneof(
  fc.array(fc.oneof(NASTY, fc.string({ unit: "binary" })), { maxLength: 12 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  NASTY.map((text) => text.repeat(10_000).slice(0, 10_000)),
  fc.string({ unit: "grapheme-ascii", minLength: 50, maxLength: 200 }),
);

/** Without what the readers themselves change: they take NUL out, or turn characters of Windows into others. */
const BODY = fc
  .array(
    fc.oneof(
      NASTY,
      fc.string({ unit: "grapheme", maxLength: 100 }),
      fc.string({ unit: "grapheme-ascii", maxLength: 200 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));
