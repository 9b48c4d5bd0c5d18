/** The mailer as the rest of the broker has it, in workerd. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mailConfiguration } from "../../../adapters/mail/mail-configuration.ts";
import { createMailer } from "../../../adapters/mail/mailer.ts";
import { MESSAGE, NOW } from "./any-message.ts";
import { startWorkerd } from "./mail-runtimes.ts";
import type { MailRuntime } from "./mail-runtimes.ts";
import { connectInNode } from "./node-sockets.ts";

const SETTINGS = { MAIL_PROVIDER: "", MAIL_FROM: "Cal <bookings@cal.example>", ALLOW_LOOPBACK: "false" };

describe("the mailer", () => {
  let runtime: MailRuntime;

  beforeAll(async () => {
    runtime = await startWorkerd();
  });
  afterAll(() => runtime.stop());

  it("is none where no mail is wanted", async () => {
    expect(await runtime.send({ settings: SETTINGS, message: MESSAGE, now: NOW })).toEqual({
      error: "no mail",
    });
  });

  it("says what is missing where it is half configured", async () => {
    const settings = { ...SETTINGS, MAIL_PROVIDER: "resend" };
    expect(await runtime.send({ settings, message: MESSAGE, now: NOW })).toEqual({
      error: 'Error: MAIL_PROVIDER is "resend", but the secret RESEND_API_KEY is not set.',
    });
  });

  it("refuses what may not leave before it opens a line", async () => {
    const settings = { ...SETTINGS, MAIL_PROVIDER: "smtp", SMTP_URL: "smtps://u:p@nowhere.invalid" };
    const message = { ...MESSAGE, to: "bob@x.example>\r\nDATA" };
    expect(await runtime.send({ settings, message, now: NOW })).toEqual({
      kind: "failed",
      problem: "address-refused",
    });
  });

  it("finds no server of a name that does not exist", async () => {
    const settings = { ...SETTINGS, MAIL_PROVIDER: "smtp", SMTP_URL: "smtps://u:p@nowhere.invalid" };
    expect(await runtime.send({ settings, message: MESSAGE, now: NOW })).toEqual({
      kind: "failed",
      problem: "unreachable",
    });
  });

  it("says whom its mail is from", () => {
    const EMAIL = { send: async () => ({ messageId: "" }) };
    const configuration = mailConfiguration({ ...SETTINGS, MAIL_PROVIDER: "cloudflare", EMAIL });
    const platform = { connect: connectInNode, makeRawMessage: (from: string, to: string) => ({ from, to }) };
    expect(configuration && createMailer(configuration, platform).from).toEqual({
      name: "Cal",
      address: "bookings@cal.example",
    });
  });
});
