/** What may leave, and what of it is changed before. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { MailMessage } from "../../../adapters/mail/mail.ts";
import { readyMessage } from "../../../adapters/mail/ready-message.ts";
import { ICS, MESSAGE, ready } from "./any-message.ts";

const REFUSED: readonly (readonly [string, Partial<MailMessage>])[] = [
  ["without a key", { key: "" }],
  ["with a key of 257 characters", { key: "k".repeat(257) }],
  ["with a space in its key", { key: "a b" }],
  ["with a line break in its key", { key: "a\r\nb" }],
  ["with é in its key", { key: "é" }],
  ["from something that is no address", { from: { name: "x", address: "nobody" } }],
  ["to be answered at something that is no address", { replyTo: { name: "x", address: "a@b.example>" } }],
  ["without a subject", { subject: "\r\n \u202e" }],
  ["without a text", { text: "" }],
  ["without HTML", { html: "" }],
  ["larger than half a million characters", { text: "x".repeat(500_001) }],
  ["whose invitation is of another method", { invite: { method: "CANCEL", ics: ICS } }],
  ["whose invitation says two methods", { invite: { method: "REQUEST", ics: `${ICS}METHOD:REQUEST\r\n` } }],
  ["whose invitation says none", { invite: { method: "REQUEST", ics: "BEGIN:VCALENDAR" } }],
  ["to be unsubscribed from by mail", { unsubscribeUrl: "mailto:x@y.example" }],
  ["to be unsubscribed from nowhere", { unsubscribeUrl: "nowhere" }],
];

const NO_ADDRESSES = [
  "",
  "bob",
  "bob@localhost",
  "Bob <bob@booker.example>",
  "bob@booker.example, eve@booker.example",
  "bob@booker.example\r\nRCPT TO:<eve@booker.example>",
  "bob@booker.example>",
  "bob@booker.example SIZE=1",
  '"bob"@booker.example',
  "bo..b@booker.example",
  ".bob@booker.example",
  "bob@-booker.example",
  "bob@booker..example",
  "bob@[127.0.0.1]",
  "zoë@booker.example",
  "bob@bücher.example",
  `${"b".repeat(65)}@booker.example`,
  `bob@${"b".repeat(60)}.${"b".repeat(60)}.${"b".repeat(60)}.${"b".repeat(60)}.${"b".repeat(60)}.example`,
];

const ADDRESSES = [
  "bob@booker.example",
  "b.o.b+tag@sub.booker.example",
  "b@b.co",
  "!#$%&'*+/=?^_`{|}~-@x.example",
  `${"b".repeat(64)}@x.example`,
];

describe("a message", () => {
  it.each(REFUSED)("%s is refused", (_, change) => {
    expect(readyMessage({ ...MESSAGE, ...change })).toEqual({ kind: "failed", problem: "message-refused" });
  });

  it.each(NO_ADDRESSES)("to %j is refused for its address", (to) => {
    expect(readyMessage({ ...MESSAGE, to })).toEqual({ kind: "failed", problem: "address-refused" });
  });

  it.each(ADDRESSES)("to %j may leave", (to) => {
    expect(ready({ ...MESSAGE, to }).to).toBe(to);
  });

  it.each([
    ["a\r\nBcc: eve@x.example", "a Bcc: eve@x.example"],
    ["\tTea \u2028 at\0five\u202e ", "Tea at five"],
    ["half a 😀: \ud83d", "half a 😀: \ufffd"],
    ["😀".repeat(5_000), `${"😀".repeat(249)}…`],
  ])("with the subject %j is sent with %j", (subject, sent) => {
    expect(ready({ ...MESSAGE, subject }).subject).toBe(sent);
  });

  it("has names of one line and at most 120 characters", () => {
    const { from, replyTo } = ready({
      ...MESSAGE,
      from: { ...MESSAGE.from, name: "x".repeat(10_000) },
      replyTo: { address: "a@b.example", name: " \r\n" },
    });
    expect(from.name).toHaveLength(120);
    expect(replyTo?.name).toBe("");
  });
});

describe("an address", () => {
  it("can be put into a command whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "binary" })), (to) => {
        expect("problem" in readyMessage({ ...MESSAGE, to }) || /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(to)).toBe(
          true,
        );
      }),
    );
  });
});
