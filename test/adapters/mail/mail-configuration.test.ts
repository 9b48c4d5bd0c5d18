/** What an operator can write, and what they are told of it. */

import { describe, expect, it } from "vitest";

import { mailConfiguration } from "../../../adapters/mail/mail-configuration.ts";
import type { MailSettings } from "../../../adapters/mail/mail-configuration.ts";
import { SecretScan } from "../../support/secret-scan.ts";

const NONE: MailSettings = {
  MAIL_PROVIDER: "",
  MAIL_FROM: "atproto Cal <bookings@cal.example>",
  ALLOW_LOOPBACK: "false",
};
const FROM = { name: "atproto Cal", address: "bookings@cal.example" };
const EMAIL = { send: async () => ({ messageId: "" }) };

const smtp = (SMTP_URL: string, ALLOW_LOOPBACK = "false"): MailSettings => ({
  ...NONE,
  MAIL_PROVIDER: "smtp",
  SMTP_URL,
  ALLOW_LOOPBACK,
});

const credentials = { username: "user", password: "pass-word" };

describe("mail", () => {
  it("is off where nobody is named to send it, whatever else is set", () => {
    expect(mailConfiguration({ ...NONE, MAIL_FROM: "", SMTP_URL: "nonsense" })).toBeUndefined();
  });

  it.each([
    ["smtps://user:pass-word@mail.example", "mail.example", 465, "tls"],
    ["smtps://user:pass-word@mail.example:2465", "mail.example", 2465, "tls"],
    ["smtp://user:pass-word@mail.example?starttls", "mail.example", 587, "starttls"],
    ["smtp://user:pass-word@mail.example:2587/?starttls=yes", "mail.example", 2587, "starttls"],
  ])("goes by %s", (url, hostname, port, security) => {
    expect(mailConfiguration(smtp(url))).toEqual({
      provider: "smtp",
      from: FROM,
      server: { hostname, port, security, credentials },
    });
  });

  it("goes to a server on this machine without TLS, where that is allowed", () => {
    expect(mailConfiguration(smtp("smtp://127.0.0.1:2525", "true"))).toMatchObject({
      server: { hostname: "127.0.0.1", port: 2525, security: "none" },
    });
  });

  it("signs in with a name and a password that were percent-encoded", () => {
    expect(mailConfiguration(smtp("smtps://a%40b.example:p%3A%2F%C3%B6@mail.example"))).toMatchObject({
      server: { credentials: { username: "a@b.example", password: "p:/ö" } },
    });
  });

  it.each([
    [{ MAIL_PROVIDER: "resend", RESEND_API_KEY: "re_1" }, "https://api.resend.com"],
    [{ MAIL_PROVIDER: "resend", RESEND_API_KEY: "re_1", RESEND_URL: "" }, "https://api.resend.com"],
    [
      { MAIL_PROVIDER: "sendgrid", SENDGRID_API_KEY: "re_1", SENDGRID_URL: "https://api.eu.sendgrid.com/" },
      "https://api.eu.sendgrid.com",
    ],
    [{ MAIL_PROVIDER: "sendgrid", SENDGRID_API_KEY: "re_1" }, "https://api.sendgrid.com"],
  ])("goes by %j", (settings, url) => {
    expect(mailConfiguration({ ...NONE, ...settings })).toEqual({
      provider: settings.MAIL_PROVIDER,
      from: FROM,
      account: { url, apiKey: "re_1" },
    });
  });

  it("goes by Cloudflare's binding", () => {
    expect(mailConfiguration({ ...NONE, MAIL_PROVIDER: "cloudflare", EMAIL })).toEqual({
      provider: "cloudflare",
      from: FROM,
      binding: EMAIL,
    });
  });

  it.each([
    ["bookings@cal.example", ""],
    [" bookings@cal.example ", ""],
    ["<bookings@cal.example>", ""],
    ['"atproto Cal, Inc." <bookings@cal.example>', "atproto Cal, Inc."],
    ["Zoë <bookings@cal.example>", "Zoë"],
  ])("is from %s", (MAIL_FROM, name) => {
    const { from } = mailConfiguration({ ...NONE, MAIL_PROVIDER: "cloudflare", EMAIL, MAIL_FROM }) ?? {};
    expect(from).toEqual({ name, address: "bookings@cal.example" });
  });
});

