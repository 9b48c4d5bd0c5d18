/**
 * Sending by Cloudflare Email Service, through a `send_email` binding: as fields, which it recommends, and an invitation as MIME, since
 * its fields cannot give one as an alternative. No keys against sending twice, as with SMTP.
 */

import { failed } from "./mail.ts";
import type { MailAddress, MailAnswer, MailProblem } from "./mail.ts";
import { mailHeaders } from "./mail-headers.ts";
import { mimeMessage } from "./mime.ts";
import type { ReadyMessage } from "./ready-message.ts";

const TIMEOUT_MS = 20_000;
const HOUR = 3_600_000;

/** A `send_email` binding, as far as it is used here. */
export type EmailBinding = Pick<SendEmail, "send">;

/** Makes what the binding takes as MIME; in workerd the `EmailMessage` of `cloudflare:email`. */
export type MakeRawMessage = (from: string, to: string, mime: string) => EmailMessage;

export interface CloudflareMail {
  readonly binding: EmailBinding;
  readonly makeRawMessage: MakeRawMessage;
  readonly timeoutMs?: number;
}

/** What a `code` means. Every other is a fault of theirs, after which nobody knows whether the message was taken. */
const PROBLEMS: Readonly<Record<string, MailProblem>> = {
  E_RATE_LIMIT_EXCEEDED: "rate-limited",
  E_DAILY_LIMIT_EXCEEDED: "rate-limited",
  // It bounced or complained before.
  E_RECIPIENT_SUPPRESSED: "address-refused",
  // By the binding's own list, or because the account may write to its own addresses only.
  E_RECIPIENT_NOT_ALLOWED: "misconfigured",
  E_SENDER_NOT_VERIFIED: "misconfigured",
  E_SENDER_DOMAIN_NOT_AVAILABLE: "misconfigured",
  E_VALIDATION_ERROR: "message-refused",
  E_FIELD_MISSING: "message-refused",
  E_TOO_MANY_RECIPIENTS: "message-refused",
  E_TOO_MANY_ATTACHMENTS: "message-refused",
  E_CONTENT_TOO_LARGE: "message-refused",
};

/** Tries once. `now` in epoch ms, for the Date of MIME. */
export async function sendByCloudflare(
  { binding, makeRawMessage, timeoutMs = TIMEOUT_MS }: CloudflareMail,
  message: ReadyMessage,
  now: number,
): Promise<MailAnswer> {
  const mime = message.invite === undefined ? undefined : await mimeMessage(message, now);
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
  try {
    const sending =
      mime === undefined
        ? binding.send(fieldsOf(message))
        : binding.send(makeRawMessage(message.from.address, message.to, mime));
    const result = await Promise.race([sending, late.promise]);
    return result === undefined
      ? failed("timeout")
      : { kind: "sent", ...(result.messageId && { providerId: result.messageId.slice(0, 200) }) };
  } catch (error) {
    // The message of an error may repeat addresses; its code does not.
    return failureOf(error instanceof Error && "code" in error ? error.code : undefined);
  } finally {
    clearTimeout(timer);
  }
}

function fieldsOf(message: ReadyMessage): EmailMessageBuilder {
  const { from, to, replyTo, subject, text, html } = message;
  return {
    from: mailbox(from),
    to,
    ...(replyTo !== undefined && { replyTo: mailbox(replyTo) }),
    subject,
    text,
    html,
    headers: { ...mailHeaders(message) },
  };
}

function mailbox({ name, address }: MailAddress): string | EmailAddress {
  return name === "" ? address : { name, email: address };
}

function failureOf(code: unknown): MailAnswer {
  if (typeof code !== "string") {
    return failed("server-error");
  }
  if (code.startsWith("E_HEADER")) {
    return failed("message-refused");
  }
  const problem = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
  return failed(problem ?? "server-error", code === "E_DAILY_LIMIT_EXCEEDED" ? HOUR : undefined);
}
