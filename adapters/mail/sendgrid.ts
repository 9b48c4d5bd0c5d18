/** Sending by SendGrid's HTTP API (v3). It has no keys against sending twice: after a failure that passes, a second try may be a second mail. */

import * as z from "zod/mini";
import { DAY } from "../../scheduling/time-zone.ts";
import type { MailAddress, MailAnswer, MailInvite } from "./mail.ts";
import { mailHeaders } from "./mail-headers.ts";
import { messageId } from "./mime.ts";
import { base64 } from "./mime-encoding.ts";
import type { ReadyMessage } from "./ready-message.ts";
import { callVendor, failureOf } from "./vendor-call.ts";
import type { VendorAnswer } from "./vendor-call.ts";

export interface SendGridAccount {
  /** Of the API, without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  readonly timeoutMs?: number;
}

/** "202 Accepted". A 200 is the sandbox's, which sends nothing. */
const ACCEPTED = 202;

const Refused = z.object({ errors: z.array(z.object({ field: z.optional(z.nullable(z.string())) })) });

/** Tries once. `now` in epoch ms. */
export async function sendBySendGrid(
  account: SendGridAccount,
  message: ReadyMessage,
  now: number,
): Promise<MailAnswer> {
  const { from, to, replyTo, subject, text, html, invite, key } = message;
  const answer = await callVendor({
    ...account,
    url: `${account.url}/v3/mail/send`,
    body: {
      personalizations: [{ to: [{ email: to }] }],
      from: mailbox(from),
      ...(replyTo !== undefined && { reply_to: mailbox(replyTo) }),
      subject,
      content: [
        { type: "text/plain", value: text },
        { type: "text/html", value: html },
        // Not documented, but what SendGrid's staff advise: the third alternative is the invitation.
        ...(invite === undefined
          ? []
          : [{ type: `text/calendar; method=${invite.method}`, value: invite.ics }]),
      ],
      ...(invite !== undefined && { attachments: [attachment(invite)] }),
      headers: { ...mailHeaders(message), "Message-ID": await messageId(message) },
      custom_args: { key },
      // Links lead to people's bookings, and are for them alone.
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
        subscription_tracking: { enable: false },
      },
    },
  });
  return answer.kind === "failed" ? answer : meaningOf(answer, now);
}

function attachment({ ics }: MailInvite): object {
  // A type with parameters is refused here (400).
  return {
    content: base64(ics),
    type: "application/ics",
    filename: "invite.ics",
    disposition: "attachment",
  };
}

function meaningOf(answer: VendorAnswer, now: number): MailAnswer {
  const { status, headers } = answer;
  if (status === ACCEPTED) {
    const providerId = headers.get("x-message-id");
    return { kind: "sent", ...(providerId !== null && { providerId: providerId.slice(0, 200) }) };
  }
  const failure = failureOf(answer, now);
  switch (failure.problem) {
    case "rate-limited":
      return { ...untilReset(headers, now), ...failure };
    case "message-refused":
      return { ...failure, problem: refusedBecauseOf(answer.body) };
    case "unreachable":
    case "timeout":
    case "server-error":
    case "address-refused":
    case "misconfigured":
      return failure;
  }
}

/** By the field it names: its sentences change. */
function refusedBecauseOf(body: unknown): "address-refused" | "misconfigured" | "message-refused" {
  const fields = Refused.safeParse(body).data?.errors.map(({ field }) => field ?? "") ?? [];
  if (fields.some((field) => /^personalizations\.\d+\.to\b/.test(field))) {
    return "address-refused";
  }
  return fields.some((field) => /^from\b/.test(field)) ? "misconfigured" : "message-refused";
}

/** `X-RateLimit-Reset`: when it may be asked again, in seconds since the epoch. */
function untilReset(headers: Headers, now: number): { readonly retryAfterMs?: number } {
  const reset = headers.get("x-ratelimit-reset") ?? "";
  return /^\d{1,12}$/.test(reset)
    ? { retryAfterMs: Math.min(Math.max(Number(reset) * 1_000 - now, 0), DAY) }
    : {};
}

function mailbox({ name, address }: MailAddress): { readonly email: string; readonly name?: string } {
  return { email: address, ...(name !== "" && { name }) };
}
