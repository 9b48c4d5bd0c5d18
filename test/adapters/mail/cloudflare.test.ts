/** Cloudflare's binding: what it is given, what its codes mean, and the simulation of it in workerd. */

import { describe, expect, it } from "vitest";

import { sendByCloudflare } from "../../../adapters/mail/cloudflare.ts";
import type { EmailBinding } from "../../../adapters/mail/cloudflare.ts";
import type { MailAnswer, MailMessage } from "../../../adapters/mail/mail.ts";
import { mimeMessage } from "../../../adapters/mail/mime.ts";
import { INVITATION, MESSAGE, NOW, ready } from "./any-message.ts";
import { startWorkerd } from "./mail-runtimes.ts";

const CODES: readonly (readonly [string, string, number?])[] = [
  ["E_RATE_LIMIT_EXCEEDED", "rate-limited"],
  ["E_DAILY_LIMIT_EXCEEDED", "rate-limited", 3_600_000],
  ["E_RECIPIENT_SUPPRESSED", "address-refused"],
  ["E_RECIPIENT_NOT_ALLOWED", "misconfigured"],
  ["E_SENDER_NOT_VERIFIED", "misconfigured"],
  ["E_SENDER_DOMAIN_NOT_AVAILABLE", "misconfigured"],
  ["E_VALIDATION_ERROR", "message-refused"],
  ["E_FIELD_MISSING", "message-refused"],
  ["E_TOO_MANY_RECIPIENTS", "message-refused"],
  ["E_TOO_MANY_ATTACHMENTS", "message-refused"],
  ["E_CONTENT_TOO_LARGE", "message-refused"],
  ["E_HEADER_NOT_ALLOWED", "message-refused"],
  ["E_HEADERS_TOO_LARGE", "message-refused"],
  ["E_DELIVERY_FAILED", "server-error"],
  ["E_INTERNAL_SERVER_ERROR", "server-error"],
  ["E_OF_TOMORROW", "server-error"],
  ["constructor", "server-error"],
];

describe("Cloudflare's binding", () => {
  it.each(CODES)("says %s", async (code, problem, retryAfterMs) => {
    const { answer } = await sendWith(() => {
      throw Object.assign(new Error("about bob@booker.example"), { code });
    });
    expect(answer).toEqual({ kind: "failed", problem, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  });

  it("throws without a code, or something that is no error", async () => {
    for (const thrown of [new Error("internal"), "internal", undefined, { code: 7 }]) {
      const { answer } = await sendWith(() => {
        // oxlint-disable-next-line typescript/only-throw-error -- that is what is tested
        throw thrown;
      });
      expect(answer).toEqual({ kind: "failed", problem: "server-error" });
    }
  });

  it("never answers", async () => {
    const { answer } = await sendWith(() => new Promise(() => undefined));
    expect(answer).toEqual({ kind: "failed", problem: "timeout" });
  });

  it("is given the fields of a message", async () => {
    const { answer, given } = await sendWith(async () => ({ messageId: "m-1" }), MESSAGE);
    expect(answer).toEqual({ kind: "sent", providerId: "m-1" });
    expect(given).toEqual([
      {
        from: { name: "atproto Cal", email: "bookings@cal.example" },
        to: "bob@booker.example",
        replyTo: { name: "Zoë", email: "zoe@host.example" },
        subject: MESSAGE.subject,
        text: MESSAGE.text,
        html: MESSAGE.html,
        headers: {
          "Auto-Submitted": "auto-generated",
          "List-Unsubscribe": "<https://cal.example/unsubscribe/t-1>",
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
      },
    ]);
  });

  it("is given an invitation as MIME, which alone can say that it is one", async () => {
    const { given } = await sendWith(async () => ({ messageId: "m-1" }), INVITATION);
    expect(given).toEqual([
      {
        from: "bookings@cal.example",
        to: "bob@booker.example",
        mime: await mimeMessage(ready(INVITATION), NOW),
      },
    ]);
  });
});

describe("in workerd, the binding", () => {
  it.each([
    ["takes a message", MESSAGE],
    ["takes an invitation", INVITATION],
  ])("%s", async (_, message) => {
    const runtime = await startWorkerd();
    try {
      const settings = {
        MAIL_PROVIDER: "cloudflare",
        MAIL_FROM: "bookings@cal.example",
        ALLOW_LOOPBACK: "false",
      };
      const answer = await runtime.send({ settings, message, now: NOW });
      expect(answer).toEqual({ kind: "sent", providerId: expect.stringContaining("@cal.example") });
    } finally {
      await runtime.stop();
    }
  });
});

async function sendWith(
  send: () => Promise<EmailSendResult>,
  message: MailMessage = MESSAGE,
): Promise<{ readonly answer: MailAnswer; readonly given: readonly unknown[] }> {
  const given: unknown[] = [];
  const binding: EmailBinding = {
    send: async (said: unknown) => {
      given.push(said);
      return await send();
    },
  };
  const makeRawMessage = (
    from: string,
    to: string,
    mime: string,
  ): EmailMessage & { readonly mime: string } => ({
    from,
    to,
    mime,
  });
  const answer = await sendByCloudflare({ binding, makeRawMessage, timeoutMs: 50 }, ready(message), NOW);
  return { answer, given };
}