describe("an operator is told", () => {
  const SECRET = "hunter2-hunter2";
  const REFUSED: readonly (readonly [string, Partial<MailSettings>])[] = [
    [
      'MAIL_PROVIDER must be empty, "smtp", "resend", "sendgrid" or "cloudflare".',
      { MAIL_PROVIDER: "mailgun" },
    ],
    ['MAIL_PROVIDER is "smtp", but the secret SMTP_URL is not set.', { MAIL_PROVIDER: "smtp" }],
    ['MAIL_PROVIDER is "resend", but the secret RESEND_API_KEY is not set.', { MAIL_PROVIDER: "resend" }],
    [
      'MAIL_PROVIDER is "sendgrid", but the secret SENDGRID_API_KEY is not set.',
      { MAIL_PROVIDER: "sendgrid", SENDGRID_API_KEY: "" },
    ],
    [
      'MAIL_PROVIDER is "cloudflare", but there is no send_email binding EMAIL.',
      { MAIL_PROVIDER: "cloudflare" },
    ],
    [
      "The secret RESEND_API_KEY has characters in it that none has: set it again, without spaces.",
      { MAIL_PROVIDER: "resend", RESEND_API_KEY: `${SECRET}\n` },
    ],
    [
      'MAIL_FROM must say whom mail is from, such as "atproto Cal <bookings@cal.example>".',
      { MAIL_PROVIDER: "resend", RESEND_API_KEY: SECRET, MAIL_FROM: "bookings" },
    ],
    [
      'MAIL_FROM must say whom mail is from, such as "atproto Cal <bookings@cal.example>".',
      { MAIL_PROVIDER: "resend", RESEND_API_KEY: SECRET, MAIL_FROM: "" },
    ],
    [
      "RESEND_URL must be empty or an https:// address.",
      { MAIL_PROVIDER: "resend", RESEND_API_KEY: SECRET, RESEND_URL: "http://api.resend.com" },
    ],
    [
      "SENDGRID_URL must be empty or an https:// address.",
      { MAIL_PROVIDER: "sendgrid", SENDGRID_API_KEY: SECRET, SENDGRID_URL: "http://127.0.0.1:1" },
    ],
    ...[`smtp://user:${SECRET}@mail.example:587`, `smtp://user:${SECRET}@127.0.0.1:2525`].map(
      (url) => ["SMTP_URL would send without TLS: write smtps://, or add ?starttls.", smtp(url)] as const,
    ),
    ...[`user:${SECRET}@mail.example`, `https://user:${SECRET}@mail.example`, `smtp:///${SECRET}`].map(
      (url) =>
        ["SMTP_URL is no address of a mail server: write smtps://user:password@host.", smtp(url)] as const,
    ),
    ...[
      `smtps://user:${SECRET}%ZZ@mail.example`,
      `smtps://user:${SECRET}%00@mail.example`,
      "smtps://user@mail.example",
      `smtps://:${SECRET}@mail.example`,
    ].map(
      (url) =>
        ["SMTP_URL has a name or a password that cannot be read: percent-encode both.", smtp(url)] as const,
    ),
  ];

  it.each(REFUSED)("%s", (sentence, settings) => {
    const told = thrownBy(() => mailConfiguration({ ...NONE, ...settings }));
    expect(told).toBe(sentence);
    const scan = new SecretScan();
    scan.add("password", SECRET);
    expect(scan.find(told)).toEqual([]);
  });

  it("nothing on loopback is without TLS when its name only looks like it", () => {
    for (const host of ["127.0.0.1.example", "localhost.example", "[::1]", "0x7f.1"]) {
      expect(thrownBy(() => mailConfiguration(smtp(`smtp://${host}:2525`, "true")))).toContain("without TLS");
    }
  });
});

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "nothing was thrown";
}
