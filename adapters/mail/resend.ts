/**
 * Sending by Resend's HTTP API. An invitation goes as an attachment that says its method, which Gmail and Outlook both show as one; there is no way
 * to give it as an alternative (that takes Resend's SMTP).
 */

import * as z from "zod/mini";
import { failed } from "./mail.ts";
import type { MailAddress, MailAnswer } from "./mail.ts";
import { mailHeaders } from "./mail-headers.ts";
import { base64 } from "./mime-encoding.ts";
import type { ReadyMessage } from "./ready-message.ts";
import { callVendor, failureOf } from "./vendor-call.ts";
import type { VendorAnswer } from "./vendor-call.ts";

export interface ResendAccount {
  /** Of the API, without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  readonly timeoutMs?: number;
}

const HOUR = 3_600_000;

const Sent = z.object({ id: z.string().check(z.maxLength(200)) });
const Refused = z.object({ name: z.string(), message: z.optional(z.string()) });

/** Of these the plan has run out; without a Retry-After, asking each minute would do nobody good. */
const QUOTAS: ReadonlySet<string> = new Set(["daily_quota_exceeded", "monthly_quota_exceeded"]);

/** Of a 422: the sender is not one of this account. */
const NOT_OURS: ReadonlySet<string> = new Set(["invalid_from_address", "invalid_access"]);

/** How Resend says that it is the recipient that is wrong; the name of the error is the same for everything else. */
const ABOUT_RECIPIENT = /invalid `?to`? field/i;

/** Tries once. `now` in epoch ms. Resend keeps a key for a day, so a second try within it is no second mail. */
export async function sendByResend(
  account: ResendAccount,
  message: ReadyMessage,
  now: number,
): Promise<MailAnswer> {
  const { invite, replyTo } = message;
  const answer = await callVendor({
    ...account,
    url: `${account.url}/emails`,
    headers: { "idempotency-key": message.key },
    body: {
      from: mailbox(message.from),
      to: [message.to],
      ...(replyTo !== undefined && { reply_to: mailbox(replyTo) }),
      subject: message.subject,
      text: message.text,
      html: message.html,
      headers: mailHeaders(message),
      ...(invite !== undefined && {
        attachments: [
          {
            filename: "invite.ics",
            content: base64(invite.ics),
            content_type: `text/calendar; charset=UTF-8; method=${invite.method}`,
          },
        ],
      }),
    },
  });
  return answer.kind === "failed" ? answer : meaningOf(answer, now);
}

function meaningOf(answer: VendorAnswer, now: number): MailAnswer {
  if (answer.status === 200) {
    const sent = Sent.safeParse(answer.body);
    // Half an answer: asking again with the same key costs nothing, and whoever answers without an id may not be Resend.
    return sent.success ? { kind: "sent", providerId: sent.data.id } : failed("server-error");
  }
  const refused = Refused.safeParse(answer.body);
  const { name, message = "" } = refused.success ? refused.data : { name: "" };
  const failure = failureOf(answer, now);
  if (name === "invalid_idempotent_request") {
    // The key was used already, so a mail went out under it; only its text was another one.
    return { kind: "sent" };
  }
  if (answer.status === 409) {
    return { ...failure, problem: "server-error" };
  }
  if (QUOTAS.has(name)) {
    return { retryAfterMs: HOUR, ...failure, problem: "rate-limited" };
  }
  if (NOT_OURS.has(name)) {
    return { ...failure, problem: "misconfigured" };
  }
  return failure.problem === "message-refused" && ABOUT_RECIPIENT.test(message)
    ? { ...failure, problem: "address-refused" }
    : failure;
}

/** JSON keeps it one value, but Resend reads it as a mailbox (RFC 5322 3.4): a name is quoted. */
function mailbox({ name, address }: MailAddress): string {
  return name === "" ? address : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}" <${address}>`;
}
