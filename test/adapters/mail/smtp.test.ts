/** SMTP with a real server, from both runtimes. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { simpleParser } from "mailparser";
import { startMailSink } from "../../../dev/mail-sink.ts";
import type { MailMessage } from "../../../adapters/mail/mail.ts";
import { INVITATION, MESSAGE, NOW, ICS } from "./any-message.ts";
import { MAIL_RUNTIMES } from "./mail-runtimes.ts";
import type { MailRuntime } from "./mail-runtimes.ts";
import type { MailTold } from "./mail-question.ts";
import { startSmtp } from "./smtp-relay.ts";
import type { SmtpRelay, SmtpRelayOptions } from "./smtp-relay.ts";

describe.each(MAIL_RUNTIMES)("in %s", (_, start) => {
  let runtime: MailRuntime;
  let relay: SmtpRelay | undefined;

  beforeAll(async () => {
    runtime = await start();
  });
  afterAll(() => runtime.stop());
  afterEach(async () => {
    await relay?.stop();
    relay = undefined;
  });

  const sendTo = (
    SMTP_URL: string,
    message: MailMessage = INVITATION,
    timeoutMs = 5_000,
  ): Promise<MailTold> =>
    runtime.send({
      settings: {
        MAIL_PROVIDER: "smtp",
        MAIL_FROM: "atproto Cal <bookings@cal.example>",
        ALLOW_LOOPBACK: "true",
        SMTP_URL,
      },
      message,
      now: NOW,
      timeoutMs,
    });

  const relayed = async (options: SmtpRelayOptions, message?: MailMessage): Promise<MailTold> => {
    relay = await startSmtp(options);
    return await sendTo(relay.url, message);
  };

  it("the sink gets the message, to whom it is, as it was said", async () => {
    const sink = await startMailSink();
    try {
      expect(await sendTo(sink.url)).toEqual({ kind: "sent" });
      const [message] = sink.messages();
      expect(message).toMatchObject({ from: "bookings@cal.example", to: ["bob@booker.example"] });
      const { subject, text, attachments } = await simpleParser(message?.raw ?? "");
      expect(subject).toBe(INVITATION.subject);
      expect(text).toBe(INVITATION.text);
      expect(attachments.map(({ contentType, content }) => [contentType, content.toString()])).toEqual([
        ["text/calendar", ICS],
        ["application/ics", ICS],
      ]);
    } finally {
      await sink.stop();
    }
  });

  it.each([
    ["TLS from the first byte and PLAIN", { secure: true, authMethods: ["PLAIN"] }],
    ["TLS from the first byte and LOGIN", { secure: true, authMethods: ["LOGIN"] }],
    ["STARTTLS and PLAIN", { authMethods: ["PLAIN", "LOGIN"] }],
    ["STARTTLS and LOGIN", { authMethods: ["LOGIN"] }],
  ] satisfies (readonly [string, SmtpRelayOptions])[])("%s sign in and send", async (_name, options) => {
    expect(await relayed(options)).toEqual({ kind: "sent" });
    expect(relay?.signedIn).toEqual(["us er:P@ss/wörd"]);
    expect(relay?.messages).toHaveLength(1);
  });

  it("a line of one dot does not end the message", async () => {
    const text = "one\n.\n..\n.hidden\nEND";
    relay = await startSmtp({});
    expect(await sendTo(relay.url, { ...MESSAGE, text })).toEqual({ kind: "sent" });
    expect((await simpleParser(relay.messages[0] ?? "")).text).toBe(text);
  });

  it("a message of half a million characters arrives whole", async () => {
    const text = "Zeile mit Umlaut ä\n".repeat(20_000);
    relay = await startSmtp({});
    expect(await sendTo(relay.url, { ...MESSAGE, text })).toEqual({ kind: "sent" });
    expect((await simpleParser(relay.messages[0] ?? "")).text).toBe(text);
  });

  it("a certificate that nobody vouches for ends it before the password is said", async () => {
    relay = await startSmtp({ secure: true, hasStrangeCertificate: true });
    expect(await sendTo(relay.url)).toEqual({ kind: "failed", problem: "unreachable" });
    await relay.stop();
    relay = await startSmtp({ hasStrangeCertificate: true });
    expect(await sendTo(relay.url)).toEqual({ kind: "failed", problem: "unreachable" });
    expect(relay.signedIn).toEqual([]);
  });

  it.each([
    ["a wrong password", { refusesPassword: true }, "misconfigured"],
    ["no STARTTLS", { disabledCommands: ["STARTTLS"] }, "misconfigured"],
    ["no way to sign in that we know", { authMethods: ["XOAUTH2"] }, "misconfigured"],
    ["a server that refuses us at once", { refuses: { at: "connect", code: 554 } }, "misconfigured"],
    ["a server that is busy", { refuses: { at: "connect", code: 421 } }, "server-error"],
    ["a sender it does not send for", { refuses: { at: "sender", code: 553 } }, "misconfigured"],
    ["a sender it asks to wait", { refuses: { at: "sender", code: 451 } }, "server-error"],
    [
      "a recipient that is not there",
      { refuses: { at: "recipient", code: 550, text: "5.1.1 No such user" } },
      "address-refused",
    ],
    [
      "a relay that does not relay",
      { refuses: { at: "recipient", code: 554, text: "5.7.1 Relay access denied" } },
      "misconfigured",
    ],
    ["a greylist", { refuses: { at: "recipient", code: 450, text: "4.2.0 Greylisted" } }, "server-error"],
    ["too many recipients by a wrong code", { refuses: { at: "recipient", code: 552 } }, "server-error"],
    [
      "too much from us",
      { refuses: { at: "recipient", code: 451, text: "4.7.1 Slow down" } },
      "rate-limited",
    ],
    [
      "a message it does not like",
      { refuses: { at: "message", code: 554, text: "5.7.1 Spam" } },
      "message-refused",
    ],
    [
      "a recipient it finds out about late",
      { refuses: { at: "message", code: 550, text: "5.1.1 Unknown" } },
      "address-refused",
    ],
    ["a full disk", { refuses: { at: "message", code: 452, text: "4.3.1 Full" } }, "server-error"],
  ] satisfies (readonly [string, SmtpRelayOptions, string])[])("%s", async (_name, options, problem) => {
    expect(await relayed(options)).toEqual({ kind: "failed", problem });
    expect(relay?.messages).toEqual([]);
  });

  it("nobody there", async () => {
    relay = await startSmtp({});
    const { url } = relay;
    await relay.stop();
    expect(await sendTo(url)).toEqual({ kind: "failed", problem: "unreachable" });
  });
});
